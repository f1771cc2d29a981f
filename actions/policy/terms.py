"""The numbers of a brand's refund terms, and the dates that follow from them.

Where the numbers come from is left to ``brand``; what they decide, to ``rules``.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from actions.domain.money import Money
from actions.domain.order import Kind, Method
from actions.policy.grounds import Ground, Reason, Treatment


@dataclass(frozen=True, slots=True)
class KindTerms:
    """How one kind of order is treated; ``refused_as`` is said where it is never refunded."""

    treatment: Treatment
    refused_as: Ground | None = None
    assumption: bool = False


@dataclass(frozen=True, slots=True)
class ReasonTerms:
    """Which reasons count where the brand asks for one; known codes left out are refused."""

    required: bool
    accepted: frozenset[Reason]
    to_a_person: frozenset[Reason]
    assumption: bool = False


@dataclass(frozen=True, slots=True)
class Term:
    """One number of the terms, with the clause that states it.

    ``assumption`` marks what the brand's own documents leave open.
    """

    value: int
    clause: str
    assumption: bool = False


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """A span of working days, both ends included."""

    least: int
    most: int
    assumption: bool = False


@dataclass(frozen=True, slots=True)
class ApprovalTerms:
    """How many people of the queue ``by`` must agree before money is sent.

    A method may need some always (``methods``). Above each of a currency's ``limits`` it
    takes one more, and one in a currency that has none. Each way has its clause;
    ``working_days`` is how long the agreeing may take.
    """

    by: str
    methods: dict[Method, int]
    methods_clause: str | None
    limits: dict[str, tuple[Money, ...]]
    limits_clause: str
    working_days: int
    assumption: bool = False

    def needed(self, amount: Money, method: Method) -> tuple[int, str | None]:
        """How many must agree to pay ``amount`` back by ``method``, and by which clause."""
        by_method = self.methods.get(method, 0)
        limits = self.limits.get(amount.currency)
        by_amount = 1 if limits is None else sum(amount > limit for limit in limits)
        if by_method >= by_amount:
            return by_method, self.methods_clause if by_method else None
        return by_amount, self.limits_clause


class PartialBy(StrEnum):
    """Who decides on a partial refund past the window; nobody means there is none."""

    PERSON = "person"
    POLICY = "policy"
    NOBODY = "nobody"


class Rounding(StrEnum):
    """Which way a share goes that is no whole smallest unit."""

    DOWN = "down"
    HALF_UP = "half_up"
    UP = "up"


@dataclass(frozen=True, slots=True)
class PartialTerms:
    """How the share of an order's unused whole days is worked out, and who grants it."""

    decided_by: PartialBy
    rounding: Rounding
    assumption: bool = False

    def share(self, paid: Money, unused: int, total: int) -> Money:
        """``unused`` of ``total`` equal pieces of ``paid``, rounded to the smallest unit."""
        whole, rest = divmod(paid.minor * unused, total)
        if self.rounding is Rounding.UP:
            whole += bool(rest)
        elif self.rounding is Rounding.HALF_UP:
            whole += 2 * rest >= total
        return Money(whole, paid.currency)


MOST_VELOCITY_DAYS = 90
"""How far back refunds to the same means of payment are ever looked for in the records."""


@dataclass(frozen=True, slots=True)
class VelocityTerms:
    """From how many refunds of other orders within ``days`` a person looks at the next.

    ``of_account`` counts those of the same account, ``of_instrument`` those paid by the same
    card, wallet address or the like, whoever's account.
    """

    days: int
    of_account: int
    of_instrument: int
    assumption: bool = False


@dataclass(frozen=True, slots=True)
class MethodTerms:
    """How long money takes by one method, and the clause that speaks of it where one does."""

    days: WorkingDays
    clause: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """What a brand promises and asks.

    ``window_days`` and ``time_limit_days`` count whole days after the day of payment in the
    brand's zone; None where the brand has no kind of order that needs them.
    """

    zone: ZoneInfo
    window_days: Term | None
    time_limit_days: Term | None
    double_charge_minutes: Term
    reasons: ReasonTerms
    kinds: dict[Kind, KindTerms]
    partial: PartialTerms
    velocity: VelocityTerms | None
    approvals: ApprovalTerms
    methods: dict[Method, MethodTerms]
    handling_days: WorkingDays
    reply_hours: Term
    working_day_overrides: dict[date, bool] = field(default_factory=dict)

    def local_day(self, moment: datetime) -> date:
        """The calendar day of an aware instant, in the brand's zone."""
        return moment.astimezone(self.zone).date()

    def window_closes(self, paid_at: datetime) -> date | None:
        """The last day on which a first purchase is refunded in full."""
        return self._day_after(paid_at, self.window_days)

    def time_limit(self, paid_at: datetime) -> date | None:
        """The last day on which a refund may be asked for with a reason."""
        return self._day_after(paid_at, self.time_limit_days)

    def _day_after(self, paid_at: datetime, term: Term | None) -> date | None:
        return self.local_day(paid_at) + timedelta(days=term.value) if term else None
