"""What the policy answers to a refund request. How it comes to the answer is ``policy``'s."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Self

from actions.domain.errors import BadDecision
from actions.domain.money import Money


class Outcome(StrEnum):
    """The four answers there are."""

    APPROVED = "approved"
    PARTIAL = "partial"
    DENIED = "denied"
    NEEDS_REVIEW = "needs_review"


@dataclass(frozen=True, slots=True)
class PayOut:
    """The days between which the money arrives, both included, in the brand's zone.

    ``provisional`` when the calendar of working days has not been published that far.
    """

    from_date: date
    to_date: date
    provisional: bool = False

    def as_json(self) -> dict[str, Any]:
        """As the decision's JSON has it: ``{"from", "to", "provisional"}``."""
        return {
            "from": self.from_date.isoformat(),
            "to": self.to_date.isoformat(),
            "provisional": self.provisional,
        }

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Self:
        """Read back what ``as_json`` gave."""
        return cls(
            date.fromisoformat(found["from"]),
            date.fromisoformat(found["to"]),
            bool(found["provisional"]),
        )


@dataclass(frozen=True, slots=True)
class Decision:
    """An answer with its grounds, under one version of the policy.

    ``amount`` is what goes back; nothing when denied; when a person must look, it is the
    proposal. ``explanation`` has the keys "zh" and "en". Raises ``BadDecision`` when its
    parts contradict each other.
    """

    outcome: Outcome
    amount: Money
    clauses: tuple[str, ...]
    refusal_codes: tuple[str, ...]
    approvals_needed: int
    pay_out: PayOut | None
    policy_version: str
    explanation: Mapping[str, str]

    def __post_init__(self) -> None:
        if self.pays != (self.pay_out is not None):
            raise BadDecision("Pay-out dates go with a refund, and only with one.")
        if self.amount.minor < 0 or (self.pays and not self.amount):
            raise BadDecision("A refund is more than nothing.")
        if self.outcome is Outcome.DENIED and (self.amount or not self.refusal_codes):
            raise BadDecision("A refusal has a reason and no amount.")

    @property
    def pays(self) -> bool:
        """Whether money goes back once the customer has confirmed."""
        return self.outcome in (Outcome.APPROVED, Outcome.PARTIAL)

    def as_json(self) -> dict[str, Any]:
        """The decision as it is stored, exported and printed by ``desk decide``."""
        return {
            "outcome": self.outcome.value,
            "amount": self.amount.decimal_text(),
            "currency": self.amount.currency,
            "clauses": list(self.clauses),
            "refusal_codes": list(self.refusal_codes),
            "approvals_needed": self.approvals_needed,
            "pay_out": self.pay_out.as_json() if self.pay_out else None,
            "policy_version": self.policy_version,
            "explanation": dict(self.explanation),
        }

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Self:
        """Read back what ``as_json`` gave."""
        return cls(
            outcome=Outcome(found["outcome"]),
            amount=Money.parse(found["amount"], found["currency"]),
            clauses=tuple(found["clauses"]),
            refusal_codes=tuple(found["refusal_codes"]),
            approvals_needed=found["approvals_needed"],
            pay_out=PayOut.from_json(found["pay_out"]) if found["pay_out"] else None,
            policy_version=found["policy_version"],
            explanation=dict(found["explanation"]),
        )
