"""How the desk talks to its database: the engine, its settings, and sessions to write and to read.

Knows what SQLite needs to serve several processes at once. Opens nothing until first used.
"""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, event
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)

BUSY_MILLISECONDS = 5000
READING = "desk_reading"


def make_engine(url: str) -> AsyncEngine:
    """Return an engine for a ``sqlite+aiosqlite`` or ``postgresql+psycopg`` address."""
    engine = create_async_engine(url, json_serializer=_json, pool_pre_ping=_is_server(url))
    if engine.dialect.name == "sqlite":
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def session_factory(engine: AsyncEngine) -> async_sessionmaker[AsyncSession]:
    """Return the sessions that write. On SQLite each takes the write lock as it begins, so that
    two writers queue (five seconds at most) instead of one failing half-way.
    """
    return async_sessionmaker(engine, expire_on_commit=False)


def reader_factory(engine: AsyncEngine) -> async_sessionmaker[AsyncSession]:
    """Return sessions that only read: they see one moment and wait for no writer."""
    reading = engine.execution_options(**{READING: True})
    return async_sessionmaker(reading, expire_on_commit=False)


def _json(value: Any) -> str:
    """Write Chinese as Chinese: the database stays readable to those who look into it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _is_server(url: str) -> bool:
    return not url.startswith("sqlite")


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver would begin transactions by itself, and late; ``_begin_sqlite`` does it instead.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        f"busy_timeout={BUSY_MILLISECONDS}",
        "journal_mode=WAL",
        "foreign_keys=ON",
        "synchronous=NORMAL",
        "secure_delete=ON",  # what is deleted is overwritten, not only let go of
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    reading = connection.get_execution_options().get(READING, False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")
