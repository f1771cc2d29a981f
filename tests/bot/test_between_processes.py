"""Between the processes of a running desk: nothing answers without the shared secret, and the
secret is nowhere to be read.
"""

from __future__ import annotations

import stat
import subprocess
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from actions.settings import ROOT, Settings, ensure_secrets
from bot.cli.model import RASA, model_of, rasa_environment
from bot.cli.programs import write_files
from tests.conftest import free_port_run

PATHS = (
    "/",
    "/version",
    "/status",
    "/model",
    "/model/parse",
    "/domain",
    "/docs",
    "/nothing",
    "/webhooks/desk/ready",
    "/webhooks/desk/turn",
    "/webhooks/rest/webhook",
    "/webhooks/rasa/webhook",
    "/conversations/x/tracker",
    "/conversations/x/messages",
)


def ask(url: str, method: str, secret: str | None) -> tuple[int, str, str]:
    """Status, body and headers."""
    headers = {} if secret is None else {"Authorization": f"Bearer {secret}"}
    data = b"{}" if method in ("POST", "PUT") else None
    asked = urllib.request.Request(url, data=data, headers=headers, method=method)
    try:
        with urllib.request.urlopen(asked, timeout=20) as answer:
            return answer.status, answer.read().decode(), str(answer.headers)
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode(), str(error.headers)


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "OPTIONS"])
def test_rasa_and_the_action_server_give_nothing_without_the_secret(
    stack: Any, method: str
) -> None:
    for path in PATHS:
        for wrong in (None, "", "wrong", "not-a-secret-only-for-rasa-run-by-hand"):
            status, body, _ = ask(f"http://127.0.0.1:{stack.port + 1}{path}", method, wrong)
            assert status == 401, (method, path, status, body)
            assert "3.6" not in body
            assert "Rasa" not in body
    status, _, _ = ask(f"http://127.0.0.1:{stack.port + 2}/webhook", method, None)
    assert status == 401


def test_files_with_a_secret_are_their_owners_and_no_process_shows_one(stack: Any) -> None:
    home: Path = stack.home
    assert stat.S_IMODE((home / "secrets").stat().st_mode) == 0o700
    for name in ("endpoints.yml", "credentials.yml"):
        assert stat.S_IMODE((home / "run" / name).stat().st_mode) == 0o600
    for name in ("desk.db", "rasa-trackers.db", "logs/web.log"):
        assert stat.S_IMODE((home / name).stat().st_mode) & 0o077 == 0, name
    shown = subprocess.run(["ps", "axww", "-o", "args"], capture_output=True, text=True, check=True)
    said = [shown.stdout, stack.said_so_far()]
    said += [log.read_text("utf-8", "replace") for log in (home / "logs").glob("*.log*")]
    assert str(home) in shown.stdout
    for file in (home / "secrets").iterdir():
        assert not any(file.read_text("ascii").strip() in each for each in said), file.name


def test_rasa_refuses_to_listen_where_others_could_reach_it(tmp_path: Path) -> None:
    port = str(free_port_run(4))
    settings = ensure_secrets(
        Settings.from_env({"DESK_HOME": str(tmp_path / "home"), "DESK_PORT": port})
    )
    write_files(settings, model_of(ROOT))
    done = subprocess.run(
        [
            *(str(settings.rasa_python), *RASA, "run", "-i", "0.0.0.0"),
            *("-p", str(settings.rasa_port), "--model", str(model_of(ROOT))),
            *("--endpoints", str(settings.run / "endpoints.yml")),
            *("--credentials", str(settings.run / "credentials.yml")),
        ],
        cwd=ROOT,
        env=rasa_environment(),
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert "listens on this machine only" in done.stdout + done.stderr
    with pytest.raises(OSError, match="refused"):
        ask(f"http://127.0.0.1:{settings.rasa_port}/", "GET", None)
