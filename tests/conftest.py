"""What tests may ask for: outside servers, a browser, and the whole desk running.

A server or a program that is not there skips the tests that need it, with the line that installs
it and a count at the end; with ``CI=true`` they fail instead. Loaded by both environments, so
nothing but pytest and the standard library is imported at the top.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NoReturn

import pytest

ROOT = Path(__file__).resolve().parents[1]
IN_CI = os.environ.get("CI", "").lower() == "true"

POSTGRES_URL = os.environ.get(
    "DESK_TEST_POSTGRES_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
)
REDIS_URL = os.environ.get("DESK_TEST_REDIS_URL", "redis://127.0.0.1:6379/15")
CHROMIUM = os.environ.get("DESK_TEST_CHROMIUM", "/usr/bin/chromium")
DOVECOT = os.environ.get("DESK_TEST_DOVECOT", "/usr/sbin/dovecot")

INSTALL = {
    "PostgreSQL": "apt-get install postgresql, or set DESK_TEST_POSTGRES_URL",
    "Redis": "apt-get install redis-server, or set DESK_TEST_REDIS_URL",
    "Chromium": "apt-get install chromium fonts-noto-cjk, or set DESK_TEST_CHROMIUM",
    "Dovecot": "apt-get install dovecot-imapd, or set DESK_TEST_DOVECOT",
}
MARK_OF_FIXTURE = {
    "stack": "stack",
    "desk_for_this_module": "stack",
    "desk_of_my_own": "stack",
    "chromium": "browser",
    "page": "browser",
}

# A start imports Rasa on a machine that may be busy with other tests.
START_SECONDS = 180.0
STOP_SECONDS = 15.0

_missing: Counter[str] = Counter()
_measures: dict[str, float] = {}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what needs the stack or a browser, so that `make check` can leave it out."""
    for item in items:
        for fixture in getattr(item, "fixturenames", ()):
            if fixture in MARK_OF_FIXTURE:
                item.add_marker(MARK_OF_FIXTURE[fixture])


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say how many tests were skipped for want of what, how to have them, and what was measured."""
    for what, count in sorted(_missing.items()):
        terminalreporter.write_line(f"{count} skipped: no {what}. {INSTALL[what]}", yellow=True)
    for name, figure in _measures.items():
        terminalreporter.write_line(f"measured: {name}: {figure:.1f}")


@pytest.fixture(scope="session")
def measured() -> Callable[[str, float], None]:
    """Note a figure to be shown at the end: ``measured("warm start, seconds", 12.3)``."""
    return _measures.__setitem__


def _do_without(what: str) -> NoReturn:
    if IN_CI:
        pytest.fail(f"no {what} to test with. {INSTALL[what]}", pytrace=False)
    _missing[what] += 1
    pytest.skip(f"no {what}: {INSTALL[what]}")


def _answers(url: str) -> bool:
    from sqlalchemy.engine import make_url

    address = make_url(url)
    try:
        with socket.create_connection((address.host or "127.0.0.1", address.port or 5432), 2):
            return True
    except OSError:
        return False


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """The address of an empty PostgreSQL database that is this test's own."""
    if not _answers(POSTGRES_URL):
        _do_without("PostgreSQL")
    import psycopg
    from psycopg import sql
    from sqlalchemy.engine import make_url

    server = make_url(POSTGRES_URL)
    plain = server.set(drivername="postgresql").render_as_string(hide_password=False)
    name = f"desk_test_{secrets.token_hex(6)}"
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield server.set(database=name).render_as_string(hide_password=False)
        finally:
            connection.execute(
                sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
            )


@pytest.fixture
def redis_url() -> str:
    """The address of a Redis database for tests; choose key names of your own in it."""
    if not _answers(REDIS_URL):
        _do_without("Redis")
    return REDIS_URL


@pytest.fixture(scope="session")
def _chromium_here() -> str | None:
    return shutil.which(CHROMIUM)


@pytest.fixture
def chromium(_chromium_here: str | None) -> str:
    """Where Chromium is; for Playwright's ``executable_path``."""
    return _chromium_here or _do_without("Chromium")


@pytest.fixture
def dovecot() -> str:
    """Where Dovecot's server program is."""
    return shutil.which(DOVECOT) or _do_without("Dovecot")


def free_port_run(length: int) -> int:
    """The first of ``length`` ports in a row that nothing listens on.

    Below the range from which the system takes ports for outgoing connections: there, a port
    that is free now may be in use when the desk gets round to it.
    """
    for _ in range(200):
        start = secrets.randbelow(12000) + 20000
        with contextlib.ExitStack() as held, contextlib.suppress(OSError):
            for port in range(start, start + length):
                held.enter_context(socket.create_server(("127.0.0.1", port)))
            return start
    raise RuntimeError(f"no {length} free ports in a row")


