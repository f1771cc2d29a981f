"""A gateway on its own database, in front of a Rasa that does as it is told."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer
from sqlalchemy.ext.asyncio import AsyncEngine

import actions.storage.conversations
import actions.storage.tables  # noqa: F401  (its tables are made below)
from actions.settings import Settings, ensure_secrets
from actions.storage.base import Base
from actions.storage.engine import make_engine
from bot.gateway.app import create_app
from bot.gateway.timings import Timings
from tests.bot.gateway.fake_rasa import FakeRasa
from tests.bot.gateway.talk import Talk
from tests.conftest import free_port_run

IMPATIENT = Timings(
    heartbeat=0.2,
    watch=0.05,
    lease=5.0,
    connect=1.0,
    turn=10.0,
    first_retry=0.02,
    longest_retry=0.05,
)
HASTY = replace(IMPATIENT, patience=1.0)
"""For tests of outages; all others must not see one just because the machine is busy."""

Gateway = Callable[..., Awaitable[TestClient[Any, Any]]]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The variables of a demo desk of the test's own."""
    names = ("DESK_PORT", "DESK_RASA_PORT", "DESK_ACTIONS_PORT", "DESK_SMTP_PORT")
    first = free_port_run(len(names))
    ports = {name: str(port) for port, name in enumerate(names, start=first)}
    return {"DESK_HOME": str(tmp_path / "home"), "DESK_RATE_LIMITS": "off", **ports}


@pytest.fixture
def settings(environment: dict[str, str]) -> Settings:
    """The same as the desk reads it."""
    return ensure_secrets(Settings.from_env(environment))


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with its tables and nothing in them, to be copied."""
    path: Path = tmp_path_factory.mktemp("database") / "desk.db"

    async def make() -> None:
        engine = make_engine(f"sqlite+aiosqlite:///{path}")
        async with engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        await engine.dispose()

    asyncio.run(make())
    return path


@pytest.fixture
async def database(settings: Settings, empty_database: Path) -> AsyncIterator[AsyncEngine]:
    """The desk's database, as another process would open it."""
    shutil.copy(empty_database, settings.home / "desk.db")
    engine = make_engine(settings.database_url)
    yield engine
    await engine.dispose()


@pytest.fixture
async def rasa(settings: Settings) -> AsyncIterator[FakeRasa]:
    """Rasa, up."""
    fake = FakeRasa(settings.rasa_port, settings.internal_secret)
    await fake.up()
    yield fake
    fake.go_on.set()
    await fake.down()


@pytest.fixture
async def gateway(
    settings: Settings, database: AsyncEngine, rasa: FakeRasa
) -> AsyncIterator[Gateway]:
    """Starts gateways, one a call, and stops those still running."""
    clients: list[TestClient[Any, Any]] = []

    async def start(
        settings: Settings = settings, timings: Timings = IMPATIENT
    ) -> TestClient[Any, Any]:
        client = TestClient(TestServer(create_app(settings, timings=timings)))
        clients.append(client)
        await client.start_server()
        return client

    yield start
    for client in clients:
        await client.close()


@pytest.fixture
async def web(gateway: Gateway) -> TestClient[Any, Any]:
    """A running gateway's client."""
    return await gateway()


@pytest.fixture
async def talk(web: TestClient[Any, Any]) -> Talk:
    """A conversation in Chinese with kuailian."""
    return await Talk.begin(web)
