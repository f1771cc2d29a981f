"""The numbers of a brand's refund terms, and the dates that follow from them.

Where the numbers come from is left to ``brand``; what they decide, to ``rules``.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
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
    """When another person must agree before money is sent, and how long that may take.

    Always for ``methods``; for the others above ``limits``, and always in a currency that
    has no limit. Each case has its clause.
    """

    methods: frozenset[Method]
    methods_clause: str | None
    limits: dict[str, Money]
    limits_clause: str
    working_days: int
    assumption: bool = False

    def clause(self, amount: Money, method: Method) -> str | None:
        """The clause by which paying ``amount`` back by ``method`` needs another's consent."""
        if method in self.methods:
            return self.methods_clause
        limit = self.limits.get(amount.currency)
        return self.limits_clause if limit is None or amount > limit else None


@dataclass(frozen=True, slots=True)
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
    approvals: ApprovalTerms
    pay_out_days: dict[Method, WorkingDays]
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
