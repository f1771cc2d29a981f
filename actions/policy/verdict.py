"""A rule's answer, and the four ways to give one. The rules themselves are in ``rules``."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from actions.domain.decision import Outcome
from actions.domain.money import Money
from actions.policy.facts import Facts
from actions.policy.grounds import Ground

Detail = Money | date | int | str


@dataclass(frozen=True, slots=True)
class Verdict:
    """One rule's answer: what, how much, why, and the details its words need."""

    outcome: Outcome
    amount: Money
    grounds: tuple[Ground, ...]
    details: Mapping[str, Detail] = field(default_factory=dict)

    @property
    def pays(self) -> bool:
        """Whether money goes back."""
        return self.outcome in (Outcome.APPROVED, Outcome.PARTIAL)


PASS = None
"""What a rule answers when its question is not this request's."""


def approve(facts: Facts, ground: Ground, **details: Detail) -> Verdict:
    """All that has not gone back yet goes back."""
    return Verdict(Outcome.APPROVED, facts.remaining, (ground,), details)


def part(facts: Facts, ground: Ground, amount: Money, /, **details: Detail) -> Verdict:
    """Some of it goes back, and never more than is left."""
    return Verdict(Outcome.PARTIAL, min(amount, facts.remaining), (ground,), details)


def deny(facts: Facts, ground: Ground, **details: Detail) -> Verdict:
    """Nothing goes back."""
    nothing = Money.zero(facts.order.amount.currency)
    return Verdict(Outcome.DENIED, nothing, (ground,), details)


def review(
    facts: Facts, ground: Ground, proposal: Money | None = None, /, **details: Detail
) -> Verdict:
    """A person decides; ``proposal`` is what the engine would give."""
    nothing = Money.zero(facts.order.amount.currency)
    amount = min(proposal, facts.remaining) if proposal else nothing
    return Verdict(Outcome.NEEDS_REVIEW, amount, (ground,), details)
