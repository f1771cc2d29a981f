"""The cancelling of an order's auto-renewal, as a case of its own: its states and their moves.

Whether an order renews at all is in the brand's records; saving a move, so that of two writers
one wins, is left to ``storage``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from actions.domain.errors import IllegalMove
from actions.domain.events import Actor
from actions.domain.money import Money
from actions.domain.order import Kind

RENEWING_KINDS = frozenset({Kind.PURCHASE, Kind.RENEWAL, Kind.UPGRADE})
"""What subscribers buy; nothing else renews by itself."""


class RenewalState(StrEnum):
    """How far a customer's wish has come."""

    REQUESTED = "requested"
    DONE = "done"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


RENEWAL_MOVES: dict[tuple[RenewalState, str], RenewalState] = {
    (RenewalState.REQUESTED, "finish"): RenewalState.DONE,
    (RenewalState.REQUESTED, "refuse"): RenewalState.REFUSED,
    (RenewalState.REQUESTED, "withdraw"): RenewalState.WITHDRAWN,
}
"""(state, step) → state."""


@dataclass(frozen=True, slots=True)
class NextCharge:
    """What auto-renewal would take next: from which day on, and how much the last term cost."""

    on: date | None = None
    amount: Money | None = None


@dataclass(slots=True)
class RenewalCancellation:
    """One wish to end an order's auto-renewal. It counts from ``asked_at``, whenever it is done.

    ``next_charge`` is what it saves the customer; ``refusal`` says under "zh" and "en" why one
    was refused.
    """

    number: str
    brand: str
    order_number: str
    account_id: str
    conversation: str | None
    state: RenewalState
    asked_at: datetime
    updated_at: datetime
    next_charge: NextCharge
    refusal: Mapping[str, str] | None = None


def move_renewal(case: RenewalCancellation, step: str, *, by: Actor, at: datetime) -> RenewalState:
    """Change ``case.state``, which no other code may; the state it was in.

    Raises ``IllegalMove``, also where a customer or a machine would finish or refuse it.
    """
    was = case.state
    theirs = step == "withdraw" or by.role.is_staff
    if (was, step) not in RENEWAL_MOVES or not theirs:
        raise IllegalMove(case.number, was, step)
    case.state, case.updated_at = RENEWAL_MOVES[was, step], at
    return was
