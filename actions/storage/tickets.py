"""Tickets as rows, in queues. Which queue, how soon and when due is the ticket service's.

A ticket may have a key: while one with that key is open, asking again finds it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from actions.domain.ticket import Priority, TicketStatus
from actions.storage.tables import TicketRow

_RANK = {Priority.URGENT.value: 0, Priority.HIGH.value: 1, Priority.NORMAL.value: 2}


@dataclass(frozen=True, slots=True)
class QueuedTicket:
    """A ticket as its queue has it; ``data`` is what the person needs to do it."""

    id: str
    brand: str
    category: str
    queue: str
    priority: Priority
    status: TicketStatus
    reason: str
    opened_at: datetime
    language: str | None = None
    conversation: str | None = None
    case_number: str | None = None
    due_at: datetime | None = None
    key: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


class Tickets:
    """Tickets within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def open(self, ticket: QueuedTicket) -> tuple[QueuedTicket, bool]:
        """Keep ``ticket``, or find the open one with its key; True if it is new."""
        dialect = self._session.get_bind().dialect.name
        insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
        made = await self._session.execute(
            insert(TicketRow)
            .values(**_values(ticket))
            .on_conflict_do_nothing(
                index_elements=["key"], index_where=TicketRow.closed_at.is_(None)
            )
            .returning(TicketRow.number)
        )
        if made.scalar_one_or_none() is not None:
            return ticket, True
        rows = await self._session.scalars(
            select(TicketRow).where(TicketRow.key == ticket.key, TicketRow.closed_at.is_(None))
        )
        return _ticket(rows.one()), False

    async def raise_priority(self, id: str, priority: Priority, at: datetime) -> None:
        """Move an open ticket forward; its place never gets worse."""
        await self._session.execute(
            update(TicketRow)
            .where(TicketRow.number == id, _rank() > _RANK[priority.value])
            .values(priority=priority.value, updated_at=at)
        )

    async def close(self, key: str, at: datetime) -> str | None:
        """Close the open ticket with this key; its id, or None if there is none."""
        made = await self._session.execute(
            update(TicketRow)
            .where(TicketRow.key == key, TicketRow.closed_at.is_(None))
            .values(state=TicketStatus.CLOSED.value, closed_at=at, updated_at=at)
            .returning(TicketRow.number)
        )
        return made.scalar_one_or_none()

    async def get(self, id: str) -> QueuedTicket | None:
        """One ticket by its id."""
        row = await self._session.get(TicketRow, id, populate_existing=True)
        return _ticket(row) if row else None

    async def in_queue(self, queue: str, brand: str | None = None) -> list[QueuedTicket]:
        """The tickets of a queue that nobody has claimed, the next one first."""
        wanted = select(TicketRow).where(
            TicketRow.queue == queue, TicketRow.state == TicketStatus.OPEN.value
        )
        if brand is not None:
            wanted = wanted.where(TicketRow.brand == brand)
        rows = await self._session.scalars(
            wanted.order_by(_rank(), TicketRow.opened_at, TicketRow.number)
        )
        return [_ticket(row) for row in rows]

    async def position(self, ticket: QueuedTicket) -> int | None:
        """The place of an unclaimed ticket among its brand's in the queue, 1 being next."""
        if ticket.status is not TicketStatus.OPEN:
            return None
        ahead = await self._session.scalar(
            select(func.count())
            .select_from(TicketRow)
            .where(
                TicketRow.queue == ticket.queue,
                TicketRow.brand == ticket.brand,
                TicketRow.state == TicketStatus.OPEN.value,
                _ahead_of(ticket),
            )
        )
        return (ahead or 0) + 1


def _rank() -> ColumnElement[int]:
    return case(_RANK, value=TicketRow.priority, else_=len(_RANK))


def _ahead_of(ticket: QueuedTicket) -> ColumnElement[bool]:
    rank = _RANK[ticket.priority.value]
    earlier = or_(
        TicketRow.opened_at < ticket.opened_at,
        and_(TicketRow.opened_at == ticket.opened_at, TicketRow.number < ticket.id),
    )
    return or_(_rank() < rank, and_(_rank() == rank, earlier))


def _values(ticket: QueuedTicket) -> dict[str, Any]:
    return {
        "number": ticket.id,
        "brand": ticket.brand,
        "category": ticket.category,
        "queue": ticket.queue,
        "priority": ticket.priority.value,
        "state": ticket.status.value,
        "language": ticket.language,
        "reason": ticket.reason,
        "conversation": ticket.conversation,
        "case_number": ticket.case_number,
        "data": dict(ticket.data),
        "key": ticket.key,
        "opened_at": ticket.opened_at,
        "updated_at": ticket.opened_at,
        "due_at": ticket.due_at,
    }


def _ticket(row: TicketRow) -> QueuedTicket:
    return QueuedTicket(
        id=row.number,
        brand=row.brand,
        category=row.category,
        queue=row.queue,
        priority=Priority(row.priority),
        status=TicketStatus(row.state),
        reason=row.reason,
        opened_at=row.opened_at,
        language=row.language,
        conversation=row.conversation,
        case_number=row.case_number,
        due_at=row.due_at,
        key=row.key,
        data=row.data,
    )
