"""Late tickets: noticed once for each deadline, made more urgent, and written down.

Looks only at what the database holds, so that it may stop at any point and go on later; of two
who look at once, one finds a ticket noticed already. Leaves how often to look to the worker.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from actions.domain.clock import Clock
from actions.domain.events import Actor, Role
from actions.domain.ticket import LATE_IN
from actions.storage.tickets import QueuedTicket
from actions.storage.work import Storage, Work

WORKER = Actor(Role.WORKER)
FIRST_RESPONSE = "first_response"
RESOLUTION = "resolution"


class Escalation:
    """Looks after tickets that nobody has looked after in time."""

    def __init__(self, storage: Storage, clock: Clock) -> None:
        self._storage = storage
        self._clock = clock

    async def sweep(self) -> int:
        """Escalate what has become late since the last time; how many deadlines were missed."""
        now = self._clock()
        async with self._storage.reading() as work:
            late = await work.tickets.to_escalate(now)
        missed = 0
        for id in late:
            async with self._storage.writing() as work:
                missed += await escalate(work, id, now)
        return missed


async def escalate(work: Work, id: str, now: datetime) -> int:
    """Make one ticket more urgent, by a step for each deadline that it has missed unnoticed."""
    ticket = await work.tickets.get(id, lock=True)
    if ticket is None:
        return 0
    missed = _missed(ticket, now)
    for deadline, due_at in missed:
        was, ticket = ticket, _noticed(ticket, deadline, now)
        await work.tickets.save(ticket, was=was, at=now)
        told = {
            "deadline": deadline,
            "due_at": due_at.isoformat(),
            "was": was.priority.value,
            "priority": ticket.priority.value,
        }
        await work.audit.record(f"ticket:{id}", "ticket_escalated", by=WORKER, at=now, data=told)
    return len(missed)


def _missed(ticket: QueuedTicket, now: datetime) -> list[tuple[str, datetime]]:
    """The deadlines that have passed and were not noticed; none while the clocks stand still."""
    if ticket.status not in LATE_IN:
        return []
    answer, done = ticket.first_response_due_at, ticket.due_at
    missed = []
    unseen = not (ticket.first_responded_at or ticket.first_response_escalated_at)
    if answer is not None and answer < now and unseen:
        missed.append((FIRST_RESPONSE, answer))
    if done is not None and done < now and not ticket.escalated_at:
        missed.append((RESOLUTION, done))
    return missed


def _noticed(ticket: QueuedTicket, deadline: str, now: datetime) -> QueuedTicket:
    """More urgent by a step; its deadlines stay, for it has missed them as they are."""
    ticket = replace(ticket, priority=ticket.priority.raised)
    if deadline == FIRST_RESPONSE:
        return replace(ticket, first_response_escalated_at=now)
    return replace(ticket, escalated_at=now)