@pytest.fixture(scope="session")
def desk_port() -> int:
    """A port for a desk of one's own; the private ones after it are free too."""
    return free_port_run(4)


@dataclass
class Stack:
    """A whole desk as ``desk up`` runs it: public address, home, and what it said."""

    home: Path
    port: int
    process: subprocess.Popen[str]
    said: list[str] = field(default_factory=list)
    listener: threading.Thread | None = None

    @property
    def url(self) -> str:
        """The public address, without a slash at the end."""
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str) -> tuple[int, str]:
        """Ask ``path``; the status and the body. A desk that doesn't answer is status 0."""
        try:
            with urllib.request.urlopen(self.url + path, timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return 0, ""

    def mails(self) -> list[dict[str, Any]]:
        """Every mail in the demo mailbox."""
        found: list[dict[str, Any]] = json.loads(self.get("/demo/mailbox.json")[1])
        return found

    def said_so_far(self) -> str:
        """All that the command has printed."""
        return "".join(self.said)

    def wait_for_words(self, words: str, seconds: float = 30.0) -> None:
        """Wait until the command has printed ``words``; fail at once if it can't any more."""
        deadline = time.monotonic() + seconds
        while words not in self.said_so_far():
            silent = self.listener is not None and not self.listener.is_alive()
            if silent and words not in self.said_so_far():
                pytest.fail(f"it ended and never said {words!r}\n{self.evidence()}")
            if time.monotonic() > deadline:
                pytest.fail(f"in {seconds:.0f} s it never said {words!r}\n{self.evidence()}")
            time.sleep(0.1)

    def wait_until_ready(self, seconds: float = START_SECONDS) -> None:
        """Wait until the desk says that it is ready to be used."""
        self.wait_for_words("Ctrl-C stops it", seconds)

    def wait_until_answering(self, seconds: float = START_SECONDS) -> None:
        """Wait until every part answers, after one of them was away."""
        deadline = time.monotonic() + seconds
        while self.get("/readyz")[0] != 200:
            if time.monotonic() > deadline:
                pytest.fail(f"in {seconds:.0f} s it never answered again\n{self.evidence()}")
            time.sleep(0.1)

    def stop(self, sent: signal.Signals = signal.SIGINT) -> int:
        """Stop the desk as a person would; return the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(sent)
        return self.process.wait(STOP_SECONDS)

    def evidence(self) -> str:
        """What it said, and the end of each log."""
        parts = ["--- desk up", self.said_so_far()]
        for log in sorted((self.home / "logs").glob("*.log")):
            lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
            parts += [f"--- {log.name}", *lines[-40:]]
        return "\n".join(parts)


def start_stack(home: Path, *, command: list[str] | None = None, **settings: str) -> Stack:
    """Start a desk on free ports under ``home``; it may not be ready yet."""
    port = free_port_run(4)
    environment = {k: v for k, v in os.environ.items() if not k.startswith("DESK_")}
    environment |= {"DESK_HOME": str(home), "DESK_PORT": str(port), "DESK_RATE_LIMITS": "off"}
    process = subprocess.Popen(
        command or [sys.executable, "-m", "bot.cli", "up"],
        cwd=ROOT,
        env=environment | settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    stack = Stack(home, int((environment | settings)["DESK_PORT"]), process)
    stack.listener = threading.Thread(target=_listen, args=(stack,), daemon=True)
    stack.listener.start()
    return stack


def _listen(stack: Stack) -> None:
    assert stack.process.stdout is not None
    for line in stack.process.stdout:
        stack.said.append(line)


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The real desk, shared by every test of the session: leave no state that others trip over."""
    running = start_stack(tmp_path_factory.mktemp("stack"))
    try:
        running.wait_until_ready()
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="module")
def desk_for_this_module(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A real desk that the tests of one module may break, as long as they mend it again."""
    running = start_stack(tmp_path_factory.mktemp("own"))
    try:
        running.wait_until_ready()
        yield running
    finally:
        running.stop()


@pytest.fixture
def desk_of_my_own(tmp_path: Path) -> Iterator[Any]:
    """Start desks that a test may break: ``desk_of_my_own(DESK_MODE="demo")``."""
    started: list[Stack] = []

    def start(home: Path = tmp_path / "home", **settings: str) -> Stack:
        started.append(start_stack(home, **settings))
        return started[-1]

    yield start
    for stack in started:
        with contextlib.suppress(subprocess.TimeoutExpired):
            stack.stop()
        stack.process.kill()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A failed test that used the stack shows what the stack's processes logged."""
    report = yield
    running = getattr(item, "funcargs", {}).get("stack")
    if report.failed and isinstance(running, Stack):
        report.sections.append(("the stack", running.evidence()))
    return report
