"""Where a refund stands."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker

from actions.domain.customer import Customer
from actions.domain.refund_case import CaseStatus, State, normalise_number
from actions.notices import wording
from actions.skills.base import FACTS, Answer, Facts, Goal, Reply, Turn, say
from actions.skills.explain_decision import asks_why, grounds
from actions.skills.identity import IDENTITY

LATE = {
    "zh": "顾客来查进度，承诺的到账日期已过，款项还没有付出。",
    "en": "The customer asked where it is: the promised day has passed, and it is not paid.",
}
"""What the ticket says of a refund that is late."""


class TrackingFacts(Facts):
    """The number of a refund."""

    async def validate_tracking_number(
        self, value: Any, dispatcher: Any, tracker: Tracker, domain: Any
    ) -> dict[str, Any]:
        """The number in its one spelling; one that can't be is asked for again."""
        return {"tracking_number": normalise_number(str(value)) if value else None}


class RefundStatus(Goal):
    """The refund of the order that a verified customer names, or their latest; or the one that
    number and e-mail name.

    Without verification only state and dates are said, never the amount (design §3).
    """

    name = "refund_status"
    begun_by = frozenset({"refund_status"})

    async def needs(self, turn: Turn) -> list[str]:
        """Nothing, once the customer is verified and has a refund or named an order; whoever names
        an order and no refund proves that it is theirs.
        """
        customer = await self.desk.verification.customer(turn.conversation)
        by_order = _asks_by_order(turn)
        if customer is None:
            return [*IDENTITY] if by_order else ["tracking_number", "email"]
        if by_order or await self.desk.refunds.latest(customer) is not None:
            return []
        return ["tracking_number", "email"]

    async def fulfil(self, turn: Turn) -> Answer:
        """State, dates and what was promised."""
        customer = await self.desk.verification.customer(turn.conversation)
        status = await self._status(turn, customer)
        if status is None:
            if customer is not None and _asks_by_order(turn):
                facts = {"order_number": turn.slot("order_number")}
                return say("utter_order_has_no_refund", facts)
            kept = {"goal": self.name, "awaiting": FACTS}  # a corrected fact asks the same again
            return say("utter_no_refund_found", tracking_number=None, **kept)
        language, zone = turn.language, turn.brand.time_zone
        facts = {
            "number": status.number,
            "state": wording.state_text(status.state, status.outcome, language),
            "opened_at": wording.time_text(status.opened_at, language, zone),
            "updated_at": wording.time_text(status.updated_at, language, zone),
        }
        if status.pay_out is None or status.state not in (State.CONFIRMED, State.PAYING):
            why = await grounds(turn, self.desk, last=False) if asks_why(turn) else None
            replies = (Reply("utter_refund_status", facts), *([why] if why else ()))
            return Answer(replies, {"tracking_number": None})
        facts["promise"] = wording.pay_out_text(status.pay_out, language)
        if self.desk.clock().astimezone(zone).date() <= status.pay_out.to_date:
            return say("utter_refund_status_under_way", facts, tracking_number=None)
        ticket = await self.desk.tickets.complain(
            turn.brand.id,
            LATE[language],
            language=language,
            conversation=turn.conversation,
            case_number=status.number,
        )
        return say("utter_refund_late", facts | {"ticket": ticket.id}, tracking_number=None)

    async def _status(self, turn: Turn, customer: Customer | None) -> CaseStatus | None:
        number, email = turn.slot("tracking_number"), turn.slot("email")
        if number and email:
            return await self.desk.refunds.status(turn.brand.id, number, email)
        if customer is None:
            return None
        order = turn.slot("order_number")
        mine = await self.desk.refunds.latest_for(customer, order) if order else None
        mine = mine or await self.desk.refunds.latest(customer)
        return mine.status if mine else None


def _asks_by_order(turn: Turn) -> bool:
    """Whether an order is named and no refund."""
    return bool(turn.slot("order_number")) and not turn.slot("tracking_number")
