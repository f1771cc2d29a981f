"""``ask`` puts one refund request to a shipped brand's policy; what is not said is ordinary."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import pytest

from actions.domain.account import AccountStatus
from actions.domain.decision import Decision
from actions.domain.money import Money
from actions.domain.order import Kind, Method, Order, OrderStatus, Payment, Refund
from actions.policy.brand import Brand, load_brands
from actions.policy.engine import decide
from actions.policy.facts import Facts
from actions.testing.builders import an_account

PAID_AT = "2026-09-01T10:00:00+08:00"


def bought(order_number: str = "N-1", **told: Any) -> Order:
    """A yearly plan bought by card on 1 September 2026 for 299 yuan, unless told otherwise."""
    given = {"paid_at": PAID_AT, "amount": "299.00", "currency": "CNY", **told}
    paid_at = given["paid_at"]
    return Order(
        brand=given.get("brand", "kuailian"),
        order_number=order_number,
        account_id=given.get("account", "A-1"),
        item=given.get("item", "yearly"),
        kind=Kind(given.get("kind", "purchase")),
        amount=Money.parse(given["amount"], given["currency"]),
        paid_at=datetime.fromisoformat(paid_at) if paid_at else None,
        status=OrderStatus(given.get("status", "paid")),
        payment=Payment(
            Method(given.get("method", "card")),
            given.get("hint"),
            captured=given.get("captured"),
            instrument=given.get("instrument"),
        ),
        term_start=given.get("term_start", date(2026, 9, 1)),
        term_end=given.get("term_end", date(2027, 9, 1)),
        auto_renew_cancelled_at=given.get("cancelled_at")
        and datetime.fromisoformat(given["cancelled_at"]),
        subscription=given.get("subscription"),
    )


def gone_back(amount: str, order_number: str = "N-1", currency: str = "CNY") -> Refund:
    """A refund on record."""
    at = datetime.fromisoformat("2026-09-02T00:00:00+08:00")
    return Refund(order_number, Money.parse(amount, currency), at)


@dataclass(frozen=True)
class Counter:
    """Where requests are put; ``brands`` may be changed by a test for itself."""

    brands: dict[str, Brand]

    def bought(self, order_number: str = "N-1", **told: Any) -> Order:
        """Another order of the same customer's; see the function of this name."""
        return bought(order_number, **told)

    def gone_back(self, amount: str, **told: str) -> Refund:
        """A refund on record; see the function of this name."""
        return gone_back(amount, **told)

    def facts(
        self,
        brand: str = "kuailian",
        *,
        asked_at: str = "2026-09-05T12:00:00+08:00",
        reason: str | None = None,
        account_status: str = "active",
        others: tuple[Order, ...] = (),
        refunds: tuple[Refund, ...] = (),
        **order: Any,
    ) -> Facts:
        """The facts of one request; other keywords are the order's."""
        return Facts(
            brand=brand,
            asked_at=datetime.fromisoformat(asked_at),
            reason=reason,
            account=an_account(brand=brand, status=AccountStatus(account_status)),
            order=bought(brand=brand, **order),
            other_orders=tuple(replace(other, brand=brand) for other in others),
            refunds=refunds,
        )

    def __call__(self, brand: str = "kuailian", **told: Any) -> Decision:
        return decide(self.facts(brand, **told), self.brands[brand])


@pytest.fixture(scope="session")
def brands() -> dict[str, Brand]:
    """The brands that ship with the desk."""
    return load_brands()


@pytest.fixture(scope="session")
def ask(brands: dict[str, Brand]) -> Counter:
    """Put a request: ``ask("bitpie", kind="swap").outcome``."""
    return Counter(brands)
