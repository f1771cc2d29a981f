"""Why it was decided so: the clauses that a decision rests on, and what could change it."""

from __future__ import annotations

from actions.bootstrap import Desk
from actions.domain.refund_case import RefundCase
from actions.notices import wording
from actions.policy.grounds import Remedy
from actions.policy.phrases import REMEDIES
from actions.skills.base import Reply, Turn

WHY = "decision"
"""The matter of a message that asks for the grounds (``bot/engine/nlu/matters.py``)."""
WITHOUT_BUTTONS = "utter_decision_why"
OPENING = 30
"""So many characters of an explanation tell whether it has been said."""


def asks_why(turn: Turn) -> bool:
    """Whether this very message asks for the grounds of a decision."""
    return WHY in turn.entities("matter")


async def grounds(turn: Turn, desk: Desk, *, last: bool = True) -> Reply | None:
    """The verified customer's latest decision, clause by clause; None where there is none.

    ``last`` is whether nothing follows, so that buttons belong here.
    """
    case = await _decided(turn, desk)
    if case is None:
        return None
    ending = "utter_decision_explained" if last and case.can_be_appealed else WITHOUT_BUTTONS
    return Reply(ending, _facts(case, turn))


async def grounds_unless_said(turn: Turn, desk: Desk) -> tuple[Reply, ...]:
    """The grounds, where something else follows: if asked for now, or not said in this session."""
    case = await _decided(turn, desk)
    if case is None or case.decision is None:
        return ()
    said = any(turn.has_said(words[:OPENING]) for words in case.decision.explanation.values())
    return (Reply(WITHOUT_BUTTONS, _facts(case, turn)),) if asks_why(turn) or not said else ()


async def _decided(turn: Turn, desk: Desk) -> RefundCase | None:
    customer = await desk.verification.customer(turn.conversation)
    case = await desk.refunds.latest(customer) if customer else None
    return case if case is not None and case.decision is not None else None


def _facts(case: RefundCase, turn: Turn) -> dict[str, str]:
    assert case.decision is not None
    known = {remedy.value: REMEDIES[remedy][turn.language] for remedy in Remedy}
    remedies = [known[code] for code in case.decision.would_change if code in known]
    return {
        "number": case.number,
        "order_number": case.order_number,
        "state": wording.state_text(case.state, case.decision.outcome, turn.language),
        "explanation": case.decision.explanation[turn.language],
        "remedies": wording.remedies_text(remedies, turn.language),
    }
