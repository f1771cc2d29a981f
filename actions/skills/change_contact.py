"""Another e-mail address for the account: proof that is beyond doubt, then a code to the new one.

Leaves the notice to the old address, and whether the new one may be used, to the service.
"""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker

from actions.domain.assurance import Level
from actions.domain.errors import InputRefused, TriedTooOften
from actions.services.verification import CodeCheck
from actions.skills.base import Answer, Facts, Goal, Skill, Turn, say
from actions.skills.identity import IDENTITY, VERIFIED, offer_person_because
from actions.skills.payment_proof import PAYMENT

REFUSED = "refused"
"""In ``contact_check``: the new address can't be used; why is not said."""

CHANGE = ("new_email", "contact_code")
"""What a change takes once the proof is there."""


class ContactFacts(Facts):
    """The new address, and the code that was mailed there."""

    async def validate_new_email(
        self, value: Any, dispatcher: Any, tracker: Tracker, domain: Any
    ) -> dict[str, Any]:
        """Mail a code to the new address; one that can't be used is asked for again."""
        customer = await self.desk.verification.customer(tracker.sender_id)
        if value is None or customer is None:
            return {"new_email": None, "contact_code": None}
        try:
            await self.desk.contact_changes.request(customer, str(value))
        except InputRefused:
            return {"new_email": None, "contact_code": None, "contact_check": REFUSED}
        except TriedTooOften:
            return {"new_email": None, "contact_code": None, "stuck": "contact_locked"}
        return {"new_email": value, "contact_code": None, "contact_check": None}

    async def validate_contact_code(
        self, value: Any, dispatcher: Any, tracker: Tracker, domain: Any
    ) -> dict[str, Any]:
        """Check the code; whatever came of it is said by ``action_ask_contact_code``."""
        customer = await self.desk.verification.customer(tracker.sender_id)
        if value is None or value == VERIFIED or customer is None:
            return {"contact_code": value}
        check = await self.desk.contact_changes.confirm(customer, str(value))
        if check is CodeCheck.VERIFIED:
            return {"contact_code": VERIFIED, "contact_check": None}
        if check is CodeCheck.LOCKED:
            return {"contact_code": None, "contact_check": None, "stuck": "contact_locked"}
        return {"contact_code": None, "contact_check": check.value}


class AskNewEmail(Skill):
    """Ask for the new address; say so when the last one can't be used."""

    action = "action_ask_new_email"

    async def answer(self, turn: Turn) -> Answer:
        if turn.slot("contact_check") == REFUSED:
            return say("utter_new_email_refused", contact_check=None)
        return say("utter_ask_new_email")


class AskContactCode(Skill):
    """Ask for the code that went to the new address; say so when the last one was wrong."""

    action = "action_ask_contact_code"

    async def answer(self, turn: Turn) -> Answer:
        check, email = turn.slot("contact_check"), turn.slot("new_email")
        if check == CodeCheck.WRONG:
            return say("utter_contact_code_wrong", contact_check=None)
        if turn.intent == "repeat" or check == CodeCheck.EXPIRED:
            customer = await self.desk.verification.customer(turn.conversation)
            if customer is None:
                return say("utter_contact_expired")
            try:
                await self.desk.contact_changes.request(customer, email)
            except TriedTooOften:
                return offer_person_because("contact_locked")
        return say("utter_ask_contact_code", {"email": email}, contact_check=None)


class ChangeContact(Goal):
    """Another address for the account."""

    name = "change_contact"
    begun_by = frozenset({"change_contact"})

    async def needs(self, turn: Turn) -> list[str]:
        """Who it is, the payment of any order of theirs, and only then the new address."""
        customer = await self.desk.verification.customer(turn.conversation)
        if customer is None:
            return [*IDENTITY]
        if customer.level < Level.HIGHEST:
            return ["order_number", *PAYMENT]
        return [*CHANGE]

    async def fulfil(self, turn: Turn) -> Answer:
        """The code was right and the address is changed, unless the proof has expired."""
        email = turn.slot("new_email")
        gone = dict.fromkeys((*CHANGE, "contact_check"))
        if turn.slot("contact_code") != VERIFIED:
            return say("utter_contact_expired", code=None, **gone)
        return say("utter_contact_changed", {"email": email}, email=email, **gone)
