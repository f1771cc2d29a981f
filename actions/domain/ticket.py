"""A ticket: something a person has to look at. Queues and clocks are left to the services."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Category(StrEnum):
    """Why a person is needed."""

    HAND_OVER = "hand_over"
    REVIEW = "review"
    APPEAL = "appeal"
    COMPLAINT = "complaint"
    FAILED_PAYOUT = "failed_payout"
    CALL_BACK = "call_back"


class Priority(StrEnum):
    """How soon; a threat of complaint raises it."""

    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"


class TicketStatus(StrEnum):
    """Whether somebody is at it."""

    OPEN = "open"
    CLAIMED = "claimed"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Ticket:
    """One thing for one person to do.

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
