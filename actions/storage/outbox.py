"""The outbox: work promised in the same transaction as its cause, done afterwards, at least once.

Knows leases, retries and parking. Leaves how long to wait, and what each kind means, to others.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from actions.storage.tables import OutboxRow


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of promised work, leased to a worker; ``attempts`` counts this one too."""

    id: int
    kind: str
    key: str
    payload: Mapping[str, Any]
    attempts: int


class Outbox:
    """The outbox within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def put(self, kind: str, key: str, payload: Mapping[str, Any], *, at: datetime) -> bool:
        """Promise a piece of work from ``at`` on; False if ``key`` had been promised before."""
        dialect = self._session.get_bind().dialect.name
        insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
        made = await self._session.execute(
            insert(OutboxRow)
            .values(
                kind=kind,
                key=key,
                payload=dict(payload),
                created_at=at,
                available_at=at,
                attempts=0,
            )
            .on_conflict_do_nothing(index_elements=["key"])
            .returning(OutboxRow.id)
        )
        return made.scalar_one_or_none() is not None

    async def any_waiting(self, now: datetime) -> bool:
        """Whether a worker would find something; the one cheap query of an idle desk."""
        found = await self._session.execute(select(OutboxRow.id).where(_waiting(now)).limit(1))
        return found.first() is not None

    async def claim(self, worker: str, now: datetime, lease: timedelta, most: int) -> list[Job]:
        """Lease up to ``most`` pieces to ``worker``; another may have them once the lease ends."""
        rows = await self._session.scalars(
            select(OutboxRow)
            .where(_waiting(now))
            .order_by(OutboxRow.available_at, OutboxRow.id)
            .limit(most)
            .with_for_update(skip_locked=True)
        )
        jobs = []
        for row in rows:
            row.claimed_by, row.claimed_until = worker, now + lease
            row.attempts += 1
            jobs.append(Job(row.id, row.kind, row.key, row.payload, row.attempts))
        await self._session.flush()
        return jobs

    async def done(self, job: Job, worker: str, now: datetime) -> bool:
        """Finish ``job``; False if the lease has gone to another worker meanwhile."""
        return await self._finish(job, worker, done_at=now, last_error=None)

    async def later(self, job: Job, worker: str, at: datetime, error: str) -> bool:
        """Give ``job`` back, to be tried again from ``at`` on."""
        return await self._finish(job, worker, available_at=at, last_error=error)

    async def park(self, job: Job, worker: str, now: datetime, error: str) -> bool:
        """Give ``job`` up: it stays, for a person to see, and no worker takes it again."""
        return await self._finish(job, worker, parked_at=now, last_error=error)

    async def _finish(self, job: Job, worker: str, **values: Any) -> bool:
        made = await self._session.execute(
            update(OutboxRow)
            .where(OutboxRow.id == job.id, OutboxRow.claimed_by == worker)
            .where(OutboxRow.done_at.is_(None), OutboxRow.parked_at.is_(None))
            .values(claimed_by=None, claimed_until=None, **values)
            .returning(OutboxRow.id)
        )
        return made.scalar_one_or_none() is not None


def _waiting(now: datetime) -> ColumnElement[bool]:
    return and_(
        OutboxRow.done_at.is_(None),
        OutboxRow.parked_at.is_(None),
        OutboxRow.available_at <= now,
        or_(OutboxRow.claimed_until.is_(None), OutboxRow.claimed_until <= now),
    )
