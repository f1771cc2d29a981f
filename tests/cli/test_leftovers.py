"""A desk that was killed leaves nothing that stands in the next one's way."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.cli.leftovers import processes_of, sole_desk, stop, stop_leftovers
from bot.cli.programs import MARK
from bot.cli.say import Trouble

Left = Callable[[Path, str], subprocess.Popen[str]]
PLAIN = "print('up', flush=True); input()"
STUBBORN = "import signal; signal.signal(15, signal.SIG_IGN); " + PLAIN


@pytest.fixture
def left() -> Iterator[Left]:
    """Start a process that carries a home's mark and waits."""
    started: list[subprocess.Popen[str]] = []

    def start(home: Path, program: str = PLAIN) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", program],
            env=os.environ | {MARK: str(home)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        assert process.stdout is not None
        process.stdout.readline()
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_what_a_desk_left_is_found_by_its_home(tmp_path: Path, left: Left) -> None:
    """Another desk's processes are not ours to stop."""
    mine = left(tmp_path / "mine", PLAIN)
    left(tmp_path / "mine too", PLAIN)
    assert processes_of(tmp_path / "mine") == [mine.pid]


def test_what_was_left_is_stopped_and_said(
    tmp_path: Path, left: Left, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody should wonder where a process went."""
    process = left(tmp_path, PLAIN)
    stop_leftovers(tmp_path)
    assert process.wait(5) == -15
    assert str(process.pid) in capsys.readouterr().out


def test_nothing_is_said_where_nothing_was_left(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The usual start is quiet."""
    stop_leftovers(tmp_path)
    assert capsys.readouterr().out == ""


def test_a_process_that_will_not_stop_is_killed(tmp_path: Path, left: Left) -> None:
    """After its patience, for certain."""
    process = left(tmp_path, STUBBORN)
    stop(tmp_path, patience=0.3)
    assert process.wait(5) == -9


def test_two_desks_never_share_a_home(tmp_path: Path) -> None:
    """The second is told who holds it."""
    with sole_desk(tmp_path), pytest.raises(Trouble, match=str(os.getpid())), sole_desk(tmp_path):
        pass


def test_a_home_is_free_again_once_its_desk_has_ended(tmp_path: Path) -> None:
    """The lock lives and dies with the process; no stale file blocks a start."""
    with sole_desk(tmp_path):
        pass
    with sole_desk(tmp_path):
        assert (tmp_path / ".running").read_text() == str(os.getpid())
