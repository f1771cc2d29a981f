"""A refund case: its states, the one place where they change, and its tracking number.

What a case is decided to be is left to ``policy``; saving it, so that of two writers one
wins, is left to ``storage``.
"""

import random
import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from actions.domain.appeal import MOST_APPEALS
from actions.domain.decision import Decision, Outcome, Promise
from actions.domain.errors import IllegalMove, SamePerson
from actions.domain.events import Actor, CaseMoved
from actions.domain.order import Method


class State(StrEnum):
    """Where a case stands; ``decided`` is told apart further by its decision's outcome."""

    DRAFT = "draft"
    VERIFIED = "verified"
    DECIDED = "decided"
    CONFIRMED = "confirmed"
    PAYING = "paying"
    PAID = "paid"
    FAILED = "failed"
    WITHDRAWN = "withdrawn"
    APPEALED = "appealed"


MOVES: dict[tuple[State, str], State] = {
    (State.DRAFT, "verify"): State.VERIFIED,
    (State.VERIFIED, "decide"): State.DECIDED,
    (State.DECIDED, "decide"): State.DECIDED,
    (State.DECIDED, "review"): State.DECIDED,
    (State.DECIDED, "confirm"): State.CONFIRMED,
    (State.DECIDED, "appeal"): State.APPEALED,
    (State.APPEALED, "review"): State.DECIDED,
    (State.CONFIRMED, "approve"): State.CONFIRMED,
    (State.CONFIRMED, "refuse"): State.DECIDED,
    (State.CONFIRMED, "send"): State.PAYING,
    (State.PAYING, "settle"): State.PAID,
    (State.PAYING, "fail"): State.FAILED,
    (State.FAILED, "send"): State.PAYING,
    (State.DRAFT, "withdraw"): State.WITHDRAWN,
    (State.VERIFIED, "withdraw"): State.WITHDRAWN,
    (State.DECIDED, "withdraw"): State.WITHDRAWN,
    (State.APPEALED, "withdraw"): State.WITHDRAWN,
    # Not sent yet: the payout finds the case withdrawn and is dropped.
    (State.CONFIRMED, "withdraw"): State.WITHDRAWN,
}
"""(state, step) → state. "decide" is the engine's step, "review" a person's; where more people
must agree before the money is sent, "approve" is one's yes and "refuse" one's no.
"""

APPEALABLE = frozenset({Outcome.DENIED, Outcome.PARTIAL})
"""Answers that leave the customer something to appeal against."""

_BY_ANOTHER = frozenset({"review", "approve", "refuse"})
"""Steps for someone who has had no say in the case yet: maker and checker are two people."""

CLOSED = frozenset({State.PAID, State.WITHDRAWN})
"""States in which a case no longer stands in the way of another for the same order."""


@dataclass(frozen=True, slots=True)
class Destination:
    """Where the money goes back to: always the way it came."""

    method: Method
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class CaseStatus:
    """What may be said of a case to someone who knows only its number and e-mail."""

    number: str
    state: State
    outcome: Outcome | None
    pay_out: Promise | None
    opened_at: datetime
    updated_at: datetime


@dataclass(slots=True)
class RefundCase:
    """One request for one order's money, from the asking to the paying.

    ``reason`` is the customer's, a code or their own words; ``approved_by`` names the staff
    who agreed to the present decision's payout, ``reviewed_by`` those who have ever decided
    the case, in order; ``appeals`` counts them. ``version`` counts the times it was saved.
    Times are aware and in UTC.
    """

    number: str
    brand: str
    order_number: str
    account_id: str
    conversation: str | None
    state: State
    decision: Decision | None
    destination: Destination
    opened_at: datetime
    updated_at: datetime
    reason: str | None = None
    approved_by: tuple[str, ...] = ()
    reviewed_by: tuple[str, ...] = ()
    appeals: int = 0
    version: int = 0

    @property
    def awaits_approval(self) -> bool:
        """Whether a person must still agree before the money may be sent; no decider counts."""
        needed = self.decision.approvals_needed if self.decision else 0
        return len(set(self.approved_by) - set(self.reviewed_by)) < needed

    @property
    def awaits_review(self) -> bool:
        """Whether it is a person's turn to decide."""
        if self.state is State.APPEALED:
            return True
        outcome = self.decision.outcome if self.decision else None
        return self.state is State.DECIDED and outcome is Outcome.NEEDS_REVIEW

    @property
    def can_be_appealed(self) -> bool:
        """Whether its decision is one that may be appealed; the time for it is not looked at."""
        outcome = self.decision.outcome if self.decision else None
        return self.state is State.DECIDED and outcome in APPEALABLE

    @property
    def is_open(self) -> bool:
        """Whether this case still stands in the way of another for the same order."""
        return self.state not in CLOSED

    @property
    def status(self) -> CaseStatus:
        """What may be said of it without naming the amount."""
        return CaseStatus(
            number=self.number,
            state=self.state,
            outcome=self.decision.outcome if self.decision else None,
            pay_out=self.decision.pay_out if self.decision else None,
            opened_at=self.opened_at,
            updated_at=self.updated_at,
        )


