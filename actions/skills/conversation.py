"""Steering the conversation itself: a moment, say that again, start over."""

from __future__ import annotations

from actions.skills.appeal import APPEAL
from actions.skills.base import Answer, Reply, Skill, Turn, say
from actions.skills.change_contact import CHANGE
from actions.skills.payment_proof import PAYMENT

FORGOTTEN = (
    "order_number",
    "email",
    "code",
    "code_check",
    "reason",
    "tracking_number",
    "phone",
    "case_number",
    "payment_check",
    "contact_check",
    "stuck",
    "person_reason",
    *APPEAL,
    *CHANGE,
    *PAYMENT,
)
"""What a fresh start forgets; who the customer is stays proved until it expires."""


class StartOver(Skill):
    """Forget the facts given so far and begin again."""

    action = "action_start_over"

    async def answer(self, turn: Turn) -> Answer:
        return say("utter_started_over", None, **dict.fromkeys(FORGOTTEN))


class SmallTalk(Skill):
    """A word beside the matter; who only needs a moment keeps what they were asked."""

    action = "action_small_talk"

    async def answer(self, turn: Turn) -> Answer:
        if turn.is_pause:
            return say("utter_take_your_time", awaiting=turn.slot("awaiting"))
        return say("utter_small_talk", awaiting=turn.open_question())


class Repeat(Skill):
    """Say the last thing again, word for word."""

    action = "action_repeat"

    async def answer(self, turn: Turn) -> Answer:
        last = turn.said_last()
        if last is None:
            return say("utter_help")
        data = last.get("data") or {}
        again = {"text": last.get("text"), "buttons": data.get("buttons") or []}
        return Answer((Reply(None, again),), {"awaiting": turn.slot("awaiting")})
