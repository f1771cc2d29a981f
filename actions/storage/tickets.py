"""Tickets as rows, in queues, with their notes. A save names the ticket it came from, so that of
two people who take the same one only one has it.

Knows rows, locks and the order of a queue. Which queue, how soon and when due is the ticket
service's. A ticket may have a key: while one with that key is open, asking again finds it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from actions.domain.errors import TicketChanged
from actions.domain.ticket import LATE_IN, Note, Priority, TicketOutcome, TicketStatus
from actions.storage.tables import TicketNoteRow, TicketRow

_RANK = {priority.value: priority.rank for priority in Priority}
_UNFINISHED = TicketRow.closed_at.is_(None)


@dataclass(frozen=True, slots=True)
class QueuedTicket:
    """A ticket as its queue has it; ``data`` is what the person needs to do it.

    ``paused_for`` is how long its clock has stood still, in the time that its promise counts;
    ``paused_at`` says since when it does so now.
    """

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
    data: Mapping[str, Any] = field(default_factory=dict, repr=False)
    owner: str | None = None
    reopened_at: datetime | None = None
    first_response_due_at: datetime | None = None
    first_responded_at: datetime | None = None
    first_response_escalated_at: datetime | None = None
    escalated_at: datetime | None = None
    paused_at: datetime | None = None
    paused_for: timedelta = timedelta(0)
    closed_at: datetime | None = None
    outcome: TicketOutcome | None = None

    @property
    def counts_from(self) -> datetime:
        """Since when it waits to be done: its clocks and its place in the queue go by that."""
        return self.reopened_at or self.opened_at


class Tickets:
    """Tickets within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def open(self, ticket: QueuedTicket) -> tuple[QueuedTicket, bool]:
        """Keep ``ticket``, or find the open one with its key and lock it; True if it is new."""
        dialect = self._session.get_bind().dialect.name
        insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
        made = await self._session.execute(
            insert(TicketRow)
            .values(**_values(ticket))
            .on_conflict_do_nothing(index_elements=["key"], index_where=_UNFINISHED)
            .returning(TicketRow.number)
        )
        if made.scalar_one_or_none() is not None:
            return ticket, True
        found = await self.with_key(ticket.key or "")
        # If it has just been closed, there is room for the new one now.
        return (found, False) if found else await self.open(ticket)

    async def save(self, ticket: QueuedTicket, *, was: QueuedTicket, at: datetime) -> None:
        """Write ``ticket``, which was ``was`` when it was read.

        Raises:
            TicketChanged: somebody else has changed it, or opened one with its key, meanwhile.
        """
        try:
            made = await self._session.execute(
                update(TicketRow)
                .where(TicketRow.number == was.id, TicketRow.state == was.status.value)
                .where(TicketRow.owner.is_not_distinct_from(was.owner))
                .where(TicketRow.escalated_at.is_not_distinct_from(was.escalated_at))
                .where(
                    TicketRow.first_response_escalated_at.is_not_distinct_from(
                        was.first_response_escalated_at
                    )
                )
                .values(**_changing(ticket), updated_at=at)
                .returning(TicketRow.number)
                .execution_options(synchronize_session=False)
            )
        except IntegrityError:
            raise TicketChanged() from None
        if made.scalar_one_or_none() is None:
            raise TicketChanged()

    async def get(self, id: str, *, lock: bool = False) -> QueuedTicket | None:
        """One ticket by its id; ``lock`` holds it until the transaction ends."""
        return await self._one(select(TicketRow).where(TicketRow.number == id), lock=lock)

    async def with_key(self, key: str) -> QueuedTicket | None:
        """The one ticket with this key that isn't closed, locked."""
        return await self._one(
            select(TicketRow).where(TicketRow.key == key, _UNFINISHED), lock=True
        )

    async def add_note(self, note: Note) -> int:
        """Append a note; its number."""
        row = TicketNoteRow(ticket=note.ticket, author=note.author, at=note.at, text=note.text)
        self._session.add(row)
        await self._session.flush()
        return row.id

    async def notes(self, id: str) -> list[Note]:
        """A ticket's notes, oldest first."""
        rows = await self._session.scalars(
            select(TicketNoteRow).where(TicketNoteRow.ticket == id).order_by(TicketNoteRow.id)
        )
        return [Note(row.ticket, row.author, row.at, row.text) for row in rows]

    # --- lists -----------------------------------------------------------------------------

    async def in_queue(self, queue: str, brand: str | None = None) -> list[QueuedTicket]:
        """The tickets of a queue that nobody has claimed, the next one first."""
        return await self._all(_unclaimed(queue, brand).order_by(*_order()))

    async def of_owner(self, owner: str) -> list[QueuedTicket]:
        """What somebody has on their hands, the most urgent first."""
        mine = select(TicketRow).where(TicketRow.owner == owner, _UNFINISHED)
        return await self._all(mine.order_by(*_order()))

    async def of_case(self, number: str) -> list[QueuedTicket]:
        """All tickets about a refund case, oldest first."""
        return await self._all(_oldest_first(TicketRow.case_number == number))

    async def of_conversation(self, id: str) -> list[QueuedTicket]:
        """All tickets that came of a conversation, oldest first."""
        return await self._all(_oldest_first(TicketRow.conversation == id))

    async def waits_for(self, conversation: str) -> bool:
        """Whether any ticket waits for the customer of a conversation."""
        waits = TicketRow.state == TicketStatus.WAITING_ON_CUSTOMER.value
        wanted = select(TicketRow.number).where(TicketRow.conversation == conversation, waits)
        return await self._session.scalar(wanted.limit(1)) is not None

    async def waiting_on(self, conversation: str) -> list[QueuedTicket]:
        """The tickets that wait for the customer of a conversation, locked."""
        waits = TicketRow.state == TicketStatus.WAITING_ON_CUSTOMER.value
        return await self._all(
            select(TicketRow)
            .where(TicketRow.conversation == conversation, waits)
            .order_by(TicketRow.number)
            .with_for_update()
        )

    async def overdue(self, now: datetime, brand: str | None = None) -> list[QueuedTicket]:
        """What is late, the most urgent first; a ticket that waits on its customer is not."""
        late = or_(_answer_is_late(now), TicketRow.due_at < now)
        wanted = select(TicketRow).where(_in_hand(), late).order_by(*_order())
        return await self._all(wanted.where(TicketRow.brand == brand) if brand else wanted)

    async def to_escalate(self, now: datetime) -> list[str]:
        """The ids of tickets with a deadline that has passed and that nobody has noticed."""
        unseen = or_(
            and_(_answer_is_late(now), TicketRow.first_response_escalated_at.is_(None)),
            and_(TicketRow.due_at < now, TicketRow.escalated_at.is_(None)),
        )
        found = await self._session.scalars(
            select(TicketRow.number).where(_in_hand(), unseen).order_by(TicketRow.number)
        )
        return list(found)

    async def position(self, ticket: QueuedTicket) -> int | None:
        """The place of an unclaimed ticket among its brand's in the queue, 1 being next."""
        if ticket.status is not TicketStatus.OPEN:
            return None
        waiting = _unclaimed(ticket.queue, ticket.brand).where(_ahead_of(ticket))
        ahead = await self._session.scalar(select(func.count()).select_from(waiting.subquery()))
        return (ahead or 0) + 1

    async def _one(self, wanted: Select[Any], *, lock: bool) -> QueuedTicket | None:
        if lock:
            wanted = wanted.with_for_update()
        found = await self._all(wanted)
        return found[0] if found else None

    async def _all(self, wanted: Select[Any]) -> list[QueuedTicket]:
        rows = await self._session.scalars(wanted.execution_options(populate_existing=True))
        return [_ticket(row) for row in rows]


