"""The gateway without a machine: finance pays by hand, from a task with all it takes.

Knows what such a task must say. Leaves opening it once, and what finance answers, to the
payout service.
"""

from __future__ import annotations

from actions.gateways.base import PayoutOrder, PayoutResult, PayoutStatus


class ManualGateway:
    """Every refund becomes a task for finance."""

    name = "manual"

    async def refund(self, order: PayoutOrder) -> PayoutResult:
        """Answer "sent", with the task; money has moved only once finance says so."""
        return PayoutResult(
            PayoutStatus.SENT,
            task={
                "key": order.key,
                "order_number": order.order_number,
                "amount": order.amount.decimal_text(),
                "currency": order.amount.currency,
                "method": order.method.value,
                "hint": order.hint or "",
                "reference": order.reference or "",
            },
        )
