"""The facts a decision rests on, and what follows from them without any policy.

All of them come from the records, save ``reason``, which is the customer's. Faults that
make a decision meaningless are refused here; what the facts mean is left to ``rules``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from typing import Any

from actions.domain.account import Account
from actions.domain.errors import FactsRefused, Fault
from actions.domain.money import Money
from actions.domain.order import Order, OrderStatus, Refund

_UNPAID = (OrderStatus.PENDING, OrderStatus.FAILED)


@dataclass(frozen=True, slots=True)
class Facts:
    """One refund request: who asked when and why, for which order, and what else is known.

    Times are aware. ``reason`` is a code of ``grounds.Reason``, free text, or None.
    ``other_orders`` and ``refunds`` may speak of other accounts and orders; those are passed
    over. Raises ``FactsRefused``, each fault with its path in the JSON of the facts.
    """

    brand: str
    asked_at: datetime
    reason: str | None
    account: Account
    order: Order
    other_orders: tuple[Order, ...] = ()
    refunds: tuple[Refund, ...] = ()

    def __post_init__(self) -> None:
        faults = tuple(self._faults())
        if faults:
            raise FactsRefused(*faults)

    def _faults(self) -> Iterable[Fault]:
        order = self.order
        if self.asked_at.tzinfo is None:
            yield Fault("asked_at", "needs an offset from UTC")
        if order.paid_at is None:
            if order.status not in _UNPAID:
                yield Fault("order.paid_at", "may be absent only while pending or failed")
        elif order.paid_at.tzinfo is None:
            yield Fault("order.paid_at", "needs an offset from UTC")
        elif self.asked_at.tzinfo is not None and self.asked_at < order.paid_at:
            yield Fault("asked_at", "is before the order was paid")
        if self.account.brand != self.brand:
            yield Fault("account", "belongs to another brand")
        if (order.brand, order.account_id) != (self.brand, self.account.id):
            yield Fault("order.account", "is not the account of these facts")

    @property
    def refunds_of_order(self) -> tuple[Refund, ...]:
        """What has already gone back for this order."""
        return tuple(r for r in self.refunds if r.order_number == self.order.order_number)

    @property
    def refunds_add_up(self) -> bool:
        """Whether the records of what went back can be believed and counted."""
        currencies = {refund.amount.currency for refund in self.refunds_of_order}
        told_of_some = self.order.status is OrderStatus.PARTIALLY_REFUNDED
        return currencies <= {self.order.amount.currency} and bool(currencies or not told_of_some)

    @property
    def refunded(self) -> Money:
        """How much has gone back so far, in the order's currency."""
        same = (
            refund.amount
            for refund in self.refunds_of_order
            if refund.amount.currency == self.order.amount.currency
        )
        return reduce(Money.__add__, same, Money.zero(self.order.amount.currency))

    @property
    def remaining(self) -> Money:
        """What was paid and has not gone back: the most that can be refunded."""
        nothing = Money.zero(self.order.amount.currency)
        if not self.order.captured or self.order.status is OrderStatus.REFUNDED:
            return nothing
        return max(self.order.amount - self.refunded, nothing)

    @property
    def orders_of_account(self) -> tuple[Order, ...]:
        """The other orders of the same account."""
        return tuple(
            other
            for other in self.other_orders
            if other.account_id == self.account.id
            and other.brand == self.brand
            and other.order_number != self.order.order_number
        )

    def is_refunded(self, order: Order) -> bool:
        """Whether any of another order's money has gone back, or may yet by a dispute."""
        return order.status is not OrderStatus.PAID or any(
            refund.order_number == order.order_number for refund in self.refunds
        )

    def as_json(self) -> dict[str, Any]:
        """The facts as ``desk decide`` takes them; equal facts give equal JSON."""
        return {
            "brand": self.brand,
            "asked_at": self.asked_at.isoformat(),
            "reason": self.reason,
            "account": _account_json(self.account),
            "order": _order_json(self.order),
            "other_orders": [_order_json(order) for order in self.other_orders],
            "refunds": [_refund_json(refund) for refund in self.refunds],
        }

    def unused_days(self, today: date) -> tuple[int, int] | None:
        """Whole days of the order's term after ``today``, and of the term in all.

        None where the records don't give the term.
        """
        start, end = self.order.term_start, self.order.term_end
        if start is None or end is None or end <= start:
            return None
        total = (end - start).days
        return min(max((end - today).days - 1, 0), total), total


def _account_json(account: Account) -> dict[str, Any]:
    return {
        "id": account.id,
        "email": account.email,
        "name": account.name,
        "language": account.language,
        "status": account.status.value,
    }


def _order_json(order: Order) -> dict[str, Any]:
    payment = order.payment
    return {
        "order_number": order.order_number,
        "account": order.account_id,
        "item": order.item,
        "kind": order.kind.value,
        "amount": order.amount.decimal_text(),
        "currency": order.amount.currency,
        "paid_at": _iso(order.paid_at),
        "status": order.status.value,
        "term_start": _iso(order.term_start),
        "term_end": _iso(order.term_end),
        "auto_renew": order.auto_renew,
        "auto_renew_cancelled_at": _iso(order.auto_renew_cancelled_at),
        "last_used_at": _iso(order.last_used_at),
        "subscription": order.subscription,
        "payment": {
            "method": payment.method.value,
            "hint": payment.hint,
            "gateway": payment.gateway,
            "reference": payment.reference,
            "captured": order.captured,
        },
    }


def _refund_json(refund: Refund) -> dict[str, Any]:
    return {
        "order_number": refund.order_number,
        "amount": refund.amount.decimal_text(),
        "currency": refund.amount.currency,
        "at": refund.at.isoformat(),
    }


def _iso(moment: date | None) -> str | None:
    return moment.isoformat() if moment else None
