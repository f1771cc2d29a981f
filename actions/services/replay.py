"""Past cases decided again under a draft of their brand's file: what would change, and by how much.

Knows which facts a case was decided on and what the policy, not a person, said of them. Writes
nothing. Leaves how the difference is shown to the command line.

What a person decided is not compared: it does not follow from a file. Such a case keeps the
facts that the person saw, and what the policy in force says of those stands in for it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Executable, and_, literal, select

from actions.domain.decision import Decision, Outcome
from actions.domain.errors import DeskError, Fault, Faulty
from actions.domain.events import Role
from actions.domain.money import Money
from actions.policy.brand import Brand
from actions.policy.engine import decide
from actions.policy.facts import Facts
from actions.services.facts_json import read_facts
from actions.storage.tables import AuditRow, CaseRow
from actions.storage.work import Storage

NO_DECISION = "没有存下当时的裁定 · the decision taken then is not on record"
BROKEN_DECISION = "当时的裁定已读不出 · the decision taken then can't be read any more"
NO_ANSWER = "条款自相矛盾，答不出 · the policy contradicts itself and has no answer"

_COMPARED = (
    "outcome",
    "amount",
    "clauses",
    "refusal_codes",
    "approvals_needed",
    "pay_out",
)
"""What of a decision a customer, or those who approve, would notice."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """One case: what the policy said ``was``, and what the draft says ``now``.

    Either is None if it can't be had; ``faults`` say why. ``reviewed`` if a person decided the
    case last: then ``was`` is what the policy in force says, and not what the customer was told.
    """

    number: str
    opened_at: datetime
    was: Decision | None
    now: Decision | None
    reviewed: bool = False
    faults: tuple[Fault, ...] = ()

    @property
    def changed(self) -> tuple[str, ...]:
        """Which parts of the decision differ."""
        if self.was is None or self.now is None:
            return ()
        was, now = self.was, self.now
        return tuple(part for part in _COMPARED if _part(was, part) != _part(now, part))


@dataclass(slots=True)
class Sums:
    """Money in one currency: what would go ``paid`` back by itself, and is ``proposed`` to people.

    Each as it was and as it is now.
    """

    paid: list[Money]
    proposed: list[Money]

    @classmethod
    def none(cls, currency: str) -> Sums:
        """Nothing yet."""
        return cls([Money.zero(currency)] * 2, [Money.zero(currency)] * 2)


@dataclass(slots=True)
class Totals:
    """What many replayed cases come to."""

    cases: int = 0
    changed: int = 0
    unreadable: int = 0
    reviewed: int = 0
    outcomes: Counter[tuple[Outcome, Outcome]] = field(default_factory=Counter)
    """(was, now) → cases, where both are known."""
    money: dict[str, Sums] = field(default_factory=dict)
    """By currency."""

    def add(self, replayed: Replayed) -> None:
        """Count one case."""
        self.cases += 1
        self.changed += bool(replayed.changed)
        self.reviewed += replayed.reviewed
        if replayed.was is None or replayed.now is None:
            self.unreadable += 1
            return
        decisions = (replayed.was, replayed.now)
        self.outcomes[replayed.was.outcome, replayed.now.outcome] += 1
        for when, decision in enumerate(decisions):
            sums = self.money.setdefault(
                decision.amount.currency, Sums.none(decision.amount.currency)
            )
            # A refusal proposes nothing.
            (sums.paid if decision.pays else sums.proposed)[when] += decision.amount


class Replay:
    """Reads past cases and decides them again; ``brands`` are those in force."""

    def __init__(self, storage: Storage, brands: Mapping[str, Brand]) -> None:
        self._storage = storage
        self._brands = brands

    async def cases(self, draft: Brand, since: datetime | None = None) -> AsyncGenerator[Replayed]:
        """Every decided case of the draft's brand, opened at ``since`` or later, oldest first.

        The brand must be one of those in force.
        """
        in_force = self._brands[draft.id]
        async with self._storage.reading() as work:
            query = _decided_cases(draft.id, since).execution_options(yield_per=500)
            last: Any = None
            async for row in await work.session.stream(query):
                if last is not None and last.id != row.id:
                    yield _replayed(last, in_force, draft)
                last = row  # the policy's latest decision on a case comes last
            if last is not None:
                yield _replayed(last, in_force, draft)


def _decided_cases(brand: str, since: datetime | None) -> Executable:
    """A row a decision of the policy's, from the audit trail; at least one row a case."""
    by_policy = and_(
        AuditRow.subject == literal("case:") + CaseRow.number,
        AuditRow.what == "case_moved",
        AuditRow.data["step"].as_string() == "decide",
    )
    query = (
        select(
            CaseRow.id,
            CaseRow.number,
            CaseRow.opened_at,
            CaseRow.facts,
            CaseRow.decided_by,
            AuditRow.data.label("moved"),
        )
        .outerjoin(AuditRow, by_policy)
        .where(CaseRow.brand == brand, CaseRow.decided_by.is_not(None))
        .order_by(CaseRow.id, AuditRow.seq)
    )
    return query if since is None else query.where(CaseRow.opened_at >= since)


def _replayed(row: Any, in_force: Brand, draft: Brand) -> Replayed:
    reviewed = Role(row.decided_by).is_staff
    was, now = None, None
    faults: tuple[Fault, ...] = ()
    try:
        facts = read_facts(row.facts, (draft.id,))
        was = _decided(facts, in_force) if reviewed else _decision_then(row.moved)
        now = _decided(facts, draft)
    except Faulty as faulty:
        faults = faulty.faults
    return Replayed(row.number, row.opened_at, was, now, reviewed, faults)


def _decision_then(moved: dict[str, Any] | None) -> Decision:
    if not moved or "decision" not in moved:
        raise Faulty(Fault("", NO_DECISION))
    try:
        # The trail keeps what was decided, not how it was worded.
        return Decision.from_json({**moved["decision"], "explanation": {}})
    except (DeskError, KeyError, TypeError, ValueError) as error:
        raise Faulty(Fault("", BROKEN_DECISION)) from error


def _decided(facts: Facts, brand: Brand) -> Decision:
    try:
        return decide(facts, brand)
    except Faulty:
        raise
    except DeskError as error:
        raise Faulty(Fault("", NO_ANSWER)) from error


def _part(decision: Decision, part: str) -> Any:
    if part == "pay_out":
        return decision.pay_out and (decision.pay_out.from_date, decision.pay_out.to_date)
    return getattr(decision, part)
