"""The facts that a refund or a look-up needs: asking for them, checking them, explaining them.

How a customer proves who they are is in ``identity`` and ``payment_proof``.
"""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker

from actions.domain.order import Kind
from actions.domain.refund_case import normalise_number
from actions.skills.base import Answer, Form, Skill, Turn, say
from actions.skills.identity import IDENTITY
from actions.skills.payment_proof import PAYMENT, PaymentForm


class AskOrderNumber(Skill):
    """Ask for the order number, or a wallet's transaction id, with an example of the brand's."""

    action = "action_ask_order_number"

    async def answer(self, turn: Turn) -> Answer:
        # A wallet's order number is its transaction id (design §3).
        asks_for = (
            "transaction_id" if Kind.ONCHAIN_TRANSFER in turn.brand.terms.kinds else "order_number"
        )
        return say(f"utter_ask_{asks_for}", {"example": turn.brand.order_number_example})


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


class ValidateRefundForm(PaymentForm):
    """Which facts a refund still needs, and whether they prove what they have to."""

    action = "validate_refund_form"

    async def needs(self, turn: Turn) -> list[str]:
        """A customer who is signed in or verified already is not asked who they are."""
        if turn.slot("stuck"):
            return []
        needed = await self._proofs(turn)
        return [*needed, "reason"] if turn.brand.terms.reasons.required else needed

    async def _proofs(self, turn: Turn) -> list[str]:
        customer = await self.desk.verification.customer(turn.conversation)
        if customer is None:
            return [*IDENTITY]
        number = turn.slot("order_number")
        if number and await self.desk.verification.asks_for_payment(customer, number):
            return ["order_number", *PAYMENT]
        return ["order_number"]


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
