"""What a desk must hold, without a database: a small model of cases, payouts and records.

Knows what follows from what it holds. Leaves what each verb does to it to ``case_verbs``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from actions.domain.account import Account
from actions.domain.decision import Outcome
from actions.domain.money import Money
from actions.domain.order import Order, Refund
from actions.domain.refund_case import State
from actions.domain.renewal_cancellation import RenewalState
from actions.policy.facts import Facts
from actions.storage.payouts import PayoutState

PAYING = (Outcome.APPROVED, Outcome.PARTIAL)
CONFIRMED = (State.CONFIRMED, State.PAYING, State.PAID, State.FAILED)
NOTHING_PROMISED = (PayoutState.FAILED, PayoutState.VOID)
CHANGED = "CaseChanged"


class Mood:
    """What the payment gateway does when it is asked."""

    SETTLED, SENT, BY_HAND, FAILED = "settled", "sent", "by_hand", "failed"
    LOST_BEFORE, LOST_AFTER = "lost_before_paying", "lost_after_paying"


MOODS = [getattr(Mood, name) for name in vars(Mood) if name.isupper()]


REFERENCE = "re_1"
"""The gateway's own name for every refund."""


@dataclass(frozen=True)
class Payout:
    """How far the money of a case is; ``by_hand`` while finance has a task to pay it."""

    state: PayoutState
    amount: Money
    at: datetime
    tries: int = 1
    reference: str | None = None
    by_hand: bool = False


@dataclass(frozen=True)
class Case:
    """A case as anyone may see it, with what its decision rests on."""

    name: str
    order: str
    state: State
    outcome: Outcome
    amount: Money
    needed: int
    opened_at: datetime
    updated_at: datetime
    facts: Facts
    by_person: bool = False
    approved_by: tuple[str, ...] = ()
    reviewed_by: tuple[str, ...] = ()
    appeals: tuple[tuple[str, str], ...] = ()
    files: frozenset[int] = frozenset()
    payout: Payout | None = None

    @property
    def stands_in_the_way(self) -> bool:
        """Whether no other case of its order may be open."""
        refused = self.state is State.DECIDED and self.outcome is Outcome.DENIED
        return self.state not in (State.PAID, State.WITHDRAWN) and not refused

    @property
    def awaits_approval(self) -> bool:
        """Whether people must still agree to its payout."""
        return len(set(self.approved_by) - set(self.reviewed_by)) < self.needed

    @property
    def awaits_review(self) -> bool:
        """Whether a person must decide it."""
        waits = self.state is State.DECIDED and self.outcome is Outcome.NEEDS_REVIEW
        return waits or self.state is State.APPEALED

    @property
    def tickets(self) -> set[str]:
        """The categories of tickets that must be open, and no others."""
        payout = self.payout
        asked = {
            "review": self.state is State.DECIDED and self.outcome is Outcome.NEEDS_REVIEW,
            "appeal": self.state is State.APPEALED,
            "approval": self.state is State.CONFIRMED and self.awaits_approval,
            "payout": payout is not None and payout.state is PayoutState.SENT and payout.by_hand,
            "failed_payout": self.state is State.FAILED,
        }
        return {category for category, is_open in asked.items() if is_open}


@dataclass(frozen=True)
class Renewal:
    """A wish to end an auto-renewal."""

    name: str
    order: str
    state: RenewalState
    asked_at: datetime


@dataclass(frozen=True)
class Book:
    """Everything there is. Names of cases and renewals are ``KL1#1``: an order and a count."""

    now: datetime
    accounts: Mapping[tuple[str, str], Account]
    orders: Mapping[str, Order]
    refunds: Mapping[tuple[str, str], Refund] = field(default_factory=dict)
    ended_here: Mapping[str, datetime] = field(default_factory=dict)
    cases: Mapping[str, Case] = field(default_factory=dict)
    renewals: Mapping[str, Renewal] = field(default_factory=dict)
    moods: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """How the gateway will answer about each case, one time after the other."""
    paid: Mapping[str, str] = field(default_factory=dict)
    """The cases whose money has moved, with the answer that the gateway gave."""

    def of_order(self, order: str) -> list[Case]:
        """An order's cases, oldest first."""
        return [case for case in self.cases.values() if case.order == order]

    def open_for(self, order: str) -> Case | None:
        """The one case of the order that no other may be opened beside."""
        found = [case for case in self.of_order(order) if case.stands_in_the_way]
        assert len(found) < 2, "one open case an order"
        return found[0] if found else None

    def keep(self, case: Case) -> Book:
        """The book with ``case`` in it."""
        return replace(self, cases={**self.cases, case.name: case})

    def refunds_of(self, brand: str, account: str) -> tuple[Refund, ...]:
        """What went back or is promised for an account's orders, each once."""
        mine = [case for case in self.cases.values() if self._is_of(case.order, brand, account)]
        promised = [
            Refund(case.order, case.payout.amount, case.payout.at, case.name)
            for case in mine
            if case.payout and case.payout.state not in NOTHING_PROMISED
        ]
        ours = {refund.reference for refund in promised}
        past = [r for r in self.refunds.values() if self._is_of(r.order_number, brand, account)]
        found = [r for r in past if r.reference not in ours] + promised
        return tuple(sorted(found, key=lambda refund: (refund.at, str(refund.reference))))

    def _is_of(self, order: str, brand: str, account: str) -> bool:
        found = self.orders[order]
        return (found.brand, found.account_id) == (brand, account)

    def facts(self, order: Order, asked_at: datetime, reason: str | None) -> Facts:
        """What a case of the order is decided on now."""
        same = (o for o in self.orders.values() if self._is_of(o.order_number, *owner(order)))
        others = [other for other in same if other.order_number != order.order_number]
        others.sort(key=lambda other: (str(other.paid_at), other.order_number))
        account = self.accounts[owner(order)]
        refunds = self.refunds_of(*owner(order))
        return Facts(order.brand, asked_at, reason, account, order, tuple(others), refunds)

    def back(self, order: str) -> Money:
        """What went back or is promised for one order, whoever sent it."""
        found = self.orders[order]
        every = self.refunds_of(*owner(found))
        return total(found, (r.amount for r in every if r.order_number == order))

    def over_refunded(self) -> set[str]:
        """The orders for which that is more than was paid."""
        return {name for name, order in self.orders.items() if self.back(name) > order.amount}


def owner(order: Order) -> tuple[str, str]:
    return order.brand, order.account_id


def total(order: Order, amounts: Any) -> Money:
    return sum(amounts, Money.zero(order.amount.currency))
