"""An account or an order in one line; what a test doesn't say is ordinary."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from actions.domain.account import Account, AccountStatus
from actions.domain.assurance import Proof
from actions.domain.customer import Customer
from actions.domain.money import Money
from actions.domain.order import Kind, Method, Order, OrderStatus, Payment
from actions.testing.clock import START


def a_customer(
    account: str = "A-1",
    conversation: str = "c1",
    brand: str = "kuailian",
    *,
    proofs: Iterable[Proof] = (Proof.CODE,),
    paid_orders: Iterable[str] = (),
) -> Customer:
    """Somebody verified by a mailed code, and by the payments of some orders."""
    paid = frozenset(paid_orders)
    given = frozenset(proofs) | ({Proof.PAYMENT} if paid else set())
    return Customer(brand, account, conversation, given, paid)


DAYS_OF = {"monthly": 30, "yearly": 365, "two_years": 730}


def an_account(id: str = "A-1", email: str = "li@example.com", **more: Any) -> Account:
    """An active Chinese-speaking account of kuailian."""
    known: dict[str, Any] = {"brand": "kuailian", "name": "李雷", "language": "zh"}
    return Account(id=id, email=email, **known | {"status": AccountStatus.ACTIVE} | more)


def an_order(
    order_number: str = "KL1",
    account: str = "A-1",
    *,
    amount: str = "299.00",
    currency: str = "CNY",
    days_ago: float = 5,
    now: datetime = START,
    method: str = "card",
    hint: str | None = "4242",
    instrument: str | None = None,
    gateway: str | None = "manual",
    kind: str = "purchase",
    status: str = "paid",
    item: str = "yearly",
    **more: Any,
) -> Order:
    """A yearly plan bought by card five days ago, unless said otherwise."""
    paid_at = now - timedelta(days=days_ago)
    start: date = paid_at.date()
    known: dict[str, Any] = {
        "brand": "kuailian",
        "term_start": start,
        "term_end": start + timedelta(days=DAYS_OF.get(item, 365)),
        "auto_renew": True,
    }
    return Order(
        order_number=order_number,
        account_id=account,
        item=item,
        kind=Kind(kind),
        amount=Money.parse(amount, currency),
        paid_at=paid_at,
        status=OrderStatus(status),
        payment=Payment(Method(method), hint, gateway, f"ch_{order_number}", instrument=instrument),
        **known | more,
    )
