"""Looks the desk over and says what is wrong, without changing anything.

Knows one question each: environments, model, front end, disk, ports, secrets, database, books.
Leaves putting things right to whoever reads it; each fault says how.
"""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Callable, Iterator

from redis.exceptions import RedisError
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from actions.bootstrap import build_desk
from actions.settings import ROOT, Settings, SettingsError
from actions.storage.migrate import is_current
from bot.cli.checks import check_disk, check_home, check_ports
from bot.cli.exposure import exposures, weakness
from bot.cli.finding import Finding
from bot.cli.leftovers import processes_of
from bot.cli.model import model_of
from bot.cli.say import Trouble
from bot.gateway.limits.shared import connect

MOST_SHOWN = 5
WIDGET = ROOT / "build" / "widget"


def examine(settings: Settings) -> Iterator[Finding]:
    """Every finding, in an order that a person would look in."""
    yield from _settings_findings(settings)
    yield _rasa(settings)
    yield _model(settings)
    yield _front_end()
    yield _asked("home", "可写", "can be written to", lambda: check_home(settings.home))
    yield _asked("disk", "空间足够", "enough is free", lambda: check_disk(settings.home))
    yield _ports(settings)
    yield from _secrets(settings)
    yield from exposures(settings)
    database = _database(settings)
    yield database
    if settings.redis_url:
        yield _redis(settings.redis_url)
    if database.good and _database_exists(settings):
        yield _books(settings)


def _settings_findings(settings: Settings) -> Iterator[Finding]:
    try:
        settings.check_demo_is_safe()
    except SettingsError as error:
        yield Finding("mode", False, error.zh, error.en)
        return
    zh, en = ("演示模式", "demo mode") if settings.demo else ("正式模式", "live mode")
    yield Finding("mode", True, zh, en)


def _rasa(settings: Settings) -> Finding:
    check = "from importlib.metadata import version; print(version('rasa'))"
    try:
        done = subprocess.run(
            [settings.rasa_python, "-c", check],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return Finding(
            "rasa", False, "Rasa 环境不可用，请运行 make env", "not usable: run make env"
        )
    version = done.stdout.strip()
    return Finding("rasa", True, f"版本 {version}", f"version {version}")


def _model(settings: Settings) -> Finding:
    model = settings.model or model_of(ROOT)
    if model.exists():
        return Finding("model", True, model.name, "fits the present data")
    return Finding(
        "model", False, "没有对应当前数据的模型，请运行 make train", "none: run make train"
    )


def _front_end() -> Finding:
    if WIDGET.is_dir() and any(WIDGET.glob("*.js")):
        return Finding("front end", True, "已构建", "built")
    return Finding("front end", False, "尚未构建，请运行 make build", "not built: run make build")


def _asked(subject: str, zh: str, en: str, check: Callable[[], None]) -> Finding:
    try:
        check()
    except Trouble as trouble:
        return Finding(subject, False, trouble.zh, trouble.en)
    return Finding(subject, True, zh, en)


def _ports(settings: Settings) -> Finding:
    numbers = ", ".join(str(port) for port in settings.listening().values())
    if processes_of(settings.home):
        return Finding(
            "ports", True, f"客服台正在使用 {numbers}", f"{numbers}: the desk is running"
        )
    free = f"{numbers} 空闲", f"{numbers} are free"
    return _asked("ports", *free, lambda: check_ports(settings))


def _secrets(settings: Settings) -> Iterator[Finding]:
    for name, secret in (("internal", settings.internal_secret), ("code", settings.code_secret)):
        subject = f"secret {name}"
        if not secret and settings.demo:
            yield Finding(subject, True, "首次启动时生成", "will be made at the first start")
        elif not secret:
            yield Finding(subject, False, "未设置", f"not set: DESK_{name.upper()}_SECRET")
        elif weak := weakness(secret):
            yield Finding(subject, False, *weak)
        else:
            yield Finding(subject, True, "足够强", "strong enough")


def _database_exists(settings: Settings) -> bool:
    """Whether there is something to look into; looking must not create it."""
    file = make_url(settings.database_url).database
    return not settings.sqlite or not file or (ROOT / file).exists()


def _database(settings: Settings) -> Finding:
    shown = make_url(settings.database_url).render_as_string(hide_password=True)
    if not _database_exists(settings):
        return Finding("database", True, "首次启动时创建", "will be made at the first start")
    try:
        current = asyncio.run(is_current(settings.database_url))
    except (SQLAlchemyError, OSError) as error:
        reason = type(error).__name__
        return Finding("database", False, f"连不上 {shown}({reason})", f"no answer ({reason})")
    if not current:
        return Finding("database", False, "表结构不是最新，请运行 desk migrate", "run desk migrate")
    return Finding("database", True, shown, "reachable and up to date")


def _redis(url: str) -> Finding:
    """Said without the address: it may hold a password."""

    async def ping() -> None:
        async with connect(url) as redis:
            await redis.ping()

    try:
        asyncio.run(ping())
    except (RedisError, OSError, ValueError) as error:
        reason = type(error).__name__
        zh = f"连不上({reason})，各进程只能各自限流；请检查 DESK_REDIS_URL"
        en = f"no answer ({reason}): each process limits for itself; check DESK_REDIS_URL"
        return Finding("redis", False, zh, en)
    return Finding("redis", True, "可用，各进程共用限流", "answers; limits are shared")


def _books(settings: Settings) -> Finding:
    """The business' own check-up: audit chains whole, no order refunded beyond what was paid."""
    wrong = asyncio.run(_findings_of_the_business(settings))
    if not wrong:
        return Finding("books", True, "账目与审计链一致", "money and audit trail agree")
    shown = ", ".join(wrong[:MOST_SHOWN]) + ("…" if len(wrong) > MOST_SHOWN else "")
    return Finding("books", False, f"{len(wrong)} 处不一致", f"{len(wrong)} wrong: {shown}")


async def _findings_of_the_business(settings: Settings) -> list[str]:
    desk = await build_desk(settings)
    try:
        return [f"{found.code} {found.subject}" for found in await desk.doctor.findings()]
    finally:
        await desk.close()
