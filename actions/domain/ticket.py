"""A ticket: something a person has to look at, and the one table of how it moves.

Queues and clocks are left to the services; saving a move so that of two people one wins, to
``storage``.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from actions.domain.errors import IllegalTicketMove


class Category(StrEnum):
    """Why a person is needed."""

    HAND_OVER = "hand_over"
    REVIEW = "review"
    APPEAL = "appeal"
    COMPLAINT = "complaint"
    FAILED_PAYOUT = "failed_payout"
    CALL_BACK = "call_back"


class Task(StrEnum):
    """Why a person is needed where the need is the desk's own; no customer hears of these."""

    PAYOUT = "payout"
    APPROVAL = "approval"
    RENEWAL = "renewal"
    UNDONE = "undone"


class Queue(StrEnum):
    """Whose work it is."""

    SUPPORT = "support"
    SUPERVISORS = "supervisors"
    FINANCE = "finance"
    OPERATIONS = "operations"


class Priority(StrEnum):
    """How soon; a threat of complaint raises it, and so does being late."""

    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"

    @property
    def rank(self) -> int:
        """Its place among the others, the most urgent being 0."""
        return _BY_RANK.index(self)

    @property
    def raised(self) -> "Priority":
        """One step more urgent, as far as there is one."""
        return _BY_RANK[max(self.rank - 1, 0)]


_BY_RANK = (Priority.URGENT, Priority.HIGH, Priority.NORMAL)


class TicketStatus(StrEnum):
    """Whether somebody is at it."""

    OPEN = "open"
    CLAIMED = "claimed"
    WAITING_ON_CUSTOMER = "waiting_on_customer"
    CLOSED = "closed"


class TicketOutcome(StrEnum):
    """How a ticket ended."""

    SOLVED = "solved"
    DECLINED = "declined"
    DUPLICATE = "duplicate"
    UNREACHABLE = "unreachable"
    SETTLED = "settled"
    """What it was about was settled elsewhere: by its case, or by the customer."""


class Threat(StrEnum):
    """What a customer threatens to do about it; any of them makes a complaint urgent."""

    REGULATOR = "regulator"
    LAWYER = "lawyer"
    CHARGEBACK = "chargeback"
    PUBLICITY = "publicity"


class ClockState(StrEnum):
    """How a ticket stands against one of its two promises."""

    NONE = "none"
    RUNNING = "running"
    DUE_SOON = "due_soon"
    LATE = "late"
    PAUSED = "paused"
    KEPT = "kept"
    MISSED = "missed"


_OPEN, _CLAIMED = TicketStatus.OPEN, TicketStatus.CLAIMED
_WAITING, _CLOSED = TicketStatus.WAITING_ON_CUSTOMER, TicketStatus.CLOSED

TICKET_MOVES: dict[tuple[TicketStatus, str], TicketStatus] = {
    (_OPEN, "claim"): _CLAIMED,
    (_OPEN, "assign"): _CLAIMED,
    (_CLAIMED, "assign"): _CLAIMED,
    (_WAITING, "assign"): _WAITING,
    (_CLAIMED, "release"): _OPEN,
    (_WAITING, "release"): _OPEN,
    (_CLAIMED, "wait_on_customer"): _WAITING,
    (_WAITING, "resume"): _CLAIMED,
    # Another queue's people don't know who had it: it waits for one of them.
    (_OPEN, "move_to_queue"): _OPEN,
    (_CLAIMED, "move_to_queue"): _OPEN,
    (_WAITING, "move_to_queue"): _OPEN,
    (_OPEN, "close"): _CLOSED,
    (_CLAIMED, "close"): _CLOSED,
    (_WAITING, "close"): _CLOSED,
    (_CLOSED, "reopen"): _OPEN,
}
"""(status, step) → status."""

LATE_IN = frozenset({_OPEN, _CLAIMED})
"""In which a clock runs; it stands still while the customer is waited on."""

STAFF_ONLY = frozenset({"claim", "assign", "release", "wait_on_customer", "move_to_queue"})
"""Steps that neither a customer nor a machine takes."""


def status_after(id: str, was: TicketStatus, step: str) -> TicketStatus:
    """The status that ``step`` leads to from ``was``. Raises ``IllegalTicketMove``."""
    if (was, step) not in TICKET_MOVES:
        raise IllegalTicketMove(id, was, step)
    return TICKET_MOVES[was, step]


@dataclass(frozen=True, slots=True)
class Note:
    """What somebody wrote down on a ticket, for staff only; it is never changed."""

    ticket: str
    author: str
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Ticket:
    """One thing for one person to do, as a customer is told of it.

    ``language`` is the customer's; ``reason`` is a short note for staff, without personal
    data; ``position`` is the place in the queue, 1 being next, None once claimed or closed.
    """

    id: str
    brand: str
    category: Category
    priority: Priority
    status: TicketStatus
    reason: str
    opened_at: datetime
    language: str | None = None
    conversation: str | None = None
    case_number: str | None = None
    position: int | None = None
