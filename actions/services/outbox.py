"""Promised work as a worker sees it: claim some, do it, say what came of it.

Knows leases, how long to wait between tries, and when to give up and tell a person. Leaves
doing the work to the worker's handlers.
"""

from __future__ import annotations

import random
from datetime import datetime, timedelta

from actions.domain.clock import Clock
from actions.domain.events import Actor, Role
from actions.domain.ticket import Priority
from actions.services.tickets import NewTicket, Task, Tickets
from actions.storage.outbox import Job
from actions.storage.tables import HeartbeatRow
from actions.storage.work import Storage

LEASE = timedelta(seconds=60)
FIRST_WAIT = timedelta(seconds=2)
LONGEST_WAIT = timedelta(minutes=15)
MOST_ATTEMPTS = 15  # about an hour and a half


class OutboxService:
    """One worker's dealings with the outbox; ``worker`` is unique among those that run."""

    def __init__(self, storage: Storage, tickets: Tickets, clock: Clock) -> None:
        self._storage = storage
        self._tickets = tickets
        self._clock = clock

    async def claim(self, worker: str, most: int = 10) -> list[Job]:
        """Lease what is due; costs one read when nothing is."""
        now = self._clock()
        async with self._storage.reading() as work:
            if not await work.outbox.any_waiting(now):
                return []
        async with self._storage.writing() as work:
            return await work.outbox.claim(worker, now, LEASE, most)

    async def done(self, job: Job, worker: str) -> None:
        """Say that ``job`` is done."""
        async with self._storage.writing() as work:
            await work.outbox.done(job, worker, self._clock())

    async def failed(self, job: Job, worker: str, error: str, *, for_good: bool = False) -> None:
        """Try ``job`` again later, or after the last try park it and tell a person.

        ``error`` is kept: it says what kind of failure it was and holds no personal data.
        """
        if not for_good and job.attempts < MOST_ATTEMPTS:
            async with self._storage.writing() as work:
                await work.outbox.later(job, worker, self._next_try(job), error)
            return
        brand = str(job.payload.get("brand", ""))
        new = NewTicket(
            brand,
            Task.UNDONE,
            reason=f"{job.kind}: {error}",
            key=f"undone:{job.key}",
            priority=Priority.HIGH,
            data={"outbox": job.id, "kind": job.kind, "key": job.key},
        )
        async with self._storage.writing() as work:
            if await work.outbox.park(job, worker, self._clock(), error):
                await self._tickets.open_in(work, new, by=Actor(Role.WORKER, worker))

    async def beat(self, name: str) -> None:
        """Leave a sign of life."""
        now = self._clock()
        async with self._storage.writing() as work:
            await work.session.merge(HeartbeatRow(name=name, at=now))

    async def last_beat(self, name: str) -> datetime | None:
        """When ``name`` last gave a sign of life."""
        async with self._storage.reading() as work:
            row = await work.session.get(HeartbeatRow, name)
            return row.at if row else None

    def _next_try(self, job: Job) -> datetime:
        wait: timedelta = min(FIRST_WAIT * 2 ** (job.attempts - 1), LONGEST_WAIT)
        jitter = random.uniform(0.75, 1.25)  # so that jobs that failed together don't return so
        return self._clock() + wait * jitter
