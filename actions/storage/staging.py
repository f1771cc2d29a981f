"""The waiting room of an import: records stay in temporary tables until all of them have been seen.

Knows how to take any number of records in without holding up a single writer, and how they all
go in at once. The tables belong to one connection: when the process ends, however it does,
nothing of them is left. Leaves what makes a record a misfit to ``staged``.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, func, literal, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from actions.domain.errors import DeskError
from actions.domain.events import Actor
from actions.storage.engine import BUSY_MILLISECONDS, READING
from actions.storage.records import KEYS, RecordRow, replacing
from actions.storage.staged import (
    OWN,
    STAGED,
    TABLES,
    Misfit,
    changed_accounts,
    misfits,
    remembering,
)
from actions.storage.tables import PastRefundRow
from actions.storage.work import Storage, Work

PATIENCE = 60
"""Seconds that an import waits for another to end."""
CHANGED_AT_ONCE = 500
LOCK_NOT_AVAILABLE = "55P03"


class StorageBusy(DeskError):
    """Another import, or a backup, has held the database for too long."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record stands in its file, and what it says: equal records have equal digests."""

    line: int
    path: str
    digest: int


class Staging:
    """Records on their way in, on a connection of their own."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection
        self._is_sqlite = connection.dialect.name == "sqlite"
        self._insert: Any = sqlite.insert if self._is_sqlite else postgresql.insert

    async def add(
        self, table: type[RecordRow], rows: Iterable[tuple[Mapping[str, Any], Place]]
    ) -> None:
        """Take in rows. One that is here already is left out, or is a misfit if it differs."""
        values = [
            {**row, "line_": place.line, "path_": place.path, "digest_": place.digest}
            for row, place in rows
        ]
        if values:
            insert = remembering(self._insert(STAGED[table]), table)
            await self._connection.execute(insert, values)
            await self._connection.commit()

    async def name_brand(self, brand: str) -> None:
        """Let ``brand`` be that of all records whose brand was not known when they came in."""
        for table, staged in STAGED.items():
            columns = [c for c in staged.columns if c.name != "brand"]
            nameless = select(literal(brand), *columns).where(staged.c.brand == "")
            names = ["brand", *(c.name for c in columns)]
            insert = self._insert(staged).from_select(names, nameless)
            await self._connection.execute(remembering(insert, table))
            await self._connection.execute(delete(staged).where(staged.c.brand == ""))
        await self._connection.commit()

    async def count(self, table: type[RecordRow]) -> int:
        """How many different records of one kind are here."""
        found = await self._connection.scalar(select(func.count()).select_from(STAGED[table]))
        await self._connection.commit()
        return found or 0

    async def misfits(self, most: int) -> list[Misfit]:
        """Records that can't go in, ``most`` at most, in the file's sequence."""
        if not self._is_sqlite:  # the planner takes these tables for empty until it is told
            for staged in STAGED.values():
                await self._connection.execute(text(f"ANALYZE {staged.name}"))
        found = await misfits(self._connection, most, contradictions=True)
        await self._connection.commit()
        return found

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Work]:
        """A unit of work here, in which nobody else changes records. Raises ``StorageBusy``."""
        await self._connection.execution_options(**{READING: False})
        await self._begin()
        try:
            async with AsyncSession(self._connection) as session:
                yield Work(session)
                await session.flush()
            await self._connection.commit()
        finally:
            await self._connection.rollback()  # nothing is left to undo after a commit

    async def move_in(self, work: Work, at: datetime, most: int, *, by: Actor) -> list[Misfit]:
        """Write all records within ``work``, or return those that no longer fit.

        An account that is changed by it has that in its trail.
        """
        found = await misfits(work.session, most, contradictions=False)
        if not found:
            async for some in changed_accounts(work.session, CHANGED_AT_ONCE):
                changes = {f"account:{brand}/{id}": said for (brand, id), said in some.items()}
                await work.audit.record_all("account_changed", changes, by=by, at=at)
                work.session.expunge_all()  # of many changes none is kept in memory
            for table in STAGED:
                await work.session.execute(self._moving(table, at))
        return found

    def _moving(self, table: type[RecordRow], at: datetime) -> Any:
        staged = STAGED[table]
        values: dict[str, Any] = {c.name: c for c in staged.columns if c.name not in OWN}
        if table is not PastRefundRow:
            values["imported_at"] = bindparam("at", at, type_=table.__table__.c.imported_at.type)
        # SQLite takes "ON CONFLICT" for part of a join unless there is a condition. In the key's
        # sequence the indexes are written from end to end, and no two imports deadlock.
        rows = (
            select(*values.values())
            .where(staged.c.clash_line.is_(None))
            .order_by(*(staged.c[name] for name in KEYS[table]))
        )
        return replacing(self._insert(table).from_select([*values], rows), table, values)

    async def _begin(self) -> None:
        """Begin when nobody else writes. SQLite waits some seconds at a time: between them, this
        can be cancelled.
        """
        left = PATIENCE * 1000 // BUSY_MILLISECONDS if self._is_sqlite else 1
        while left:
            left -= 1
            try:
                await self._connection.begin()
                if not self._is_sqlite:
                    await self._lock()
                return
            except OperationalError as error:
                if not _is_locked(error):
                    raise
                if not left:
                    raise StorageBusy() from error

    async def _lock(self) -> None:
        await self._connection.execute(text(f"SET LOCAL lock_timeout = '{PATIENCE}s'"))
        # As on SQLite: others may read, and whoever would write what is checked here waits. Orders
        # come first, as for everyone else: who holds one may still need its account.
        await self._connection.execute(
            text("LOCK TABLE orders, accounts, past_refunds IN EXCLUSIVE MODE")
        )


def _is_locked(error: OperationalError) -> bool:
    state = getattr(error.orig, "sqlstate", None)
    return state == LOCK_NOT_AVAILABLE or (state is None and "locked" in str(error.orig))


@asynccontextmanager
async def staging(storage: Storage) -> AsyncIterator[Staging]:
    """A waiting room that is empty, and gone afterwards."""
    async with storage.engine.connect() as connection:
        try:
            # Only the connection's own tables are written for now: no write lock is wanted.
            await connection.execution_options(**{READING: True})
            await connection.run_sync(TABLES.create_all, checkfirst=False)
            await connection.commit()
            yield Staging(connection)
        finally:
            await connection.invalidate()
