"""Accounts, orders and refunds as the import file and ``desk decide`` have them.

Knows the fields of each, from JSON and to JSON. Leaves files to the importer, and what
they are together when a refund is asked for to ``facts_json``.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from actions.domain.account import Account, AccountStatus
from actions.domain.order import Kind, Method, Order, OrderStatus, Payment, Refund
from actions.services.json_fields import Fields

LONGEST_ID = 128
LONGEST_EMAIL = 320
UNPAID = (OrderStatus.PENDING, OrderStatus.FAILED)
LANGUAGES = ("zh", "en")


def read_account(fields: Fields, brand: str) -> Account:
    """An account; meaningless if a fault was added."""
    email = fields.text("email", LONGEST_EMAIL)
    if email and "@" not in email.strip("@"):
        fields.fault("email", "不是电子邮箱 · is not an e-mail address")
    language = fields.maybe_text("language")
    if language is not None and language not in LANGUAGES:
        fields.fault("language", "只能是 zh 或 en · must be zh or en")
    return Account(
        brand=brand,
        id=fields.text("id", LONGEST_ID),
        email=email,
        name=fields.text("name"),
        language=language,
        status=fields.choice("status", AccountStatus, AccountStatus.ACTIVE),
    )


def read_order(fields: Fields, brand: str) -> Order:
    """An order; meaningless if a fault was added."""
    order = Order(
        brand=brand,
        order_number=fields.text("order_number", LONGEST_ID),
        account_id=fields.text("account", LONGEST_ID),
        item=fields.text("item"),
        kind=fields.choice("kind", Kind, Kind.PURCHASE),
        amount=fields.money(),
        paid_at=fields.time("paid_at"),
        status=fields.choice("status", OrderStatus, OrderStatus.PENDING),
        payment=_read_payment(fields.within("payment")),
        term_start=fields.date("term_start"),
        term_end=fields.date("term_end"),
        auto_renew=fields.flag("auto_renew"),
        auto_renew_cancelled_at=fields.time("auto_renew_cancelled_at"),
        last_used_at=fields.time("last_used_at"),
        subscription=fields.maybe_text("subscription", LONGEST_ID),
    )
    if not fields.has("paid_at") and order.status not in UNPAID:
        fields.fault(
            "paid_at",
            "只有未付款或付款失败的订单可以没有 · may be absent only while pending or failed",
        )
    if order.term_start and order.term_end and order.term_end < order.term_start:
        fields.fault("term_end", "早于 term_start · is before term_start")
    return order


def read_refund(fields: Fields) -> Refund:
    """A refund made before; meaningless if a fault was added."""
    at = fields.needed_time("at")
    return Refund(
        order_number=fields.text("order_number", LONGEST_ID),
        amount=fields.money(),
        at=at or datetime.min.replace(tzinfo=UTC),
        reference=fields.maybe_text("reference", LONGEST_ID),
    )


def account_json(account: Account) -> dict[str, Any]:
    """What ``read_account`` reads."""
    return {
        "id": account.id,
        "email": account.email,
        "name": account.name,
        "language": account.language,
        "status": account.status.value,
    }


def order_json(order: Order) -> dict[str, Any]:
    """What ``read_order`` reads."""
    return {
        "order_number": order.order_number,
        "account": order.account_id,
        "item": order.item,
        "kind": order.kind.value,
        "amount": order.amount.decimal_text(),
        "currency": order.amount.currency,
        "paid_at": time_json(order.paid_at),
        "status": order.status.value,
        "term_start": order.term_start.isoformat() if order.term_start else None,
        "term_end": order.term_end.isoformat() if order.term_end else None,
        "auto_renew": order.auto_renew,
        "auto_renew_cancelled_at": time_json(order.auto_renew_cancelled_at),
        "last_used_at": time_json(order.last_used_at),
        "subscription": order.subscription,
        "payment": {
            "method": order.payment.method.value,
            "hint": order.payment.hint,
            "gateway": order.payment.gateway,
            "reference": order.payment.reference,
            "captured": order.payment.captured,
            "instrument": order.payment.instrument,
        },
    }


def refund_json(refund: Refund) -> dict[str, Any]:
    """What ``read_refund`` reads."""
    return {
        "order_number": refund.order_number,
        "amount": refund.amount.decimal_text(),
        "currency": refund.amount.currency,
        "at": time_json(refund.at),
        "reference": refund.reference,
    }


def _read_payment(fields: Fields) -> Payment:
    return Payment(
        method=fields.choice("method", Method, Method.CARD),
        hint=fields.maybe_text("hint", 200),
        gateway=fields.maybe_text("gateway", 64),
        reference=fields.maybe_text("reference", 200),
        captured=fields.flag("captured"),
        instrument=fields.maybe_text("instrument", 200),
    )


def time_json(at: datetime | None) -> str | None:
    """An instant in UTC: the same instant always gives the same text."""
    return at.astimezone(UTC).isoformat() if at else None
