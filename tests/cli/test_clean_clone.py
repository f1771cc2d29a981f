"""What a new user does: clone, ``make run``, say hello; with nothing but what is in git."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.request
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.stack

ROOT = Path(__file__).resolve().parents[2]
CLEAN_CLONE_SECONDS = 900.0
WARM_SECONDS = 90.0  # 20 on a quiet machine; other tests may be running on this one


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """What git would give a new user of the present tree: no ignored file, nothing built."""
    folder = tmp_path_factory.mktemp("clean") / "refund-desk"
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split("\0")
    for name in filter(None, listed):
        if (ROOT / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)  # three gigabytes


class MakeRun:
    """``make run`` in a clone, started as a terminal would: signals reach the whole group."""

    def __init__(self, clone: Path, port: int) -> None:
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("DESK_", "MAKE"))}
        environment.pop("MFLAGS", None)
        self.url = f"http://127.0.0.1:{port}"
        self.said = clone / "said.txt"
        self._output = self.said.open("w")
        self.process = subprocess.Popen(
            ["make", "run"],
            cwd=clone,
            env=environment | {"DESK_PORT": str(port)},
            stdout=self._output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def wait_until_ready(self, seconds: float) -> float:
        """How long it took to say that the desk is ready."""
        began = time.monotonic()
        while "Ctrl-C stops it" not in self.said.read_text("utf-8"):
            if self.process.poll() is not None or time.monotonic() - began > seconds:
                pytest.fail(f"make run did not get there:\n{self.said.read_text('utf-8')}")
            time.sleep(0.2)
        return time.monotonic() - began

    def interrupt(self) -> float:
        """Press Ctrl-C; how long it took to end."""
        began = time.monotonic()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGINT)
        self.process.wait(30)
        self._output.close()
        return time.monotonic() - began

    def ask(self, path: str, body: dict[str, Any] | None = None, token: str = "") -> dict[str, Any]:
        """One call of the chat API."""
        request = urllib.request.Request(
            f"{self.url}/api/chat{path}",
            data=json.dumps(body).encode() if body is not None else None,
            headers={"Content-Type": "application/json", "Authorization": f"Bearer {token}"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            found: dict[str, Any] = json.loads(answer.read())
            return found


@pytest.fixture(scope="module")
def first_run(clone: Path, desk_port: int) -> dict[str, Any]:
    """The first ``make run`` of all, one conversation, Ctrl-C; and what was seen."""
    run = MakeRun(clone, desk_port)
    try:
        began = time.monotonic()
        run.wait_until_ready(CLEAN_CLONE_SECONDS)
        session = run.ask("/sessions", {"brand": "kuailian", "language": "zh"})
        token = session["token"]
        message = {"id": str(uuid.uuid4()), "text": "你好,我想退款"}
        seq = run.ask("/messages", message, token)["seq"]
        answer = run.ask(f"/messages?after={seq}&wait=30", token=token)
        answered = time.monotonic() - began
    finally:
        stopped = run.interrupt()
    return {"answered": answered, "token": token, "answer": answer, "stopped": stopped, "run": run}


def test_a_clean_clone_answers_its_first_message(first_run: dict[str, Any], measured: Any) -> None:
    """In Chinese, to a customer who wants a refund."""
    measured("clean clone to first reply, seconds", first_run["answered"])
    replies = [m["text"] for m in first_run["answer"]["messages"] if m["author"] == "bot"]
    assert any("\u4e00" <= character <= "\u9fff" for reply in replies for character in reply)


def test_ctrl_c_ends_make_run_cleanly(first_run: dict[str, Any]) -> None:
    """Soon, with a word, and the port is free again."""
    run = first_run["run"]
    assert first_run["stopped"] < 15
    assert "stopped" in run.said.read_text("utf-8") or "已停止" in run.said.read_text("utf-8")
    assert "Traceback" not in run.said.read_text("utf-8")
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", int(run.url.rpartition(":")[2])), 2)


def test_the_second_run_is_quick_and_remembers(
    clone: Path, desk_port: int, first_run: dict[str, Any], measured: Any
) -> None:
    """Nothing is made or trained again, and the conversation is still there."""
    run = MakeRun(clone, desk_port)
    try:
        seconds = run.wait_until_ready(WARM_SECONDS)
        said = run.said.read_text("utf-8")
        kept = run.ask("/messages?after=0&wait=0", token=first_run["token"])
    finally:
        run.interrupt()
    measured("warm make run to ready, seconds", seconds)
    assert "training" not in said
    assert "making .venv" not in said
    assert "你好,我想退款" in [m["text"] for m in kept["messages"]]


def test_a_taken_port_is_said_plainly(
    clone: Path, desk_port: int, first_run: dict[str, Any]
) -> None:
    """Which one, and what to type instead; make itself fails."""
    with socket.create_server(("127.0.0.1", desk_port)):
        run = MakeRun(clone, desk_port)
        assert run.process.wait(60) != 0
    said = run.said.read_text("utf-8")
    assert f"port {desk_port} is taken" in said
    assert f"端口 {desk_port} 已被占用" in said
    assert "DESK_PORT=" in said


def test_a_half_made_environment_is_made_again(clone: Path, first_run: dict[str, Any]) -> None:
    """Somebody pressed Ctrl-C while packages were being installed."""
    (clone / ".venv" / ".lock").unlink()
    done = subprocess.run(["make", "env"], cwd=clone, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert ".venv is half-made: making it again" in done.stderr
    assert (
        subprocess.run([clone / ".venv/bin/desk", "--help"], cwd="/", check=False).returncode == 0
    )
