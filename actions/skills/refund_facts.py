"""The facts that a refund or a look-up needs: asking for them, checking them, explaining them."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker

from actions.domain.order import Kind
from actions.domain.refund_case import normalise_number
from actions.services.verification import CodeCheck
from actions.skills.base import Answer, Form, Skill, Turn, say

VERIFIED = "verified"
"""What stands in the ``code`` slot once the code was right; the code itself is not kept."""


class AskOrderNumber(Skill):
    """Ask for the order number, or a wallet's transaction id, with an example of the brand's."""

    action = "action_ask_order_number"

    async def answer(self, turn: Turn) -> Answer:
        # A wallet's order number is its transaction id (design §3).
        asks_for = (
            "transaction_id" if Kind.ONCHAIN_TRANSFER in turn.brand.terms.kinds else "order_number"
        )
        return say(f"utter_ask_{asks_for}", {"example": turn.brand.order_number_example})


class AskCode(Skill):
    """Mail a one-time code, and ask for it; say so when the last one was wrong."""

    action = "action_ask_code"

    async def answer(self, turn: Turn) -> Answer:
        check, email = turn.slot("code_check"), turn.slot("email")
        if check == CodeCheck.LOCKED:
            return say("utter_code_locked", code_check=None)
        if check == CodeCheck.WRONG:
            return say("utter_code_wrong", code_check=None)
        await self.desk.verification.send_code(
            turn.conversation,
            turn.brand.id,
            email,
            turn.slot("order_number"),
            again=turn.intent == "repeat" or check == CodeCheck.EXPIRED,
        )
        response = "utter_code_expired" if check == CodeCheck.EXPIRED else "utter_ask_code"
        return say(response, {"email": email}, code_check=None)


class AskReason(Skill):
    """Let the customer choose a reason; free text would never be trusted to be one."""

    action = "action_ask_reason"

    async def answer(self, turn: Turn) -> Answer:
        return say("utter_ask_reason")


class ExplainNeed(Skill):
    """Say what the fact that was just asked for is good for."""

    action = "action_explain_need"

    async def answer(self, turn: Turn) -> Answer:
        asked = turn.requested_slot
        return say(f"utter_why_{asked}" if asked else "utter_help")


class ValidateRefundForm(Form):
    """Which facts a refund still needs, and whether the code is right."""

    action = "validate_refund_form"

    async def needs(self, turn: Turn) -> list[str]:
        """A customer who is verified already is not asked again."""
        verified = await self.desk.verification.customer(turn.conversation)
        needed = ["order_number"] if verified else ["order_number", "email", "code"]
        return [*needed, "reason"] if turn.brand.terms.reasons.required else needed

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
            return {"code": VERIFIED, "code_check": None}
        return {"code": None, "code_check": check.value}


def _code_again(tracker: Tracker) -> dict[str, Any]:
    return {} if tracker.get_slot("requested_slot") == "code" else {"code": None}


class ValidateStatusForm(Form):
    """Which facts a look-up still needs."""

    action = "validate_status_form"

    async def needs(self, turn: Turn) -> list[str]:
        """Nothing, once the customer is verified and has a refund."""
        customer = await self.desk.verification.customer(turn.conversation)
        if customer is not None and await self.desk.refunds.latest(customer) is not None:
            return []
        return ["tracking_number", "email"]

    async def validate_tracking_number(
        self, value: Any, dispatcher: Any, tracker: Tracker, domain: Any
    ) -> dict[str, Any]:
        """The number in its one spelling; one that can't be is asked for again."""
        return {"tracking_number": normalise_number(str(value)) if value else None}
