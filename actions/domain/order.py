"""An order (for a wallet: a transaction) and how it was paid, as the import file has them.

Knows the vocabulary of kinds, statuses and payment methods. Whether an order may be
refunded is left to ``policy``.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from actions.domain.money import Money


class Kind(StrEnum):
    """What was bought: the first three by subscribers, purchase and the rest in a wallet."""

    PURCHASE = "purchase"
    RENEWAL = "renewal"
    UPGRADE = "upgrade"
    SERVICE_FEE = "service_fee"
    ONCHAIN_TRANSFER = "onchain_transfer"
    SWAP = "swap"


class OrderStatus(StrEnum):
    """How far the payment for an order has come."""

    PAID = "paid"
    PENDING = "pending"
    FAILED = "failed"
    REFUNDED = "refunded"
    PARTIALLY_REFUNDED = "partially_refunded"
    DISPUTED = "disputed"


class Method(StrEnum):
    """How an order was paid; a refund goes back the same way."""

    CARD = "card"
    PAYPAL = "paypal"
    ALIPAY = "alipay"
    WECHAT_PAY = "wechat_pay"
    CRYPTO = "crypto"
    THIRD_PARTY = "third_party"


@dataclass(frozen=True, slots=True)
class Payment:
    """The payment behind an order.

    ``hint`` is what a customer may be shown of the instrument ("4242"), ``instrument`` tells
    it from all others (a card's fingerprint, a wallet's address), ``gateway`` names the
    module that pays back, ``reference`` is that gateway's name for the payment.
    ``captured`` says whether money was really taken; None means "as the status suggests".
    """

    method: Method
    hint: str | None = None
    gateway: str | None = None
    reference: str | None = None
    captured: bool | None = None
    instrument: str | None = None


@dataclass(frozen=True, slots=True)
class Order:
    """One order; ``order_number`` is unique within the brand.

    ``paid_at`` is an aware instant and None only while pending or failed; terms are dates
    of the brand's zone, the end being the first day no longer paid for.
    ``subscription`` is shared by a purchase and its renewals.
    """

    brand: str
    order_number: str
    account_id: str
    item: str
    kind: Kind
    amount: Money
    paid_at: datetime | None
    status: OrderStatus
    payment: Payment
    term_start: date | None = None
    term_end: date | None = None
    auto_renew: bool | None = None
    auto_renew_cancelled_at: datetime | None = None
    last_used_at: datetime | None = None
    subscription: str | None = None

    @property
    def captured(self) -> bool:
        """Whether the customer's money was really taken."""
        if self.payment.captured is not None:
            return self.payment.captured
        return self.status not in (OrderStatus.PENDING, OrderStatus.FAILED)


@dataclass(frozen=True, slots=True)
class Refund:
    """Money that has already gone back (or is on its way) for an order."""

    order_number: str
    amount: Money
    at: datetime
    reference: str | None = None