# --- conditions ----------------------------------------------------------------------------


def _unclaimed(queue: str, brand: str | None) -> Select[Any]:
    wanted = select(TicketRow).where(
        TicketRow.queue == queue, TicketRow.state == TicketStatus.OPEN.value
    )
    return wanted if brand is None else wanted.where(TicketRow.brand == brand)


def _oldest_first(condition: ColumnElement[bool]) -> Select[Any]:
    return select(TicketRow).where(condition).order_by(TicketRow.opened_at, TicketRow.number)


def _in_hand() -> ColumnElement[bool]:
    return and_(_UNFINISHED, TicketRow.state.in_([status.value for status in LATE_IN]))


def _answer_is_late(now: datetime) -> ColumnElement[bool]:
    return and_(TicketRow.first_responded_at.is_(None), TicketRow.first_response_due_at < now)


def _rank() -> ColumnElement[int]:
    return case(_RANK, value=TicketRow.priority, else_=len(_RANK))


def _since() -> ColumnElement[datetime]:
    return func.coalesce(TicketRow.reopened_at, TicketRow.opened_at)


def _order() -> tuple[Any, ...]:
    """The more urgent first, then whoever has waited longest.

    Not by when it is due: a customer who has been told a place would fall back behind whoever
    comes later with a shorter promise. What is late rises by its priority.
    """
    return _rank(), _since(), TicketRow.number


def _ahead_of(ticket: QueuedTicket) -> ColumnElement[bool]:
    rank, since = ticket.priority.rank, ticket.counts_from
    earlier = or_(_since() < since, and_(_since() == since, TicketRow.number < ticket.id))
    return or_(_rank() < rank, and_(_rank() == rank, earlier))


# --- rows ----------------------------------------------------------------------------------


def _changing(ticket: QueuedTicket) -> dict[str, Any]:
    return {
        "queue": ticket.queue,
        "priority": ticket.priority.value,
        "state": ticket.status.value,
        "owner": ticket.owner,
        "data": dict(ticket.data),
        "reopened_at": ticket.reopened_at,
        "first_response_due_at": ticket.first_response_due_at,
        "first_responded_at": ticket.first_responded_at,
        "first_response_escalated_at": ticket.first_response_escalated_at,
        "due_at": ticket.due_at,
        "escalated_at": ticket.escalated_at,
        "paused_at": ticket.paused_at,
        "paused_seconds": int(ticket.paused_for.total_seconds()),
        "closed_at": ticket.closed_at,
        "outcome": ticket.outcome.value if ticket.outcome else None,
    }


def _values(ticket: QueuedTicket) -> dict[str, Any]:
    return _changing(ticket) | {
        "number": ticket.id,
        "brand": ticket.brand,
        "category": ticket.category,
        "language": ticket.language,
        "reason": ticket.reason,
        "conversation": ticket.conversation,
        "case_number": ticket.case_number,
        "key": ticket.key,
        "opened_at": ticket.opened_at,
        "updated_at": ticket.opened_at,
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
        owner=row.owner,
        reopened_at=row.reopened_at,
        first_response_due_at=row.first_response_due_at,
        first_responded_at=row.first_responded_at,
        first_response_escalated_at=row.first_response_escalated_at,
        escalated_at=row.escalated_at,
        paused_at=row.paused_at,
        paused_for=timedelta(seconds=row.paused_seconds),
        closed_at=row.closed_at,
        outcome=TicketOutcome(row.outcome) if row.outcome else None,
    )
