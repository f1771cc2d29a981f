"""The people behind a task: fresh accounts and orders, with facts that no one else has.

Amounts, names, addresses and the marks of payments differ from run to run, so that what the bot
says can be traced to whose it is. Leaves what they want and say to ``tasks`` and ``customer``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from actions.domain.money import Money, decimals_of
from actions.domain.order import Method
from actions.domain.refund_case import new_number
from tests.simulation.tasks import Task, days
from tests.whole_desk import an_account, an_order

ZONE = ZoneInfo("Asia/Shanghai")
NAMES = (
    *("欧阳云帆", "司徒晓岚", "慕容子墨", "诸葛明远", "上官若溪", "令狐泽楷", "端木嘉禾"),
    *("Ottoline Fairbrass", "Barnaby Quist", "Ingrid Halvorsen", "Tobias Wexcombe"),
)
_WORDS = ("maple", "quartz", "lantern", "otter", "harbor", "cobalt", "juniper", "saffron")
_HOSTS = ("example.com", "example.org", "example.net")
AMOUNTS = {
    **{"CNY": (210, 390), "USD": (31, 95), "EUR": (31, 95), "GBP": (31, 95), "HKD": (210, 690)},
    **{"TWD": (900, 2900), "JPY": (3100, 9800), "USDT": (31, 95)},
}


@dataclass(frozen=True)
class Order:
    """One order as its customer knows it."""

    record: Mapping[str, Any]

    @property
    def number(self) -> str:
        """Its number."""
        return str(self.record["order_number"])

    @property
    def money(self) -> Money:
        """What was paid."""
        return Money.parse(self.record["amount"], self.record["currency"])

    @property
    def method(self) -> Method:
        """How it was paid."""
        return Method(self.record["payment"]["method"])

    @property
    def hint(self) -> str:
        """What a statement shows of the payer."""
        return str(self.record["payment"]["hint"])

    @property
    def paid_at(self) -> datetime | None:
        """When, if it was."""
        at = self.record["paid_at"]
        return datetime.fromisoformat(at) if at else None


@dataclass(frozen=True)
class Cast:
    """Everyone in a run: the customer (account 0), whoever else there is, and their orders."""

    brand: str
    accounts: tuple[Mapping[str, Any], ...]
    orders: tuple[Order, ...]
    refunds: tuple[Mapping[str, Any], ...]
    new_email: str
    nobodys_number: str
    """A tracking number that could be one, and is none."""

    def record(self) -> dict[str, Any]:
        """What is imported."""
        return {
            "brand": self.brand,
            "accounts": list(self.accounts),
            "orders": [order.record for order in self.orders],
            "refunds": list(self.refunds),
        }

    def account_of(self, order: Order) -> Mapping[str, Any]:
        """Whose it is."""
        return next(a for a in self.accounts if a["id"] == order.record["account"])

    def facts(self, order: Order, asked_at: datetime, reason: str | None) -> dict[str, Any]:
        """A request as ``desk decide`` takes it."""
        mine = [other for other in self.orders if other.number != order.number]
        account = order.record["account"]
        return {
            "brand": self.brand,
            "asked_at": asked_at.isoformat(),
            "reason": reason,
            "account": self.account_of(order),
            "order": order.record,
            "other_orders": [o.record for o in mine if o.record["account"] == account],
            "refunds": list(self.refunds),
        }


def cast(task: Task, mark: str, random: Random, now: datetime | None = None) -> Cast:
    """The people of one run; ``mark`` is a number that no other run has."""
    now = now or datetime.now(UTC)
    specs = task.orders()
    count = 1 + max(spec.get("of", 0) for spec in specs)
    names = random.sample(NAMES, count)
    accounts = tuple(
        an_account(f"S-{mark}-{at}", _address(mark, at, random), name=names[at], **more)
        for at, more in enumerate([task.account, *[{}] * (count - 1)])
    )
    orders = tuple(
        _order(task.brand, spec, accounts[spec.get("of", 0)]["id"], f"{mark}{at}", random, now)
        for at, spec in enumerate(specs)
    )
    refunds = tuple(_refund(dict(spec), orders, now) for spec in task.refunds)
    new_email, number = _address(mark, count, random), new_number(random)
    return Cast(task.brand, accounts, orders, refunds, new_email, number)


def _address(mark: str, at: int, random: Random) -> str:
    words = "".join(random.sample(_WORDS, 2))
    return f"{words}{mark}{'abc'[at]}@{random.choice(_HOSTS)}"


def _order(
    brand: str, spec: Mapping[str, Any], account: str, mark: str, random: Random, now: datetime
) -> Order:
    facts = {key: spec[key] for key in spec if key not in ("paid", "of", "method", "hash")}
    facts.setdefault("currency", "CNY")
    facts["amount"] = _amount(facts, random)
    method = spec.get("method", "card")
    payment = {"method": method, "hint": _hint(method, random), "instrument": f"i_{mark}"}
    facts["payment"] = payment | facts.get("payment", {})
    number = f"{'KL' if brand == 'kuailian' else 'BT'}{mark}"
    if spec.get("hash"):
        number = "0x" + sha256(mark.encode()).hexdigest()
    paid_at = now - spec.get("paid", days(3)) if spec.get("paid", days(3)) is not None else None
    record = an_order(number, account, paid_at.isoformat() if paid_at else "", **_dated(facts, now))
    record["paid_at"] = record["paid_at"] or None
    return Order(record)


def _dated(facts: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """Facts with every "so long ago" as an instant, or as a day where a day is asked for."""
    found = dict(facts)
    for key, value in facts.items():
        if isinstance(value, timedelta):
            at = now - value
            found[key] = at.isoformat() if key.endswith("_at") else at.date().isoformat()
    return found


def _amount(facts: Mapping[str, Any], random: Random) -> str:
    if isinstance(facts.get("amount"), str):
        return str(facts["amount"])
    least, most = facts.get("amount", AMOUNTS[facts["currency"]])
    decimals = decimals_of(facts["currency"])
    whole = random.randint(least, most)
    return f"{whole}.{random.randint(11, 99)}" if decimals else str(whole)


def _hint(method: str, random: Random) -> str:
    digits = f"{random.randint(3001, 9899)}"
    return {
        "card": digits,
        "paypal": f"{random.choice('bjkmt')}***@example.com",
        "alipay": f"138****{digits}",
        "wechat_pay": f"139****{digits}",
        "crypto": f"TQx7****{digits}",
    }.get(method, f"p****{digits}")


def _refund(spec: dict[str, Any], orders: tuple[Order, ...], now: datetime) -> dict[str, Any]:
    order = orders[spec.pop("order", 0)]
    record = {
        "order_number": order.number,
        "amount": order.record["amount"],
        "currency": order.record["currency"],
        "reference": f"re_{order.number}",
    }
    at = now - spec.pop("ago", days(1))
    return record | spec | {"at": at.isoformat()}
