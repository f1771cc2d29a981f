"""The audit trail: append-only rows, one hash chain a subject.

Knows how a row's hash is made, how what a row says can be erased without breaking its chain, and
how a broken chain shows. Leaves what is worth recording, and what of it may stay, to the
services. A subject is ``case:RF-…``, ``account:brand/id``, ``ticket:…`` and the like.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from actions.domain.events import Actor
from actions.storage.tables import AuditRow

BEGINNING = "0" * 64
"""What the first row of a chain has for its predecessor's hash."""

ERASED = "erased"
"""A row that vouches for others of its chain: ``{"rows": {number: hash of what is left}}``.
Without such a row, one that has lost its salt is a forgery.
"""


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

    async def erase(
        self,
        subjects: Iterable[str],
        rest: Callable[[Mapping[str, Any]], Mapping[str, Any]],
        *,
        by: Actor,
        at: datetime,
    ) -> int:
        """Let only ``rest`` of each row's data stay in these chains; how many rows changed.

        A row loses its salt with its data: from the digest that stays, nobody can find out
        what was there by trying. A row at the chain's end says which rows these were.
        """
        changed = 0
        for subject in subjects:
            rows = {}
            for row in await self.trail(subject):
                left = dict(rest(row.data))
                if row.what != ERASED and left != row.data:
                    row.data, row.salt = left, None
                    rows[str(row.seq)] = _plain_hash(left)
            if rows:
                await self.record(subject, ERASED, by=by, at=at, data={"rows": rows})
            changed += len(rows)
        return changed

    async def broken(self) -> AsyncIterator[BrokenChain]:
        """Every row whose hash, number or link is not what it must be, or that has lost what it
        said without a row that vouches for that; streams the table.
        """
        rows = await self._session.stream_scalars(
            select(AuditRow)
            .order_by(AuditRow.subject, AuditRow.seq)
            .execution_options(yield_per=500)
        )
        chain = _Chain("")
        async for row in rows:
            if row.subject != chain.subject:
                for seq in chain.unaccounted():
                    yield BrokenChain(chain.subject, seq)
                chain = _Chain(row.subject)
            if not chain.follows(row):
                yield BrokenChain(row.subject, row.seq)
        for seq in chain.unaccounted():
            yield BrokenChain(chain.subject, seq)


@dataclass(slots=True)
class _Chain:
    """One subject's rows as they are read: the last one, and what was erased and vouched for."""

    subject: str
    seq: int = 0
    previous: str = BEGINNING
    erased: dict[int, str] = field(default_factory=dict)
    vouched: dict[int, str] = field(default_factory=dict)

    def follows(self, row: AuditRow) -> bool:
        """Whether ``row`` is whole and comes next; one without salt is judged at the end."""
        whole = (row.seq, row.previous, row.hash) == (self.seq + 1, self.previous, _hash_of(row))
        if row.salt is None:
            self.erased[row.seq] = _plain_hash(row.data)
        elif row.digest != _digest(row.salt, row.data):
            whole = False
        elif whole and row.what == ERASED:
            self.vouched |= {int(seq): left for seq, left in row.data["rows"].items()}
        self.seq, self.previous = row.seq, row.hash
        return whole

    def unaccounted(self) -> list[int]:
        """Rows that lost their salt and are not what a later row says is left of them."""
        return [seq for seq, left in self.erased.items() if self.vouched.get(seq) != left]


def _row(
    subject: str, what: str, data: Mapping[str, Any], by: Actor, at: datetime, last: Any
) -> AuditRow:
    salt = secrets.token_hex(16)
    row = AuditRow(
        subject=subject,
        seq=last.seq + 1 if last else 1,
        at=at,
        actor=str(by),
        what=what,
        data=dict(data),
        salt=salt,
        digest=_digest(salt, data),
        previous=last.hash if last else BEGINNING,
    )
    row.hash = _hash_of(row)
    return row


def _hash_of(row: AuditRow) -> str:
    at = row.at.astimezone(UTC).isoformat(timespec="microseconds")
    covered = [row.subject, row.seq, at, row.actor, row.what, row.digest, row.previous]
    return _plain_hash(covered)


def _digest(salt: str, data: Mapping[str, Any]) -> str:
    return _plain_hash([salt, dict(data)])


def _plain_hash(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
