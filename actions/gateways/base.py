"""The contract of every payment gateway.

A gateway only translates between the desk's words and its provider's. It has no database, clock
or session of its own; keeping what came of a payout is the payout service's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from actions.domain.errors import DeskError
from actions.domain.money import Money
from actions.domain.order import Method


class GatewayUnreachable(DeskError):
    """The payment gateway gave no answer; whether it paid is not known, so ask again."""


@dataclass(frozen=True, slots=True)
class PayoutOrder:
    """One refund to be paid. ``key`` is the same however often it is asked for: a gateway that
    sees it again answers as before and pays nothing more.
    """

    key: str
    brand: str
    order_number: str
    amount: Money
    method: Method
    hint: str | None
    reference: str | None
    """The provider's own name for the payment that goes back."""


class PayoutStatus(StrEnum):
    """What a gateway may answer: under way, done, or not possible."""

    SENT = "sent"
    SETTLED = "settled"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class PayoutResult:
    """A gateway's answer.

    ``reference`` is its name for the refund; ``failure`` says why not, without personal data;
    ``task`` is what a person has to do before the money moves, None where a machine does it.
    """

    status: PayoutStatus
    reference: str | None = None
    failure: str | None = None
    task: Mapping[str, str] | None = None


class PaymentGateway(Protocol):
    """Pays back through one provider."""

    name: str

    async def refund(self, order: PayoutOrder) -> PayoutResult:
        """Pay ``order`` back once, however often it is called with its key.

        Raises:
            GatewayUnreachable: no answer; the worker asks again later.
        """
        ...
