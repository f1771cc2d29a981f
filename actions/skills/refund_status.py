"""Where a refund stands."""

from __future__ import annotations

from datetime import datetime

from actions.domain.decision import Outcome, PayOut
from actions.domain.refund_case import State
from actions.notices import wording
from actions.skills.base import Answer, Skill, Turn, say


class RefundStatus(Skill):
    """The latest refund of a verified customer, or the one that number and e-mail name.

    Without verification only state and dates are said, never the amount (design §3).
    """

    action = "action_refund_status"

    async def answer(self, turn: Turn) -> Answer:
        number, email = turn.slot("tracking_number"), turn.slot("email")
        customer = await self.desk.verification.customer(turn.conversation)
        mine = await self.desk.refunds.latest(customer) if customer else None
        if number and email:
            found = await self.desk.refunds.status(turn.brand.id, number, email)
            if found is None:
                return say("utter_no_refund_found", tracking_number=None)
            return _told(
                turn,
                found.number,
                found.state,
                found.outcome,
                found.pay_out,
                found.opened_at,
                found.updated_at,
            )
        if mine is None:
            return say("utter_no_refund_found", tracking_number=None)
        decision = mine.decision
        return _told(
            turn,
            mine.number,
            mine.state,
            decision.outcome if decision else None,
            decision.pay_out if decision else None,
            mine.opened_at,
            mine.updated_at,
        )


def _told(
    turn: Turn,
    number: str,
    state: State,
    outcome: Outcome | None,
    pay_out: PayOut | None,
    opened_at: datetime,
    updated_at: datetime,
) -> Answer:
    language, zone = turn.language, turn.brand.time_zone
    facts = {
        "number": number,
        "state": wording.state_text(state, outcome, language),
        "opened_at": wording.time_text(opened_at, language, zone),
        "updated_at": wording.time_text(updated_at, language, zone),
    }
    if pay_out is None or state not in (State.CONFIRMED, State.PAYING):
        return say("utter_refund_status", facts, tracking_number=None)
    facts["promise"] = wording.pay_out_text(pay_out, language)
    return say("utter_refund_status_under_way", facts, tracking_number=None)
