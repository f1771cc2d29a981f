"""What a case's audit trail must show before its money may move: the rules of the check-up.

Knows the order of steps that design and law ask for: a decision, the customer's own yes, other
people's approval, then the payout, once. Leaves reading the rows to the doctor.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from actions.domain.events import Role
from actions.domain.refund_case import State

DECIDING = ("decide", "review", "refuse")
BY_PEOPLE = ("review", "refuse")


@dataclass(frozen=True, slots=True)
class Step:
    """One move as the trail has it."""

    step: str
    actor: str
    state: str

    @property
    def role(self) -> str:
        """In what capacity it was made."""
        return self.actor.partition(":")[0]

    @property
    def name(self) -> str:
        """Who made it."""
        return self.actor.partition(":")[2]


@dataclass(frozen=True, slots=True)
class CaseOnFile:
    """A case and its payout as the tables have them, with the moves of its trail."""

    number: str
    state: str
    decision: dict[str, Any] | None
    payout_state: str | None
    payout_key: str | None
    steps: Sequence[Step]

    @property
    def approvals_missing(self) -> int:
        """How many more people must agree, none of whom has ever decided the case."""
        deciders = {step.name for step in self.steps if step.step in BY_PEOPLE}
        agreed = {step.name for step in self._since_decision() if step.step == "approve"}
        needed: int = (self.decision or {}).get("approvals_needed", 0)
        return max(needed - len(agreed - deciders), 0)

    def _since_decision(self) -> Sequence[Step]:
        last = max((n for n, step in enumerate(self.steps) if step.step in DECIDING), default=-1)
        return self.steps[last + 1 :]

    @property
    def is_confirmed(self) -> bool:
        """Whether the customer said yes to the present decision before anything was sent."""
        steps = self._since_decision()
        before_sending = next(
            (steps[:n] for n, step in enumerate(steps) if step.step == "send"), steps
        )
        return any(
            step.step == "confirm" and step.role == Role.CUSTOMER.value for step in before_sending
        )


def faults(case: CaseOnFile, *, approval_is_pending: bool) -> Iterator[str]:
    """A code for each rule that the case breaks."""
    if (case.steps[-1].state if case.steps else None) != case.state:
        yield "state_not_in_audit"
    if sum(step.step == "settle" for step in case.steps) > 1:
        yield "paid_more_than_once"
    if case.payout_state is not None:
        yield from _payout_faults(case)
    elif case.state == State.CONFIRMED and not (case.approvals_missing and approval_is_pending):
        yield "case_stuck"


def _payout_faults(case: CaseOnFile) -> Iterator[str]:
    if case.payout_key != case.number:
        yield "payout_key_is_not_its_case"
    if not case.is_confirmed:
        yield "payout_not_confirmed"
    if case.approvals_missing:
        yield "payout_not_approved"
