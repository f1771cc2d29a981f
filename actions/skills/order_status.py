"""Where an order stands: what the records say of it, for its owner only."""

from __future__ import annotations

from actions.notices import wording
from actions.skills.base import Answer, Goal, Turn, say
from actions.skills.identity import IDENTITY


class OrderStatus(Goal):
    """What was bought and when, and whether the money has arrived."""

    name = "order_status"
    begun_by = frozenset[str]()
    begun_alone_by = frozenset({"order_status"})

    async def needs(self, turn: Turn) -> list[str]:
        """Who it is, and which order."""
        customer = await self.desk.verification.customer(turn.conversation)
        return [*IDENTITY] if customer is None else ["order_number"]

    async def fulfil(self, turn: Turn) -> Answer:
        """The order as the records have it."""
        customer = await self.desk.verification.customer(turn.conversation)
        if customer is None:
            return say("utter_verification_expired", code=None, code_check=None)
        order = await self.desk.own_orders.find(customer, turn.slot("order_number"))
        if order is None:
            return say("utter_order_not_found", order_number=None, code=None)
        language, zone = turn.language, turn.brand.time_zone
        facts = {
            "order_number": order.order_number,
            "amount": wording.money_text(order.amount, language),
            "state": wording.order_state_text(order.status, language),
            "paid_at": wording.time_text(order.paid_at, language, zone) if order.paid_at else "",
        }
        return say(f"utter_order_{'paid' if order.paid_at else 'unpaid'}", facts)
