"""Finds and stops what an earlier desk of the same home left running.

Knows processes by the mark that ``bot.cli.programs`` gives them. Leaves a desk that is still
looked after alone: its ``desk up`` holds a lock for as long as it lives.
"""

from __future__ import annotations

import fcntl
import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bot.cli.programs import MARK
from bot.cli.say import Trouble, say

PATIENCE_SECONDS = 8.0
PROC = Path("/proc")


@contextmanager
def sole_desk(home: Path) -> Iterator[None]:
    """Hold ``home`` for as long as this desk runs.

    Raises:
        Trouble: another desk is running on it.
    """
    home.mkdir(parents=True, exist_ok=True)
    with (home / ".running").open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            holder = file.read().strip()
            raise Trouble(
                f"这个目录上已有客服台在运行(进程 {holder}):{home}。"
                "请先停止它，或用 DESK_HOME 和 DESK_PORT 另开一个",
                f"a desk is already running on {home} (process {holder}). Stop it first, "
                "or start another with its own DESK_HOME and DESK_PORT",
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def stop_leftovers(home: Path) -> None:
    """Stop what a killed desk left behind, and say so. Call it inside ``sole_desk``."""
    left = processes_of(home)
    if left:
        names = ", ".join(str(pid) for pid in left)
        say(f"停止上次遗留的进程({names})", f"stopping what the last desk left ({names})")
        stop(home)


def stop(home: Path, patience: float = PATIENCE_SECONDS) -> None:
    """End every marked process of ``home``: kindly, and after ``patience`` seconds for certain."""
    kindly = [(signal.SIGTERM, patience)] if patience else []
    for sent, seconds in [*kindly, (signal.SIGKILL, PATIENCE_SECONDS)]:
        deadline = time.monotonic() + seconds
        for pid in processes_of(home):
            _signal(pid, sent)
        while processes_of(home) and time.monotonic() < deadline:
            time.sleep(0.1)


def processes_of(home: Path) -> list[int]:
    """The living processes that carry the mark of ``home``, but for this one."""
    mark = f"{MARK}={home}".encode()
    found = []
    for entry in PROC.glob("[0-9]*"):
        pid = int(entry.name)
        if pid != os.getpid() and mark in _environment(entry) and not _is_dead(entry):
            found.append(pid)
    return sorted(found)


def _environment(entry: Path) -> list[bytes]:
    try:
        return (entry / "environ").read_bytes().split(b"\0")
    except OSError:  # gone meanwhile, or another user's
        return []


def _is_dead(entry: Path) -> bool:
    """A zombie keeps its number but nothing else."""
    try:
        return (entry / "stat").read_text(errors="replace").rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def _signal(pid: int, sent: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, sent)
