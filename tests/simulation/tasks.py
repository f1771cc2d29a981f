"""The tasks: who comes with which orders and wants what. All of it data, none of it an answer.

What the right outcome is follows from the facts by the policy itself (``outcomes``). A time is how
long ago it was, negative if it is to come; an amount is a range, out of which each run takes its
own, so that it can be told apart wherever it is said.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from tests.simulation.wishes import DECLINE, Wish


@dataclass(frozen=True)
class Task:
    """``order`` is what is unlike the ordinary one; ``more`` are further orders."""

    name: str
    wishes: tuple[Wish, ...]
    brand: str = "kuailian"
    order: Mapping[str, Any] = field(default_factory=dict)
    more: tuple[Mapping[str, Any], ...] = ()
    refunds: tuple[Mapping[str, Any], ...] = ()
    account: Mapping[str, Any] = field(default_factory=dict)
    reason: str = "wrong_operation"
    before: str = ""
    """What has been done for the order before: offered or confirmed."""

    def orders(self) -> tuple[Mapping[str, Any], ...]:
        """The order that it is about, and the others."""
        return (self.order, *self.more)


def days(count: float, minutes: float = 0) -> timedelta:
    """So long ago."""
    return timedelta(days=count, minutes=minutes)


def wants(*kinds: str | Wish) -> tuple[Wish, ...]:
    """Wishes, one after the other."""
    return tuple(Wish(kind) if isinstance(kind, str) else kind for kind in kinds)


REFUND = wants("refund")
YEAR = {"term_start": days(0), "term_end": days(-365)}
TASKS: Mapping[str, Task] = {
    task.name: task
    for task in (
        Task("first purchase in the window", REFUND),
        Task("renewal not cancelled", REFUND, order={"kind": "renewal"}),
        Task(
            "first purchase past the window",
            REFUND,
            order={"paid": days(40), "term_start": days(40), "term_end": days(-325)},
        ),
        Task("wallet fee by mistake", REFUND, "bitpie", {"kind": "service_fee"}),
        Task("a person at once", wants("person")),
        Task("offered and declined", wants(Wish("refund", ending=DECLINE))),
    )
}
