"""A case's facts and decision without the person they were about.

Knows which parts of them are personal. What is left is still read as facts: amounts, dates, clauses
and the codes of reasons stay, so that the books add up and a decision can be looked at again.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from actions.domain.refund_case import is_number
from actions.policy.grounds import Reason
from actions.services.personal_data import ERASED_WORDS

ERASED_EXPLANATION = {"zh": "（说明已抹去）", "en": "(the explanation was erased)"}


@dataclass(frozen=True, slots=True)
class Pseudonym:
    """What one account is called from now on. Means of payment that were equal stay so: each is
    hashed with a salt that is kept nowhere.
    """

    account_id: str
    name: str
    email: str
    salt: str = field(default_factory=lambda: secrets.token_hex(16), repr=False)

    def instead_of(self, instrument: str | None) -> str | None:
        """What stands for a means of payment; it can't be led back to it."""
        if instrument is None:
            return None
        return "erased-" + hashlib.sha256((self.salt + instrument).encode()).hexdigest()[:16]


def erased_reason(reason: str | None) -> str | None:
    """A code stays; the customer's own words go."""
    return reason if reason is None or reason in set(Reason) else ERASED_WORDS


def erased_decision(decision: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The decision without its explanation, which may have been a person's own words."""
    return dict(decision) | {"explanation": ERASED_EXPLANATION} if decision else None


def erased_facts(
    facts: Mapping[str, Any] | None, who: Pseudonym, *, whole: bool = True
) -> dict[str, Any] | None:
    """The facts without ``who``; unless ``whole``, the case is another's and only their orders
    are meant.
    """
    if facts is None:
        return None
    orders = [facts.get("order") or {}, *facts.get("other_orders", ())]
    theirs = {order.get("order_number") for order in orders if _is_theirs(order, who)}
    left = dict(facts)
    if "order" in facts:
        left["order"] = _order(facts["order"], who)
    left["other_orders"] = [_order(each, who) for each in facts.get("other_orders", ())]
    left["refunds"] = [_refund(each, theirs) for each in facts.get("refunds", ())]
    if whole:
        known = {"name": who.name, "email": who.email, "language": None}
        left["account"] = dict(facts.get("account") or {}) | known
        left["reason"] = erased_reason(facts.get("reason"))
    return left


def _is_theirs(order: Mapping[str, Any], who: Pseudonym) -> bool:
    return order.get("account") == who.account_id


def _order(order: Mapping[str, Any], who: Pseudonym) -> dict[str, Any]:
    if not _is_theirs(order, who):
        return dict(order)
    payment = dict(order.get("payment") or {})
    payment |= {
        "hint": None,
        "reference": None,
        "instrument": who.instead_of(payment.get("instrument")),
    }
    return dict(order) | {"last_used_at": None, "payment": payment}


def _refund(refund: Mapping[str, Any], theirs: set[Any]) -> dict[str, Any]:
    reference = refund.get("reference")
    if refund.get("order_number") not in theirs or is_number(reference or ""):
        return dict(refund)
    return dict(refund) | {"reference": None}
