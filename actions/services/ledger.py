"""What has gone back, or is promised, for an account's orders: one sum for policy and payout."""

from __future__ import annotations

from collections.abc import Iterable

from actions.domain.errors import OverRefund
from actions.domain.money import Money
from actions.domain.order import Order, Refund
from actions.storage.work import Work


async def refunds_of(work: Work, brand: str, account_id: str) -> list[Refund]:
    """Refunds imported and payouts promised here, each counted once.

    A brand's records may report our own payout back: it bears the case's number as reference.
    """
    promised = await work.payouts.promised_to(brand, account_id)
    ours = {refund.reference for refund in promised}
    past = await work.records.past_refunds_of(brand, account_id)
    return [refund for refund in past if refund.reference not in ours] + promised


async def check_not_more_than_paid(
    work: Work, order: Order, amount: Money, *, for_case: str
) -> None:
    """Raise ``OverRefund`` if ``amount`` and all else that went back exceed what was paid.

    The caller holds the order's lock, so that nobody adds to the sum meanwhile.
    """
    all_refunds = await refunds_of(work, order.brand, order.account_id)
    others = (
        refund.amount
        for refund in all_refunds
        if refund.order_number == order.order_number and refund.reference != for_case
    )
    if total(others, order.amount.currency) + amount > order.amount:
        raise OverRefund()


def total(amounts: Iterable[Money], currency: str) -> Money:
    """The sum, all in one currency; nothing at all is zero. Raises ``CurrencyMismatch``."""
    return sum(amounts, Money.zero(currency))
