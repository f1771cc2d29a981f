"""A plain yes or no: what it answers depends on what was asked last."""

from __future__ import annotations

import re

from actions.skills.base import Answer, Skill, Turn, say
from actions.skills.contact_human import call_a_person
from actions.skills.request_refund import (
    WITHDRAWAL,
    RequestRefund,
    confirm_refund,
    withdraw_refund,
)

OFFERS_A_REFUND = frozenset({"utter_nothing_to_confirm", "utter_order_has_no_refund"})
"""The responses that ask whether to request a refund."""
_REFUND = re.compile(r"退|申[请請]|\b(?:refund|money back|apply)\b", re.IGNORECASE)


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
        if turn.asked_last() in OFFERS_A_REFUND or _REFUND.search(turn.text):
            return Answer(slots={"goal": RequestRefund.name}, then="facts_form")
        return say("utter_what_next")


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
