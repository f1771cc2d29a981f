"""Makes a database's tables at once, without the migrations' history, and empties them."""

from __future__ import annotations

from actions.storage.engine import make_engine
from actions.storage.everything import TABLES


async def empty_tables(url: str) -> None:
    """Create every table in the empty database at ``url``."""
    engine = make_engine(url)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(TABLES.create_all)
    finally:
        await engine.dispose()


async def forget_everything(url: str) -> None:
    """Delete every row of the database at ``url``."""
    engine = make_engine(url)
    try:
        async with engine.begin() as connection:
            for table in reversed(TABLES.sorted_tables):
                await connection.execute(table.delete())
    finally:
        await engine.dispose()
