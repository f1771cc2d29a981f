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
class Closure:
    """Days of a promise on which nobody works, both included; ``name`` has "zh" and "en"."""

    from_date: date
    to_date: date
    name: Mapping[str, str]

    def as_json(self) -> dict[str, Any]:
        """``{"from", "to", "name"}``."""
        return {
            "from": self.from_date.isoformat(),
            "to": self.to_date.isoformat(),
            "name": dict(self.name),
        }

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Self:
        """Read back what ``as_json`` gave."""
        return cls(
            date.fromisoformat(found["from"]),
            date.fromisoformat(found["to"]),
            dict(found["name"]),
        )


@dataclass(frozen=True, slots=True)
class Promise:
    """The days between which something will have happened, both included, in the brand's zone.

    ``provisional`` when the calendar of working days has not been published that far;
    ``closures`` are the holidays that made it later than plain weekdays would.
    """

    from_date: date
    to_date: date
    provisional: bool = False
    closures: tuple[Closure, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """``{"from", "to", "provisional"}``; the decision's JSON has the closures beside it."""
        return {
            "from": self.from_date.isoformat(),
            "to": self.to_date.isoformat(),
            "provisional": self.provisional,
        }

    @classmethod
    def from_json(cls, found: Mapping[str, Any], closures: tuple[Closure, ...] = ()) -> Self:
        """Read back what ``as_json`` gave."""
        return cls(
            date.fromisoformat(found["from"]),
            date.fromisoformat(found["to"]),
            bool(found["provisional"]),
            closures,
        )


@dataclass(frozen=True, slots=True)
class Decision:
    """An answer with its grounds, under one version of the policy.

    ``amount`` is what goes back; nothing when denied; when a person must look, it is the
    proposal. ``approvals_needed`` people of the queue ``approvals_by``, none of them twice,
    must agree before it is sent. ``pay_out`` is when the money arrives, ``handling`` when a
    person will have decided, ``would_change`` names what could lead to another answer.
    ``explanation`` has the keys "zh" and "en". Raises ``BadDecision`` when its parts
    contradict each other.
    """

    outcome: Outcome
    amount: Money
    clauses: tuple[str, ...]
    refusal_codes: tuple[str, ...]
    approvals_needed: int
    pay_out: Promise | None
    policy_version: str
    explanation: Mapping[str, str]
    approvals_by: str | None = None
    handling: Promise | None = None
    would_change: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.pays != (self.pay_out is not None):
            raise BadDecision("Pay-out dates go with a refund, and only with one.")
        if self.amount.minor < 0 or (self.pays and not self.amount):
            raise BadDecision("A refund is more than nothing.")
        if self.outcome is Outcome.DENIED and (self.amount or not self.refusal_codes):
            raise BadDecision("A refusal has a reason and no amount.")

    @property
    def closures(self) -> tuple[Closure, ...]:
        """The holidays within whichever dates are promised."""
        promise = self.pay_out or self.handling
        return promise.closures if promise else ()

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
            "approvals_by": self.approvals_by,
            "pay_out": self.pay_out.as_json() if self.pay_out else None,
            "handling": self.handling.as_json() if self.handling else None,
            "closures": [closure.as_json() for closure in self.closures],
            "would_change": list(self.would_change),
            "policy_version": self.policy_version,
            "explanation": dict(self.explanation),
        }

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Self:
        """Read back what ``as_json`` gave, here or in a version with fewer keys."""
        closures = tuple(map(Closure.from_json, found.get("closures", ())))
        return cls(
            outcome=Outcome(found["outcome"]),
            amount=Money.parse(found["amount"], found["currency"]),
            clauses=tuple(found["clauses"]),
            refusal_codes=tuple(found["refusal_codes"]),
            approvals_needed=found["approvals_needed"],
            approvals_by=found.get("approvals_by"),
            pay_out=_promise(found["pay_out"], closures),
            handling=_promise(found.get("handling"), closures),
            would_change=tuple(found.get("would_change", ())),
            policy_version=found["policy_version"],
            explanation=dict(found["explanation"]),
        )


def _promise(found: Mapping[str, Any] | None, closures: tuple[Closure, ...]) -> Promise | None:
    return Promise.from_json(found, closures) if found else None
