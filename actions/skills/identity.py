"""Who is speaking: the order, the account's e-mail address and the code that is mailed there.

Every form that takes proof begins with these. Leaves whether a code is right, and how often it
may be wrong, to the verification service.
"""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker

from actions.services.verification import CodeCheck
from actions.skills.base import Answer, Facts, Skill, Turn, say

VERIFIED = "verified"
"""What stands in a slot for a code once the code was right; the code itself is not kept."""

IDENTITY = ("order_number", "email", "code")
"""What proves a customer who isn't signed in, in the order in which it is asked for."""


class AskCode(Skill):
    """Mail a one-time code, and ask for it; say so when the last one was wrong."""

    action = "action_ask_code"

    async def answer(self, turn: Turn) -> Answer:
        check, email = turn.slot("code_check"), turn.slot("email")
        if check == CodeCheck.WRONG:
            return say("utter_code_wrong", code_check=None)
        pair = (turn.brand.id, email, turn.slot("order_number"))
        if await self.desk.verification.codes_rest(turn.conversation, *pair):
            return offer_person_because("code_locked")
        await self.desk.verification.send_code(
            turn.conversation,
            *pair,
            again=turn.intent == "repeat" or check == CodeCheck.EXPIRED,
        )
        response = "utter_code_expired" if check == CodeCheck.EXPIRED else "utter_ask_code"
        return say(response, {"email": email}, code_check=None)


class MailboxLost(Skill):
    """No code can reach the customer any more: a person has to find out who it is."""

    action = "action_mailbox_lost"

    async def answer(self, turn: Turn) -> Answer:
        return offer_person_because("mailbox_lost")


OFFERS = {
    "code_locked": "utter_code_locked",
    "contact_locked": "utter_contact_locked",
    "mailbox_lost": "utter_mailbox_lost",
    "no_progress": "utter_not_understood_again",
    "payment_locked": "utter_payment_locked",
}
"""Why the form can't succeed, and how the customer is told; the reason goes on the ticket."""


def offer_person_because(reason: str) -> Answer:
    """The last rung: proof can't be given here, so offer a person, whose ticket will say why."""
    return say(OFFERS[reason], awaiting="person", person_reason=reason, stuck=None)


class IdentityFacts(Facts):
    """Who it is. ``stuck`` says why that can't succeed."""

    async def validate_order_number(
        self, value: Any, dispatcher: Any, tracker: Tracker, domain: Any
    ) -> dict[str, Any]:
        """A corrected order number needs a code of its own."""
        return {"order_number": value, **_code_again(tracker)}

    async def validate_email(
        self, value: Any, dispatcher: Any, tracker: Tracker, domain: Any
    ) -> dict[str, Any]:
        """A corrected address needs a code of its own."""
        return {"email": value, **_code_again(tracker)}

    async def validate_code(
        self, value: Any, dispatcher: Any, tracker: Tracker, domain: Any
    ) -> dict[str, Any]:
        """Check the code; whatever came of it is said by ``action_ask_code``."""
        if value is None or value == VERIFIED:
            return {"code": value}
        check = await self.desk.verification.check_code(tracker.sender_id, str(value))
        if check is CodeCheck.VERIFIED:
            return {"code": VERIFIED, "code_check": None, "person_reason": None}
        if check is CodeCheck.LOCKED:
            return {"code": None, "code_check": None, "stuck": "code_locked"}
        return {"code": None, "code_check": check.value}


def _code_again(tracker: Tracker) -> dict[str, Any]:
    return {} if tracker.get_slot("requested_slot") == "code" else {"code": None}
