"""Brings a database to the present tables, and says whether it is there.

Knows where the migrations lie; no configuration file is needed. Leaves when to migrate to the
command line.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from actions.storage.engine import make_engine

T = TypeVar("T")

SCRIPTS = Path(__file__).parent / "migrations"


async def upgrade(url: str, revision: str = "head") -> None:
    """Migrate the database at ``url`` up to ``revision``; nothing to do is fine too."""
    await _within(url, lambda connection: command.upgrade(configuration(connection), revision))


async def downgrade(url: str, revision: str) -> None:
    """Take the database at ``url`` back to ``revision``; "base" drops every table."""
    await _within(url, lambda connection: command.downgrade(configuration(connection), revision))


async def is_current(url: str) -> bool:
    """Whether the database at ``url`` has the newest revision."""
    return await _within(url, _is_current)


def configuration(connection: Connection | None = None) -> Config:
    """What Alembic needs to know, over a connection where it shall not open its own."""
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


async def _within(url: str, do: Callable[[Connection], T]) -> T:
    engine = make_engine(url)
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(do)
    finally:
        await engine.dispose()


def _is_current(connection: Connection) -> bool:
    head = ScriptDirectory.from_config(configuration()).get_current_head()
    return MigrationContext.configure(connection).get_current_revision() == head