def move(case: RefundCase, step: str, *, by: Actor, at: datetime) -> CaseMoved:
    """Change ``case.state``; no other code may. Raises ``IllegalMove`` or ``SamePerson``.

    Whoever decides, reviews or refuses puts the decision on the case first; who did it is
    noted here.
    """
    was = case.state
    if (was, step) not in MOVES or not _grounds_for(case, step, by):
        raise IllegalMove(case.number, was, step)
    if step in _BY_ANOTHER and by.name in (*case.reviewed_by, *case.approved_by):
        raise SamePerson()
    case.state = MOVES[was, step]
    case.updated_at = at
    _note(case, step, by)
    return CaseMoved(case.number, was, case.state, by, at)


def _grounds_for(case: RefundCase, step: str, by: Actor) -> bool:
    """What a step needs beyond the right state, so that no money can move without it."""
    if step in _BY_ANOTHER and not (by.role.is_staff and by.name):
        return False
    if step in ("decide", "review"):
        return case.decision is not None
    if step == "refuse":
        return case.decision is not None and case.decision.outcome is Outcome.DENIED
    if step == "approve":
        return case.awaits_approval
    if step == "confirm":
        return case.decision is not None and case.decision.pays
    if step == "send":
        return case.decision is not None and case.decision.pays and not case.awaits_approval
    if step == "appeal":
        return case.can_be_appealed and case.appeals < MOST_APPEALS
    return True


def _note(case: RefundCase, step: str, by: Actor) -> None:
    """Keep who has had a say; a new decision needs new approvals."""
    if step in ("review", "refuse"):
        case.reviewed_by = (*case.reviewed_by, by.name)
    if step in ("decide", "review", "refuse"):
        case.approved_by = ()
    elif step == "approve":
        case.approved_by = (*case.approved_by, by.name)
    elif step == "appeal":
        case.appeals += 1


# --- tracking numbers ----------------------------------------------------------------------

# Without 0 O Q, 1 I L, 2 Z, 5 S, 8 B, U V (V stays). That leaves 23, a prime, which is what
# lets one check character catch every single wrong character and every swapped pair.
ALPHABET = "34679ACDEFGHJKMNPRTVWXY"
PREFIX = "RF-"
BODY_LENGTH = 9

_NUMBER = re.compile(rf"{PREFIX}[{ALPHABET}]{{{BODY_LENGTH + 1}}}")


def _check_character(body: str) -> str:
    total = sum(place * ALPHABET.index(char) for place, char in enumerate(body, start=1))
    return ALPHABET[total % len(ALPHABET)]


def new_number(random: random.Random) -> str:
    """A fresh tracking number: ``RF-``, nine random characters and a check character.

    Live code passes ``random.SystemRandom()``: a number must not be guessable from others.
    """
    body = "".join(random.choice(ALPHABET) for _ in range(BODY_LENGTH))
    return PREFIX + body + _check_character(body)


def is_number(text: str) -> bool:
    """Whether ``text`` is exactly a tracking number, check character included."""
    return _NUMBER.fullmatch(text) is not None and text[-1] == _check_character(text[3:-1])


def normalise_number(text: str) -> str | None:
    """A tracking number as people type it → its one spelling, or None when it is none.

    Case, full-width characters, spaces, dashes and a missing prefix don't matter.
    """
    plain = re.sub(r"[^0-9A-Z]", "", unicodedata.normalize("NFKC", text).upper())
    body = plain.removeprefix("RF") if len(plain) == BODY_LENGTH + 3 else plain
    number = PREFIX + body
    return number if is_number(number) else None
