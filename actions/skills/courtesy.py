"""A plain yes or no: what it answers depends on what was asked last."""

from __future__ import annotations

from actions.skills.base import Answer, Skill, Turn, say
from actions.skills.contact_human import call_a_person
from actions.skills.request_refund import WITHDRAWAL, confirm_refund, withdraw_refund


class Yes(Skill):
    """Yes to the refund that was offered, to a person, or to nothing in particular.

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
