"""The migrations lead to exactly the tables that the code knows."""

from __future__ import annotations

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, inspect

from actions.storage.engine import make_engine
from actions.storage.everything import TABLES
from actions.storage.migrate import downgrade, is_current, upgrade


def differences(connection: Connection) -> list[object]:
    context = MigrationContext.configure(connection, opts={"compare_type": True})
    return list(compare_metadata(context, TABLES))


async def test_a_migrated_database_has_the_tables_the_code_knows(no_tables: str) -> None:
    assert not await is_current(no_tables)
    await upgrade(no_tables)
    assert await is_current(no_tables)
    engine = make_engine(no_tables)
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    await engine.dispose()


async def test_migrating_twice_changes_nothing(no_tables: str) -> None:
    await upgrade(no_tables)
    await upgrade(no_tables)
    assert await is_current(no_tables)


async def test_a_migration_can_be_undone(no_tables: str) -> None:
    await upgrade(no_tables)
    await downgrade(no_tables, "base")
    engine = make_engine(no_tables)
    async with engine.connect() as connection:
        left = await connection.run_sync(lambda there: inspect(there).get_table_names())
    assert left == ["alembic_version"]
    await engine.dispose()
