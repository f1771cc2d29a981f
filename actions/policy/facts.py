"""The facts a decision rests on, and what follows from them without any policy.

All of them come from the records, save ``reason``, which is the customer's. Faults that
make a decision meaningless are refused here; what the facts mean is left to ``rules``.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from actions.domain.account import Account
from actions.domain.errors import FactsRefused, Fault
from actions.domain.money import Money
from actions.domain.order import Order, OrderStatus, Refund

_NEVER = datetime.max.replace(tzinfo=UTC)
_UNPAID = (OrderStatus.PENDING, OrderStatus.FAILED)


@dataclass(frozen=True, slots=True)
class Facts:
    """One refund request: who asked when and why, for which order, and what else is known.

    Times are aware. ``reason`` is a code of ``grounds.Reason``, free text, or None.
    ``other_orders`` and ``refunds`` may speak of other accounts; what another account bought
    counts only where the same means of payment is asked about. Raises ``FactsRefused``, each
    fault with its path in the JSON of the facts.

    ``refunds_of_order`` is what has already gone back for this order, ``refunded`` their sum
    in its currency, ``remaining`` what was paid and has not gone back, ``orders_of_account``
    the other orders of the same account, oldest first.
    """

    brand: str
    asked_at: datetime
    reason: str | None
    account: Account
    order: Order
    other_orders: tuple[Order, ...] = ()
    refunds: tuple[Refund, ...] = ()
    refunds_of_order: tuple[Refund, ...] = field(init=False, compare=False, repr=False)
    refunded: Money = field(init=False, compare=False, repr=False)
    remaining: Money = field(init=False, compare=False, repr=False)
    orders_of_account: tuple[Order, ...] = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        faults = tuple(self._faults())
        if faults:
            raise FactsRefused(*faults)
        # Worked out once, as many rules ask for them; a frozen object is set this way.
        derive = object.__setattr__
        derive(self, "refunds_of_order", self._refunds_of(self.order))
        derive(self, "refunded", self._sum_refunded())
        derive(self, "remaining", self._left())
        derive(self, "orders_of_account", self._same_account())

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

    def _refunds_of(self, order: Order) -> tuple[Refund, ...]:
        return tuple(r for r in self.refunds if r.order_number == order.order_number)

    def _sum_refunded(self) -> Money:
        currency = self.order.amount.currency
        same = (r.amount.minor for r in self.refunds_of_order if r.amount.currency == currency)
        return Money(sum(same), currency)

    def _left(self) -> Money:
        paid, gone = self.order.amount, self.refunded
        if not self.order.captured or self.order.status is OrderStatus.REFUNDED:
            return Money.zero(paid.currency)
        return paid - gone if gone < paid else Money.zero(paid.currency)

    def _same_account(self) -> tuple[Order, ...]:
        mine = (
            other
            for other in self.other_orders
            if other.account_id == self.account.id
            and other.brand == self.brand
            and other.order_number != self.order.order_number
        )
        return tuple(sorted(mine, key=_age))

    @property
    def refunds_add_up(self) -> bool:
        """Whether the records of what went back can be believed and counted."""
        currencies = {refund.amount.currency for refund in self.refunds_of_order}
        told_of_some = self.order.status is OrderStatus.PARTIALLY_REFUNDED
        return currencies <= {self.order.amount.currency} and bool(currencies or not told_of_some)

    def is_refunded(self, order: Order) -> bool:
        """Whether another order's money has gone back as a whole."""
        same = (
            refund.amount.minor
            for refund in self._refunds_of(order)
            if refund.amount.currency == order.amount.currency
        )
        return order.status is OrderStatus.REFUNDED or sum(same) >= order.amount.minor

    def orders_refunded_within(self, days: int) -> tuple[int, int]:
        """How many other orders were refunded in the ``days`` before the request.

        First those of this account, then those paid by the same means, whoever's account. A
        refund of an order that is not among the facts counts as this account's.
        """
        since = self.asked_at - timedelta(days=days)
        recent = {refund.order_number for refund in self.refunds if refund.at > since}
        recent.discard(self.order.order_number)
        known = {other.order_number: other for other in self.other_orders}
        of_account = sum(
            number not in known or known[number].account_id == self.account.id for number in recent
        )
        by_same_means = sum(
            number in known and _same_means(known[number], self.order) for number in recent
        )
        return of_account, by_same_means

    def unused_days(self, today: date) -> tuple[int, int] | None:
        """Whole days of the order's term after ``today``, and of the term in all.

        None where the records don't give the term.
        """
        start, end = self.order.term_start, self.order.term_end
        if start is None or end is None or end <= start:
            return None
        total = (end - start).days
        return min(max((end - today).days - 1, 0), total), total


def _age(order: Order) -> tuple[datetime, str]:
    """What sorts orders by when they were paid; those never paid come last."""
    return order.paid_at or _NEVER, order.order_number


def _same_means(other: Order, order: Order) -> bool:
    """Whether both were paid by the same card, wallet address or account, as far as known.

    Where nothing tells the instruments apart, what customers are shown of them must do.
    """
    mine, theirs = order.payment, other.payment
    if mine.instrument is not None and theirs.instrument is not None:
        return mine.instrument == theirs.instrument
    return mine.hint is not None and (mine.method, mine.hint) == (theirs.method, theirs.hint)
