"""The whole desk, as ``desk up`` runs it: what it says, what it survives, how it ends."""

from __future__ import annotations

import os
import signal
import socket
import stat
import time
from pathlib import Path
from typing import Any

import pytest

from bot.cli.leftovers import processes_of

PROCESSES = ("rasa", "actions", "web", "worker")


def pid_of(stack: Any, name: str) -> int:
    """The process that runs ``name`` in this desk."""
    for pid in processes_of(stack.home):
        command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        if name.encode() in command or (name == "rasa" and b"bot.engine.lean" in command):
            return pid
    raise AssertionError(f"{name} is not running")


def wait_until_gone(home: Path, seconds: float) -> None:
    """Wait until no process of ``home`` is left."""
    deadline = time.monotonic() + seconds
    while (left := processes_of(home)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert left == []


def test_it_says_where_to_go_and_what_to_try(stack: Any) -> None:
    """Addresses, the demo's mailbox, and customers with their orders."""
    said = stack.said_so_far()
    for name in PROCESSES:
        assert f"{name} is ready" in said
    assert f"{stack.url}/" in said
    assert f"{stack.url}/demo/mailbox" in said
    assert "KL20260901001" in said


def test_demo_mode_is_marked_loudly_in_both_languages(stack: Any) -> None:
    """Nobody may take a demo for the real thing."""
    assert "*** DEMO MODE" in stack.said_so_far()
    assert "*** 演示模式" in stack.said_so_far()


def test_it_answers_once_it_says_so(stack: Any) -> None:
    """The page, and the check of every part behind it."""
    assert stack.get("/readyz")[0] == 200
    assert stack.get("/")[0] == 200


def test_the_sample_customers_are_those_of_two_brands(stack: Any) -> None:
    """Loaded by the first start."""
    assert "sample customers loaded" in stack.said_so_far()


def test_files_with_secrets_are_for_their_owner_only(stack: Any) -> None:
    """Keys, and the files that Rasa and the supervisor read."""
    files = [*(stack.home / "secrets").iterdir(), *(stack.home / "run").glob("*.yml")]
    assert {"internal", "code", "endpoints.yml", "credentials.yml"} <= {path.name for path in files}
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in files)


@pytest.mark.parametrize("name", ["worker", "actions", "web"])
def test_a_process_that_dies_is_restarted_and_says_so(stack: Any, name: str) -> None:
    """Who died, how, and that it is back."""
    died = pid_of(stack, name)
    os.kill(died, signal.SIGKILL)
    stack.wait_for_words(f"{name} died (terminated by SIGKILL), restarting")
    stack.wait_for_words(f"{name} is back")
    assert pid_of(stack, name) != died


def test_a_second_desk_on_the_same_home_is_refused(stack: Any, desk_of_my_own: Any) -> None:
    """Two on one database would each think the other's work its own."""
    second = desk_of_my_own(stack.home)
    assert second.process.wait(30) == 1
    second.wait_for_words(f"a desk is already running on {stack.home}")
    assert stack.get("/healthz")[0] == 200


def test_ctrl_c_stops_everything_within_ten_seconds(desk_of_my_own: Any) -> None:
    """With exit code 0, a word, and nothing left behind."""
    desk = desk_of_my_own()
    desk.wait_until_ready()
    began = time.monotonic()
    assert desk.stop(signal.SIGINT) == 0
    assert time.monotonic() - began < 10
    assert processes_of(desk.home) == []
    desk.wait_for_words("stopped")


def test_a_desk_killed_outright_leaves_nothing_and_keeps_its_data(desk_of_my_own: Any) -> None:
    """Its processes end with it; the next start finds the data and loads no samples again."""
    desk = desk_of_my_own()
    desk.wait_until_ready()
    desk.process.kill()
    desk.process.wait(5)
    wait_until_gone(desk.home, 15)
    again = desk_of_my_own(desk.home, DESK_PORT=str(desk.port))
    again.wait_until_ready()
    assert "sample customers loaded" not in again.said_so_far()
    assert again.get("/readyz")[0] == 200


def test_a_killed_supervisor_takes_the_desk_down_with_it(desk_of_my_own: Any) -> None:
    """Processes that nobody watches are worse than none: exit code 1, and nothing is left."""
    desk = desk_of_my_own()
    desk.wait_for_words("rasa is ready", seconds=180)
    supervisor = int((desk.home / "run" / "supervisord.pid").read_text())
    os.kill(supervisor, signal.SIGKILL)
    assert desk.process.wait(30) == 1
    assert processes_of(desk.home) == []
    desk.wait_for_words("the supervisor ended by itself")


def test_a_process_that_never_starts_ends_the_start_with_its_log(
    desk_of_my_own: Any, tmp_path: Path
) -> None:
    """A model that Rasa can't read: the end of Rasa's log says so, and nothing is left."""
    (tmp_path / "not-python").write_text("#!/bin/sh\necho no Rasa in here; exit 3\n")
    (tmp_path / "not-python").chmod(0o755)
    (tmp_path / "model.tar.gz").touch()
    desk = desk_of_my_own(
        DESK_RASA_PYTHON=str(tmp_path / "not-python"), DESK_MODEL=str(tmp_path / "model.tar.gz")
    )
    assert desk.process.wait(60) == 1
    desk.wait_for_words("rasa does not start (exit status 3)")
    assert "no Rasa in here" in desk.said_so_far()
    assert processes_of(desk.home) == []


def test_a_taken_port_stops_the_start_before_anything_runs(desk_of_my_own: Any) -> None:
    """Which port, and how to choose another."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        desk = desk_of_my_own(DESK_PORT=str(port))
        assert desk.process.wait(30) == 1
    desk.wait_for_words(f"port {port} is taken")
    assert "make run" in desk.said_so_far()


def test_a_demo_does_not_open_itself_to_the_world(desk_of_my_own: Any) -> None:
    """Nothing is made before the refusal, not even a database."""
    desk = desk_of_my_own(DESK_HOST="0.0.0.0")
    assert desk.process.wait(30) == 2
    desk.wait_for_words("DESK_MODE=live")
    assert not (desk.home / "desk.db").exists()
