"""How an order was paid, asked for as proof: method, last digits or payer, day and amount.

Any of them may be given at once. They are checked together and then forgotten, whatever came of
it. When proof is asked for, and what fits, is left to the verification service.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import EventType, SlotSet

from actions.domain.order import Method
from actions.domain.payment_claim import PaymentCheck, PaymentClaim
from actions.domain.payment_words import read_amount, read_day
from actions.skills.base import Answer, Skill, Turn, say
from actions.skills.identity import IdentityFacts

PAYMENT = ("payment_method", "payment_hint", "payment_date", "payment_amount")
"""What a payment is proved with, in the order in which it is asked for."""

ANY_CURRENCY = "CNY"
"""For the amount of an order that isn't the customer's: no amount of it is right anyway."""


class AskPaymentMethod(Skill):
    """Ask for the payment, or for all of it again: what was wrong is not said."""

    action = "action_ask_payment_method"

    async def answer(self, turn: Turn) -> Answer:
        if turn.slot("payment_check") == PaymentCheck.WRONG:
            return say("utter_payment_wrong", payment_check=None)
        if turn.slot("goal") == "change_contact":
            facts = {"order_number": turn.slot("order_number")}
            return say("utter_contact_ask_payment_method", facts)
        return say("utter_ask_payment_method")


class PaymentFacts(IdentityFacts):
    """The payment, checked as soon as it is complete."""

    async def validate_payment_method(
        self, value: Any, dispatcher: Any, tracker: Tracker, domain: Any
    ) -> dict[str, Any]:
        """One of the methods that there are."""
        return {"payment_method": value if value in set(Method) else None}

    async def validate_payment_date(
        self, value: Any, dispatcher: Any, tracker: Tracker, domain: Any
    ) -> dict[str, Any]:
        """The day as a date; a day that could be two is asked for again."""
        turn = Turn(tracker, self.desk)
        today = self.desk.clock().astimezone(turn.brand.time_zone).date()
        day = read_day(str(value), today, turn.language) if value else None
        return {"payment_date": day.isoformat() if day else None}

    async def get_validation_events(
        self, dispatcher: Any, tracker: Tracker, domain: Any
    ) -> list[EventType]:
        """Check the claim as soon as it is complete, and forget it."""
        events = await super().get_validation_events(dispatcher, tracker, domain)
        new = {event["name"]: event["value"] for event in events}
        said = {name: new.get(name, tracker.get_slot(name)) for name in PAYMENT}
        if None in said.values():
            return events
        after = dict.fromkeys(PAYMENT) | await self._checked(Turn(tracker, self.desk), said)
        return [*events, *(SlotSet(name, value) for name, value in after.items())]

    async def _checked(self, turn: Turn, said: Mapping[str, str]) -> dict[str, Any]:
        """The slots that an unreadable, wrong or right claim leaves behind."""
        customer = await self.desk.verification.customer(turn.conversation)
        if customer is None:
            return {}
        number = turn.slot("order_number")
        order = await self.desk.own_orders.find(customer, number)
        claim = read_claim(said, order.amount.currency if order else ANY_CURRENCY)
        if claim is None:
            return {**said, "payment_amount": None}
        check = await self.desk.verification.prove_payment(customer, number, claim)
        if check is PaymentCheck.LOCKED:
            return {"stuck": "payment_locked", "payment_check": None}
        return {"payment_check": check.value if check is PaymentCheck.WRONG else None}


def read_claim(said: Mapping[str, str], currency: str) -> PaymentClaim | None:
    """The slots as a claim; None if the amount can't be read."""
    amount = read_amount(said["payment_amount"], currency)
    if amount is None:
        return None
    return PaymentClaim(
        Method(said["payment_method"]),
        said["payment_hint"],
        date.fromisoformat(said["payment_date"]),
        amount,
    )
