"""``desk doctor`` finds what is wrong, says how to put it right, and changes nothing."""

from __future__ import annotations

import asyncio
import socket
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import update

from actions.domain.events import Actor, Role
from actions.settings import Settings, ensure_secrets
from actions.storage.audit import Audit
from actions.storage.engine import make_engine, session_factory
from actions.storage.migrate import upgrade
from actions.storage.tables import AuditRow
from bot.cli.doctor import Finding, examine

AT = datetime(2026, 9, 1, 2, 0, tzinfo=UTC)
STRONG = "k3Jf9sLq2Xw7Zb5Nc8Vd1Ty4Ru6Ip0Ao"


def found(settings: Settings, subject: str) -> Finding:
    """What the doctor says of ``subject``."""
    (finding,) = [finding for finding in examine(settings) if finding.subject == subject]
    return finding


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """The environment of a desk whose home is empty, on ports that are likely to be free."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1] - 10
    return {"DESK_HOME": str(tmp_path / "home"), "DESK_PORT": str(port)}


@pytest.fixture
def settings(environ: dict[str, str]) -> Settings:
    """Those settings, before any start."""
    return Settings.from_env(environ)


def test_a_desk_that_never_ran_is_not_ill_for_that(settings: Settings) -> None:
    """What the first start makes is said to be made then."""
    for subject in ("home", "disk", "ports", "secret internal", "secret code", "database"):
        assert found(settings, subject).good, subject


def test_looking_creates_no_database_and_no_secret(settings: Settings) -> None:
    """The doctor asks, and touches nothing."""
    list(examine(settings))
    assert list(settings.home.iterdir()) == []


def test_a_taken_port_is_found(environ: dict[str, str]) -> None:
    """Unless it is this very desk that holds it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = str(listener.getsockname()[1])
        finding = found(Settings.from_env(environ | {"DESK_PORT": port}), "ports")
    assert not finding.good
    assert port in finding.en


@pytest.mark.parametrize("weak", ["short", "a" * 64, "abcabcabc" * 8])
def test_a_weak_secret_is_found(environ: dict[str, str], weak: str) -> None:
    """Too short, or a pattern; and it isn't shown."""
    finding = found(Settings.from_env(environ | {"DESK_CODE_SECRET": weak}), "secret code")
    assert not finding.good
    assert weak not in str(finding)


def test_the_same_secret_twice_is_found(environ: dict[str, str]) -> None:
    """One leak must not open both doors."""
    both = {"DESK_CODE_SECRET": STRONG, "DESK_INTERNAL_SECRET": STRONG}
    assert not found(Settings.from_env(environ | both), "secrets").good


def test_live_mode_without_secrets_is_found(environ: dict[str, str]) -> None:
    """And which variable to set."""
    finding = found(Settings.from_env(environ | {"DESK_MODE": "live"}), "secret internal")
    assert not finding.good
    assert "DESK_INTERNAL_SECRET" in finding.en


def test_a_demo_open_to_the_world_is_found(environ: dict[str, str]) -> None:
    """As the start itself would refuse it."""
    assert not found(Settings.from_env(environ | {"DESK_HOST": "0.0.0.0"}), "mode").good


def test_made_secrets_and_a_migrated_database_are_healthy(settings: Settings) -> None:
    """What a first start leaves."""
    settings = ensure_secrets(settings)
    asyncio.run(upgrade(settings.database_url))
    for subject in ("secret internal", "secret code", "database", "books"):
        assert found(settings, subject).good, subject


def test_a_broken_audit_trail_is_found(settings: Settings) -> None:
    """Somebody wrote into the trail by hand: its chain no longer holds."""

    async def forge() -> None:
        await upgrade(settings.database_url)
        engine = make_engine(settings.database_url)
        async with session_factory(engine)() as session, session.begin():
            await Audit(session).record(
                "account:kuailian/A-1", "code_sent", by=Actor(Role.DESK), at=AT, data={"to": "a"}
            )
            await session.execute(update(AuditRow).values(data={"to": "b"}))
        await engine.dispose()

    settings.home.mkdir(parents=True)
    asyncio.run(forge())
    finding = found(settings, "books")
    assert not finding.good
    assert "audit_chain_broken" in finding.en


def test_a_database_that_was_never_migrated_is_found(settings: Settings) -> None:
    """A file is there, its tables are not."""
    settings.home.mkdir(parents=True)
    (settings.home / "desk.db").touch()
    finding = found(settings, "database")
    assert not finding.good
    assert "desk migrate" in finding.en


def test_a_database_that_does_not_answer_is_found_without_its_password(
    environ: dict[str, str],
) -> None:
    """Nothing listens on port 1; the address is shown, its password is not."""
    url = f"postgresql+psycopg://desk:{STRONG}@127.0.0.1:1/desk"
    live = environ | {"DESK_MODE": "live", "DESK_DATABASE_URL": url}
    finding = found(Settings.from_env(live), "database")
    assert not finding.good
    assert "127.0.0.1:1" in finding.zh
    assert STRONG not in str(finding)


def test_a_missing_rasa_environment_is_found(environ: dict[str, str], tmp_path: Path) -> None:
    """And the command that makes it."""
    nowhere = environ | {"DESK_RASA_PYTHON": str(tmp_path / "nowhere")}
    assert "make env" in found(Settings.from_env(nowhere), "rasa").en


def test_a_redis_that_does_not_answer_is_found_without_its_password(
    environ: dict[str, str],
) -> None:
    """Nothing listens on port 1; without the setting there is nothing to say."""
    away = environ | {"DESK_REDIS_URL": f"redis://:{STRONG}@127.0.0.1:1/0"}
    finding = found(Settings.from_env(away), "redis")
    assert not finding.good
    assert STRONG not in str(finding)
    assert "redis" not in [each.subject for each in examine(Settings.from_env(environ))]


def test_a_redis_that_answers_is_good(environ: dict[str, str], redis_url: str) -> None:
    """Asked as the gateway asks it."""
    assert found(Settings.from_env(environ | {"DESK_REDIS_URL": redis_url}), "redis").good
