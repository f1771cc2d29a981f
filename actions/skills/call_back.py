"""A call by telephone: the number, and when people call."""

from __future__ import annotations

import re

from actions.bootstrap import Desk
from actions.domain.errors import InputRefused
from actions.skills.base import FACTS, Answer, Goal, Turn, say

SHOWN = 4
"""Digits of a number that are repeated to the customer."""
LONGEST_WISH = 120
"""Characters of the customer's words about when to call that the ticket keeps."""
_TIME = re.compile(
    r"[点时午晚早]|明天|后天|今天|周[一二三四五六日末]|星期|礼拜|随时|以后|之后|之前"
    r"|\b(?:am|pm|after|before|between|morning|noon|afternoon|evening|tonight|today|tomorrow"
    r"|\w+day|any ?time|o'clock)\b|\d(?:am|pm|:\d\d)",
    re.IGNORECASE,
)


class CallBack(Goal):
    """Somebody is to call the customer; who that is need not be proved for it."""

    name = "call_back"
    matter = "call_back"
    begun_by = frozenset[str]()

    async def needs(self, turn: Turn) -> list[str]:
        """The number."""
        return ["phone"]

    async def fulfil(self, turn: Turn) -> Answer:
        """Register the call."""
        return await book(turn, self.desk, turn.slot("phone"))


def wants_it(turn: Turn) -> bool:
    """Whether this very message asks for a call."""
    return CallBack.matter in turn.entities("matter")


async def ask_or_book(turn: Turn, desk: Desk) -> Answer:
    """Register the call, or ask for the number if none has been given."""
    phone = turn.entity("phone") or turn.slot("phone")
    if phone is None:
        return say("utter_ask_phone", goal=CallBack.name, awaiting=FACTS)
    return await book(turn, desk, phone)


async def book(turn: Turn, desk: Desk, phone: str) -> Answer:
    """Put the call before a person; asked for again, the open ticket has the newer number."""
    try:
        ticket = await desk.tickets.call_back(
            turn.brand.id,
            phone,
            preferred_time=_when(turn.text),
            language=turn.language,
            conversation=turn.conversation,
        )
    except InputRefused:
        return say("utter_phone_refused", phone=None, goal=CallBack.name, awaiting=FACTS)
    facts = {"hint": phone[-SHOWN:], "ticket": ticket.id, "hours": turn.hours()}
    return say("utter_call_back_noted", facts, phone=None)


def _when(said: str) -> str | None:
    return said.strip()[:LONGEST_WISH] if _TIME.search(said) else None
