"""Tickets: what a person has to do, each in the queue of those who can.

Knows queues, that asking twice opens one, and how to find tickets. What people do with them is
left to ``ticket_handling``, and what they decide, to the console and the services it calls.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from actions.domain.errors import Fault, InputRefused, TicketNotFound
from actions.domain.events import Actor
from actions.domain.refund_case import ALPHABET
from actions.domain.ticket import (
    Category,
    Note,
    Priority,
    Queue,
    Task,
    Threat,
    Ticket,
    TicketOutcome,
    TicketStatus,
)
from actions.services.inputs import text_of
from actions.services.service_levels import Standing
from actions.services.ticket_handling import CUSTOMER, TicketHandling
from actions.storage.tickets import QueuedTicket
from actions.storage.work import Work

__all__ = [
    "FINANCE",
    "OPERATIONS",
    "QUEUES",
    "SUPERVISORS",
    "SUPPORT",
    "NewTicket",
    "Task",
    "Tickets",
]

FINANCE = Queue.FINANCE.value
OPERATIONS = Queue.OPERATIONS.value
SUPPORT = Queue.SUPPORT.value
SUPERVISORS = Queue.SUPERVISORS.value

QUEUES: Mapping[Category | Task, str] = {
    Category.HAND_OVER: SUPPORT,
    Category.REVIEW: SUPERVISORS,
    Task.APPROVAL: SUPERVISORS,
    Category.APPEAL: SUPERVISORS,
    Category.COMPLAINT: SUPERVISORS,
    Task.PAYOUT: FINANCE,
    Category.FAILED_PAYOUT: FINANCE,
    Category.CALL_BACK: SUPPORT,
    Task.RENEWAL: OPERATIONS,
    Task.UNDONE: OPERATIONS,
}

LONGEST_TIME_WISH = 200
NO_PHONE = "请填写 7–15 位数字的电话号码 · must be a phone number of 7 to 15 digits"

_PHONE = re.compile(r"\+?[0-9]{7,15}")
_BETWEEN_DIGITS = re.compile(r"[\s().\-‐-―]")


@dataclass(frozen=True, slots=True)
class NewTicket:
    """What to put before a person. While one with ``key`` is open, no second is opened."""

    brand: str
    category: Category | Task
    reason: str
    key: str | None
    priority: Priority = Priority.NORMAL
    language: str | None = None
    conversation: str | None = None
    case_number: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict, repr=False)


class Tickets(TicketHandling):
    """Opens tickets, finds them, and says where they stand."""

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
            ticket = await self.open_in(work, new, by=CUSTOMER)
            await work.chats.let_a_person_answer(conversation, self._clock())
            return _as_told(ticket, await work.tickets.position(ticket))

    async def complain(
        self,
        brand: str,
        words: str,
        *,
        threat: Threat | None = None,
        language: str | None = None,
        conversation: str | None = None,
        case_number: str | None = None,
        by: Actor = CUSTOMER,
    ) -> Ticket:
        """Put a complaint before a supervisor; a threat makes it urgent.

        The customer's ``words`` become a note. Complaining again about the same thing adds
        another to the open ticket.

        Raises:
            InputRefused: the words are none, or too many.
        """
        new = NewTicket(
            brand,
            Category.COMPLAINT,
            reason=f"threat:{threat}" if threat else "complaint",
            key=_key_of(Category.COMPLAINT, conversation, case_number),
            priority=Priority.URGENT if threat else Priority.HIGH,
            language=language,
            conversation=conversation,
            case_number=case_number,
        )
        async with self._storage.writing() as work:
            ticket = await self.open_in(work, new, by=by)
            await self._note(work, ticket, words, by=by)
            return _as_told(ticket, await work.tickets.position(ticket))

    async def call_back(
        self,
        brand: str,
        phone: str,
        *,
        preferred_time: str | None = None,
        language: str | None = None,
        conversation: str | None = None,
        case_number: str | None = None,
        by: Actor = CUSTOMER,
    ) -> Ticket:
        """Ask for a call; asked again, the open ticket has the newer number and time.

        The number is in the ticket's ``data`` and nowhere else.

        Raises:
            InputRefused: this is no phone number, or the wish is too long.
        """
        new = NewTicket(
            brand,
            Category.CALL_BACK,
            reason="call_back_asked",
            key=_key_of(Category.CALL_BACK, conversation, case_number),
            language=language,
            conversation=conversation,
            case_number=case_number,
            data={"phone": _phone(phone), "preferred_time": _time_wish(preferred_time)},
        )
        async with self._storage.writing() as work:
            ticket = await self.open_in(work, new, by=by)
            if ticket.data != new.data:
                newer = replace(ticket, data=new.data)
                ticket = await self._save(work, ticket, newer, "ticket_call_changed", by=by)
            return _as_told(ticket, await work.tickets.position(ticket))

    async def open(self, new: NewTicket, *, by: Actor) -> QueuedTicket:
        """Put something before a person, once."""
        async with self._storage.writing() as work:
            return await self.open_in(work, new, by=by)

    async def open_in(self, work: Work, new: NewTicket, *, by: Actor) -> QueuedTicket:
        """Open a ticket in the same transaction as its cause.

        One that is open already only becomes more urgent, or goes on if it waited for the
        customer who now asks again.
        """
        now = self._clock()
        ticket, is_new = await work.tickets.open(
            self._clocks.started(
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
                    key=new.key,
                    data=new.data,
                )
            )
        )
        if is_new:
            told = {"state": ticket.status.value, "category": ticket.category}
            await work.audit.record(
                f"ticket:{ticket.id}",
                "ticket_opened",
                by=by,
                at=now,
                data=told | {"case": ticket.case_number},
            )
            return ticket
        if ticket.status is TicketStatus.WAITING_ON_CUSTOMER and by.role is CUSTOMER.role:
            ticket = await self._step(work, ticket, "resume", by=by, reason=new.reason)
        if new.priority.rank < ticket.priority.rank:
            ticket = await self._prioritise(work, ticket, new.priority, by=by, reason=new.reason)
        return ticket

    async def close_in(self, work: Work, key: str, *, by: Actor) -> None:
        """Close the open ticket with ``key``, if any, in the transaction that settles it."""
        ticket = await work.tickets.with_key(key)
        if ticket is not None:
            await self._close(work, ticket, TicketOutcome.SETTLED, by=by)

    # --- looking ---------------------------------------------------------------------------

    async def get(self, id: str) -> QueuedTicket:
        """One ticket. Raises ``TicketNotFound``."""
        async with self._storage.reading() as work:
            found = await work.tickets.get(id)
        if found is None:
            raise TicketNotFound()
        return found

    async def notes(self, id: str) -> list[Note]:
        """What was written down on a ticket, oldest first."""
        async with self._storage.reading() as work:
            return await work.tickets.notes(id)

    async def in_queue(self, queue: str, brand: str | None = None) -> list[QueuedTicket]:
        """What waits in a queue, the next one first."""
        async with self._storage.reading() as work:
            return await work.tickets.in_queue(queue, brand)

    async def position(self, id: str) -> int | None:
        """The place of an unclaimed ticket among its brand's, 1 being next."""
        async with self._storage.reading() as work:
            found = await work.tickets.get(id)
            return await work.tickets.position(found) if found else None

    async def of_owner(self, owner: str) -> list[QueuedTicket]:
        """What somebody has on their hands, the most urgent first."""
        async with self._storage.reading() as work:
            return await work.tickets.of_owner(owner)

    async def of_case(self, number: str) -> list[QueuedTicket]:
        """All tickets about a refund case, oldest first."""
        async with self._storage.reading() as work:
            return await work.tickets.of_case(number)

    async def of_conversation(self, id: str) -> list[QueuedTicket]:
        """All tickets that came of a conversation, oldest first."""
        async with self._storage.reading() as work:
            return await work.tickets.of_conversation(id)

    async def overdue(self, brand: str | None = None) -> list[QueuedTicket]:
        """What is late, the most urgent first."""
        async with self._storage.reading() as work:
            return await work.tickets.overdue(self._clock(), brand)

    def standing(self, ticket: QueuedTicket) -> Standing:
        """How a ticket stands against its promises now: running, due soon, late, kept, missed."""
        return self._clocks.standing(ticket, self._clock())


def _new_id() -> str:
    return "T-" + "".join(secrets.choice(ALPHABET) for _ in range(8))


def _key_of(category: Category, conversation: str | None, case: str | None) -> str | None:
    """One open ticket of a category for each case, or else for each conversation."""
    about = case or conversation
    return f"{category}:{about}" if about else None


def _phone(text: str) -> str:
    plain = _BETWEEN_DIGITS.sub("", unicodedata.normalize("NFKC", text))
    if not _PHONE.fullmatch(plain):
        raise InputRefused(Fault("phone", NO_PHONE))
    return plain


def _time_wish(text: str | None) -> str | None:
    return text_of(text or "", "preferred_time", LONGEST_TIME_WISH, required=False) or None


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
