"""A plain yes or no: what it answers depends on what was asked last."""

from __future__ import annotations

import re

from actions.skills.base import Answer, Skill, Turn, say
from actions.skills.contact_human import call_a_person
from actions.skills.request_refund import (
    WITHDRAWAL,
    RequestRefund,
    ask_to_confirm,
    confirm_refund,
    withdraw_refund,
)

OFFERS_A_REFUND = frozenset({"utter_nothing_to_confirm", "utter_order_has_no_refund"})
"""The responses that ask whether to request a refund."""
_REFUND = re.compile(r"退|申[请請]|\b(?:refund|money back|apply)\b", re.IGNORECASE)
_ASSENT = re.compile(
    r"好|行|可以|嗯|[对對]|\b(?:ok|okay|yes|yep|yeah|sure|fine|great|perfect|good)\b", re.IGNORECASE
)
_GO_ON = re.compile(
    r"那就|[办辦]吧|[来來]吧|\b(?:do it|go ahead|go for it|proceed)\b", re.IGNORECASE
)
_RULES = "utter_policy_answer"
"""An answer on the rules ends with the button for a refund."""


class Yes(Skill):
    """Yes to the refund that was offered, to a person, to asking for a refund (那就退吧), or to
    nothing in particular.

    A pressed button names its refund; a typed yes counts only for the question just asked.
    """

    action = "action_yes"

    async def answer(self, turn: Turn) -> Answer:
        awaiting = turn.slot("awaiting")
        if turn.entity("case_number") or awaiting == "confirmation":
            return await confirm_refund(turn, self.desk)
        if awaiting == WITHDRAWAL:
            meant = turn.asked_last() == "utter_ask_withdraw"
            number = turn.slot("case_number") if meant else None
            return await withdraw_refund(turn, self.desk, number)
        if awaiting == "person":
            return await call_a_person(turn, self.desk)
        asked = turn.asked_last()
        goes_on = asked == _RULES and _GO_ON.search(turn.text)
        if asked in OFFERS_A_REFUND or goes_on or _REFUND.search(turn.text):
            return Answer(slots={"goal": RequestRefund.name}, then="facts_form")
        return say("utter_what_next")


class Thanks(Skill):
    """Thanks; where a refund is offered "ok, thanks" may be a yes, and is asked about."""

    action = "action_thanks"

    async def answer(self, turn: Turn) -> Answer:
        if turn.open_offer() and _ASSENT.search(turn.text):
            return await ask_to_confirm(turn, self.desk)
        return say("utter_welcome", awaiting=turn.open_question())


class No(Skill):
    """No: nothing moves, and a refund that was offered can still be confirmed."""

    action = "action_no"

    async def answer(self, turn: Turn) -> Answer:
        if turn.slot("awaiting") == "confirmation":
            return say("utter_refund_declined")
        if turn.slot("awaiting") == WITHDRAWAL:
            return say("utter_refund_kept", {"number": turn.slot("case_number")})
        return say("utter_nothing_done")


class Goodbye(Skill):
    """The customer leaves; whatever was being asked for is over."""

    action = "action_goodbye"

    async def answer(self, turn: Turn) -> Answer:
        return say("utter_goodbye")
