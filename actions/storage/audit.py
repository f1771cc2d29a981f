"""The audit trail: append-only rows, one hash chain a subject.

Knows how a row's hash is made and how a broken chain shows. Leaves what is worth recording to
the services. A subject is ``case:RF-…``, ``account:brand/id``, ``ticket:…`` and the like.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from actions.domain.events import Actor
from actions.storage.tables import AuditRow

BEGINNING = "0" * 64
"""What the first row of a chain has for its predecessor's hash."""


@dataclass(frozen=True, slots=True)
class BrokenChain:
    """A row that is not what was written, or does not follow the one before it."""

    subject: str
    seq: int


class Audit:
    """The trail within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def record(
        self, subject: str, what: str, *, by: Actor, at: datetime, data: Mapping[str, Any]
    ) -> None:
        """Append a row to ``subject``'s chain. Of two writers at once the database refuses one."""
        last = (
            await self._session.execute(
                select(AuditRow.seq, AuditRow.hash)
                .where(AuditRow.subject == subject)
                .order_by(AuditRow.seq.desc())
                .limit(1)
            )
        ).one_or_none()
        self._session.add(_row(subject, what, data, by, at, last))
        await self._session.flush()

    async def record_all(
        self, what: str, entries: Mapping[str, Mapping[str, Any]], *, by: Actor, at: datetime
    ) -> None:
        """Append a row to each of many subjects' chains, in a few statements."""
        newest = (
            select(AuditRow.subject, func.max(AuditRow.seq).label("seq"))
            .where(AuditRow.subject.in_(list(entries)))
            .group_by(AuditRow.subject)
            .subquery()
        )
        found = await self._session.execute(
            select(AuditRow.subject, AuditRow.seq, AuditRow.hash).join(
                newest,
                (AuditRow.subject == newest.c.subject) & (AuditRow.seq == newest.c.seq),
            )
        )
        last = {row.subject: row for row in found}
        self._session.add_all(
            _row(subject, what, data, by, at, last.get(subject))
            for subject, data in entries.items()
        )
        await self._session.flush()

    async def trail(self, subject: str) -> list[AuditRow]:
        """All that happened to ``subject``, oldest first."""
        found = await self._session.scalars(
            select(AuditRow).where(AuditRow.subject == subject).order_by(AuditRow.seq)
        )
        return list(found)

    async def broken(self) -> AsyncIterator[BrokenChain]:
        """Every row whose hash, number or link is not what it must be; streams the table."""
        rows = await self._session.stream_scalars(
            select(AuditRow)
            .order_by(AuditRow.subject, AuditRow.seq)
            .execution_options(yield_per=500)
        )
        subject, seq, previous = None, 0, BEGINNING
        async for row in rows:
            if row.subject != subject:
                subject, seq, previous = row.subject, 0, BEGINNING
            if (row.seq, row.previous, row.hash) != (seq + 1, previous, _hash_of(row)):
                yield BrokenChain(row.subject, row.seq)
            seq, previous = row.seq, row.hash


def _row(
    subject: str, what: str, data: Mapping[str, Any], by: Actor, at: datetime, last: Any
) -> AuditRow:
    row = AuditRow(
        subject=subject,
        seq=last.seq + 1 if last else 1,
        at=at,
        actor=str(by),
        what=what,
        data=dict(data),
        previous=last.hash if last else BEGINNING,
    )
    row.hash = _hash_of(row)
    return row


def _hash_of(row: AuditRow) -> str:
    at = row.at.astimezone(UTC).isoformat(timespec="microseconds")
    covered = [row.subject, row.seq, at, row.actor, row.what, row.data, row.previous]
    text = json.dumps(covered, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
