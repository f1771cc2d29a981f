"""Tickets: what a person has to do, each in the queue of those who can.

Knows queues, and that asking twice opens one. Leaves who does it, and what they decide, to the
console and the services it calls.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from actions.domain.clock import Clock
from actions.domain.errors import TicketNotFound
from actions.domain.events import Actor, Role
from actions.domain.refund_case import ALPHABET
from actions.domain.ticket import Category, Priority, Ticket, TicketStatus
from actions.storage.tickets import QueuedTicket
from actions.storage.work import Storage, Work

FINANCE = "finance"
OPERATIONS = "operations"
SUPPORT = "support"
SUPERVISORS = "supervisors"


class Task(StrEnum):
    """Tickets that come from the desk itself; no customer hears of them."""

    PAYOUT = "payout"
    APPROVAL = "approval"
    UNDONE = "undone"


QUEUES: Mapping[Category | Task, str] = {
    Category.HAND_OVER: SUPPORT,
    Category.REVIEW: SUPERVISORS,
    Task.APPROVAL: SUPERVISORS,
    Category.APPEAL: SUPERVISORS,
    Category.COMPLAINT: SUPERVISORS,
    Task.PAYOUT: FINANCE,
    Category.FAILED_PAYOUT: FINANCE,
    Category.CALL_BACK: SUPPORT,
    Task.UNDONE: OPERATIONS,
}

DueBy = Callable[[str, str, datetime], datetime | None]
"""(brand, category, opened at) → when it must be done, None without a promise."""


@dataclass(frozen=True, slots=True)
class NewTicket:
    """What to put before a person. While one with ``key`` is open, no second is opened."""

    brand: str
    category: Category | Task
    reason: str
    key: str
    priority: Priority = Priority.NORMAL
    language: str | None = None
    conversation: str | None = None
    case_number: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


class Tickets:
    """Opens tickets and says where they stand."""

    def __init__(self, storage: Storage, due_by: DueBy, clock: Clock) -> None:
        self._storage = storage
        self._due_by = due_by
        self._clock = clock

    async def hand_over(
        self,
        conversation: str,
        brand: str,
        *,
        language: str,
        reason: str,
        priority: str = "normal",
    ) -> Ticket:
        """Ask for a person to take over a chat; asked again, the same ticket may move forward."""
        new = NewTicket(
            brand,
            Category.HAND_OVER,
            reason,
            key=f"hand_over:{conversation}",
            priority=Priority(priority),
            language=language,
            conversation=conversation,
        )
        async with self._storage.writing() as work:
            ticket = await self.open_in(work, new, by=Actor(Role.CUSTOMER))
            await work.chats.let_a_person_answer(conversation, self._clock())
            return _as_told(ticket, await work.tickets.position(ticket))

    async def open(self, new: NewTicket, *, by: Actor) -> QueuedTicket:
        """Put something before a person, once."""
        async with self._storage.writing() as work:
            return await self.open_in(work, new, by=by)

    async def open_in(self, work: Work, new: NewTicket, *, by: Actor) -> QueuedTicket:
        """Open a ticket in the same transaction as its cause."""
        now = self._clock()
        ticket, is_new = await work.tickets.open(
            QueuedTicket(
                id=_new_id(),
                brand=new.brand,
                category=new.category.value,
                queue=QUEUES[new.category],
                priority=new.priority,
                status=TicketStatus.OPEN,
                reason=new.reason,
                opened_at=now,
                language=new.language,
                conversation=new.conversation,
                case_number=new.case_number,
                due_at=self._due_by(new.brand, new.category, now),
                key=new.key,
                data=new.data,
            )
        )
        if is_new:
            await work.audit.record(
                f"ticket:{ticket.id}",
                "ticket_opened",
                by=by,
                at=now,
                data={"category": ticket.category, "case": ticket.case_number},
            )
            return ticket
        await work.tickets.raise_priority(ticket.id, new.priority, now)
        return await work.tickets.get(ticket.id) or ticket

    async def close_in(self, work: Work, key: str, *, by: Actor) -> None:
        """Close the open ticket with ``key``, if any, in the transaction that settles it."""
        now = self._clock()
        closed = await work.tickets.close(key, now)
        if closed is not None:
            await work.audit.record(f"ticket:{closed}", "ticket_closed", by=by, at=now, data={})

    async def get(self, id: str) -> QueuedTicket:
        """One ticket. Raises ``TicketNotFound``."""
        async with self._storage.reading() as work:
            found = await work.tickets.get(id)
        if found is None:
            raise TicketNotFound()
        return found

    async def in_queue(self, queue: str, brand: str | None = None) -> list[QueuedTicket]:
        """What waits in a queue, the next one first."""
        async with self._storage.reading() as work:
            return await work.tickets.in_queue(queue, brand)


def _new_id() -> str:
    return "T-" + "".join(secrets.choice(ALPHABET) for _ in range(8))


def _as_told(ticket: QueuedTicket, position: int | None) -> Ticket:
    return Ticket(
        id=ticket.id,
        brand=ticket.brand,
        category=Category(ticket.category),
        priority=ticket.priority,
        status=ticket.status,
        reason=ticket.reason,
        opened_at=ticket.opened_at,
        language=ticket.language,
        conversation=ticket.conversation,
        case_number=ticket.case_number,
        position=position,
    )
