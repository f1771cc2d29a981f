"""What people do with a ticket: take it, hand it on, wait, note, finish.

Knows that each step is one transaction with its audit row, and that of two people who take a
ticket one has it and the other is told who. Opening tickets is left to ``tickets``, clocks to
``service_levels``. Reasons are kept in the audit trail: they hold no personal data.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from actions.domain.clock import Clock
from actions.domain.errors import (
    Fault,
    IllegalTicketMove,
    InputRefused,
    TicketNotFound,
    TicketTaken,
)
from actions.domain.events import Actor, Role
from actions.domain.ticket import (
    STAFF_ONLY,
    Note,
    Priority,
    Queue,
    TicketOutcome,
    TicketStatus,
    status_after,
)
from actions.services.inputs import STAFF, must_be, text_of
from actions.services.service_levels import ServiceClocks
from actions.storage.tickets import QueuedTicket
from actions.storage.work import Storage, Work

LONGEST_NOTE = 4000
LONGEST_REASON = 500
LONGEST_NAME = 100

NO_QUEUE = "没有这个队列 · is no queue"

CUSTOMER = Actor(Role.CUSTOMER)

Change = Callable[[QueuedTicket], QueuedTicket]


def _unchanged(ticket: QueuedTicket) -> QueuedTicket:
    return ticket


class TicketHandling:
    """Moves tickets.

    Each step raises ``TicketNotFound``, ``IllegalTicketMove`` where the ticket's state doesn't
    allow it, ``NotAllowed`` where it isn't for the actor, and ``InputRefused`` for a text that is
    too long or missing.
    """

    def __init__(self, storage: Storage, clocks: ServiceClocks, clock: Clock) -> None:
        self._storage = storage
        self._clocks = clocks
        self._clock = clock

    async def claim(self, id: str, *, by: Actor) -> QueuedTicket:
        """Take a ticket; claiming one's own again changes nothing.

        Raises:
            TicketTaken: somebody else has it.
        """
        async with self._storage.writing() as work:
            ticket = await self._held(work, id)
            if ticket.owner is not None and ticket.status is not TicketStatus.CLOSED:
                if ticket.owner != by.name:
                    raise TicketTaken(ticket.owner)
                return ticket

            def taken(found: QueuedTicket) -> QueuedTicket:
                return replace(self._answered(found), owner=by.name)

            return await self._step(work, ticket, "claim", taken, by=by)

    async def release(self, id: str, *, by: Actor, reason: str = "") -> QueuedTicket:
        """Put a ticket back, in its old place in the queue."""
        return await self._take_step(id, "release", _nobody_s, by=by, reason=reason)

    async def assign(self, id: str, to: str, *, by: Actor, reason: str = "") -> QueuedTicket:
        """Give a ticket to somebody, whoever has it now."""
        owner = text_of(to, "to", LONGEST_NAME)
        return await self._take_step(
            id, "assign", lambda ticket: replace(ticket, owner=owner), by=by, reason=reason
        )

    async def wait_on_customer(self, id: str, *, by: Actor, reason: str = "") -> QueuedTicket:
        """Stop the clock until the customer has answered."""

        def paused(ticket: QueuedTicket) -> QueuedTicket:
            return replace(self._answered(ticket), paused_at=self._clock())

        return await self._take_step(id, "wait_on_customer", paused, by=by, reason=reason)

    async def resume(self, id: str, *, by: Actor, reason: str = "") -> QueuedTicket:
        """Go on with a ticket whose customer was waited on."""
        return await self._take_step(id, "resume", by=by, reason=reason)

    async def customer_wrote(self, conversation: str) -> list[QueuedTicket]:
        """Go on with all tickets that waited for the customer of a conversation.

        Costs one read where none did, as for nearly every message of a chat.
        """
        async with self._storage.reading() as work:
            if not await work.tickets.waits_for(conversation):
                return []
        async with self._storage.writing() as work:
            return [
                await self._step(work, ticket, "resume", by=CUSTOMER)
                for ticket in await work.tickets.waiting_on(conversation)
            ]

    async def responded(self, id: str, *, by: Actor) -> QueuedTicket:
        """Record that the customer has had an answer; only the first counts."""
        async with self._storage.writing() as work:
            ticket = await self._held(work, id)
            if ticket.first_responded_at or ticket.status is TicketStatus.CLOSED:
                return ticket
            return await self._save(work, ticket, self._answered(ticket), "ticket_answered", by=by)

    async def change_priority(
        self, id: str, priority: Priority, *, by: Actor, reason: str = ""
    ) -> QueuedTicket:
        """Make a ticket more or less urgent; its deadlines follow."""
        async with self._storage.writing() as work:
            ticket = await self._held(work, id)
            if ticket.status is TicketStatus.CLOSED:
                raise IllegalTicketMove(id, ticket.status, "change_priority")
            return await self._prioritise(work, ticket, priority, by=by, reason=reason)

    async def move_to_queue(
        self, id: str, queue: str, *, by: Actor, reason: str = ""
    ) -> QueuedTicket:
        """Hand a ticket to other people: it waits in their queue, and is nobody's yet."""
        if queue not in tuple(Queue):
            raise InputRefused(Fault("queue", NO_QUEUE))
        return await self._take_step(
            id,
            "move_to_queue",
            lambda ticket: replace(ticket, owner=None, queue=str(queue)),
            by=by,
            reason=reason,
        )

    async def add_note(self, id: str, text: str, *, by: Actor) -> Note:
        """Write something down on a ticket, for staff; the audit trail doesn't repeat it."""
        async with self._storage.writing() as work:
            return await self._note(work, await self._held(work, id), text, by=by)

    async def close(
        self, id: str, outcome: TicketOutcome, *, by: Actor, reason: str = ""
    ) -> QueuedTicket:
        """Have done with a ticket."""
        async with self._storage.writing() as work:
            ticket = await self._held(work, id)
            return await self._close(work, ticket, outcome, by=by, reason=reason)

    async def reopen(self, id: str, *, by: Actor, reason: str = "") -> QueuedTicket:
        """Take up a closed ticket again: it is nobody's, and its clock starts anew."""
        async with self._storage.writing() as work:
            ticket = await self._held(work, id)
            if ticket.key and await work.tickets.with_key(ticket.key):
                raise IllegalTicketMove(id, ticket.status, "reopen")
            return await self._step(work, ticket, "reopen", self._anew, by=by, reason=reason)

    # --- within a transaction --------------------------------------------------------------

    async def _held(self, work: Work, id: str) -> QueuedTicket:
        ticket = await work.tickets.get(id, lock=True)
        if ticket is None:
            raise TicketNotFound()
        return ticket

    async def _take_step(
        self, id: str, step: str, change: Change = _unchanged, *, by: Actor, reason: str = ""
    ) -> QueuedTicket:
        async with self._storage.writing() as work:
            ticket = await self._held(work, id)
            return await self._step(work, ticket, step, change, by=by, reason=reason)

    async def _step(
        self,
        work: Work,
        was: QueuedTicket,
        step: str,
        change: Change = _unchanged,
        *,
        by: Actor,
        reason: str = "",
    ) -> QueuedTicket:
        """Move a ticket that is held; its clock goes on as soon as it no longer waits."""
        if step in STAFF_ONLY:
            must_be(by, *STAFF)
        status = status_after(was.id, was.status, step)
        new = was
        if was.paused_at is not None and status is not was.status:
            new = self._clocks.resumed(was, self._clock())
        new = change(replace(new, status=status))
        told = {
            "step": step,
            "was": was.status.value,
            "state": status.value,
            "queue": new.queue,
            "owner": new.owner,
            "outcome": new.outcome,
        }
        return await self._save(work, was, new, "ticket_moved", by=by, reason=reason, told=told)

    async def _close(
        self,
        work: Work,
        ticket: QueuedTicket,
        outcome: TicketOutcome,
        *,
        by: Actor,
        reason: str = "",
    ) -> QueuedTicket:
        def closed(found: QueuedTicket) -> QueuedTicket:
            return replace(found, closed_at=self._clock(), outcome=outcome)

        return await self._step(work, ticket, "close", closed, by=by, reason=reason)

    async def _prioritise(
        self, work: Work, was: QueuedTicket, priority: Priority, *, by: Actor, reason: str = ""
    ) -> QueuedTicket:
        """Change a held ticket's priority and with it its deadlines, unless it has it already."""
        if priority is was.priority:
            return was
        new = replace(was, priority=priority)
        if priority.rank < was.priority.rank:
            new = self._clocks.hurried(new, self._clock())
        else:
            new = self._clocks.eased(new, self._clock())
        told = {"was": was.priority.value, "priority": priority.value}
        return await self._save(
            work, was, new, "ticket_prioritised", by=by, reason=reason, told=told
        )

    async def _note(self, work: Work, ticket: QueuedTicket, text: str, *, by: Actor) -> Note:
        text = text_of(text, "note", LONGEST_NOTE)
        note = Note(ticket.id, str(by), self._clock(), text)
        number = await work.tickets.add_note(note)
        await work.audit.record(
            f"ticket:{ticket.id}", "ticket_noted", by=by, at=note.at, data={"note": number}
        )
        return note

    async def _save(
        self,
        work: Work,
        was: QueuedTicket,
        new: QueuedTicket,
        what: str,
        *,
        by: Actor,
        reason: str = "",
        told: Mapping[str, Any] | None = None,
    ) -> QueuedTicket:
        """Keep a changed ticket, and that it was changed."""
        reason = text_of(reason, "reason", LONGEST_REASON, required=False)
        now = self._clock()
        await work.tickets.save(new, was=was, at=now)
        data = {name: value for name, value in (told or {}).items() if value is not None}
        if reason:
            data["reason"] = reason
        await work.audit.record(f"ticket:{was.id}", what, by=by, at=now, data=data)
        return new

    def _answered(self, ticket: QueuedTicket) -> QueuedTicket:
        return replace(ticket, first_responded_at=ticket.first_responded_at or self._clock())

    def _anew(self, ticket: QueuedTicket) -> QueuedTicket:
        """A closed ticket as if it were opened now, but for a first answer that was given."""
        fresh = replace(
            ticket,
            owner=None,
            reopened_at=self._clock(),
            closed_at=None,
            outcome=None,
            escalated_at=None,
            paused_for=timedelta(0),
        )
        if fresh.first_responded_at is None:
            fresh = replace(fresh, first_response_escalated_at=None)
        return self._clocks.started(fresh)


def _nobody_s(ticket: QueuedTicket) -> QueuedTicket:
    return replace(ticket, owner=None)
