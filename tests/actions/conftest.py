"""Each test that needs a database gets an empty one, once on SQLite and once on PostgreSQL.

On PostgreSQL all tests of a run share one database, made for them and emptied before each:
making one for each test takes longer than the test.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from actions.storage.work import Storage
from actions.testing.database import empty_tables, forget_everything
from actions.testing.desk import DeskForTests, desk_for_tests

SERVER = make_url(
    os.environ.get(
        "DESK_TEST_POSTGRES_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
    )
)


@pytest.fixture(scope="session")
def shared_postgres() -> Iterator[str | None]:
    """A PostgreSQL database with all tables; None if there is no server."""
    plain = SERVER.set(drivername="postgresql").render_as_string(hide_password=False)
    try:
        server = psycopg.connect(plain, autocommit=True, connect_timeout=2)
    except psycopg.OperationalError:
        yield None
        return
    name = f"desk_test_{secrets.token_hex(6)}"
    with server:
        server.execute(f"CREATE DATABASE {name}".encode())
        # What a test has written need not outlive a power cut.
        server.execute(f"ALTER DATABASE {name} SET synchronous_commit = off".encode())
        url = SERVER.set(database=name).render_as_string(hide_password=False)
        asyncio.run(empty_tables(url))
        yield url
        server.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables, to be copied."""
    path = tmp_path_factory.mktemp("template") / "desk.db"
    asyncio.run(empty_tables(f"sqlite+aiosqlite:///{path}"))
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def no_tables(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without any table."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path / 'desk.db'}"
    url: str = request.getfixturevalue("postgres_url")
    return url


@pytest.fixture(params=["sqlite", "postgresql"])
async def database(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    sqlite_template: Path,
    shared_postgres: str | None,
) -> str:
    """The address of a database with all tables and no row."""
    if request.param == "sqlite":
        copy = shutil.copy(sqlite_template, tmp_path / "desk.db")
        return f"sqlite+aiosqlite:///{copy}"
    # Without a server that fixture skips, and says how to have one.
    url = shared_postgres or request.getfixturevalue("postgres_url")
    await forget_everything(url)
    return url


@pytest.fixture
async def storage(database: str) -> AsyncIterator[Storage]:
    """Storage over a fresh database."""
    storage = Storage.at(database)
    yield storage
    await storage.close()


@pytest.fixture
async def desk(database: str) -> AsyncIterator[DeskForTests]:
    """A whole desk over a fresh database."""
    async with desk_for_tests(database) as desk:
        yield desk
