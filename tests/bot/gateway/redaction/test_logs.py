"""Secrets in log lines, which nobody meant to write, do not get out."""

from __future__ import annotations

import json
import logging
from dataclasses import replace

import pytest
import structlog

from actions.settings import Settings
from bot.cli.serve import configure_logs
from bot.gateway.redaction.logs import without_secrets
from tests.bot.gateway.redaction import dummies


def test_values_keys_lists_and_other_objects_are_cleaned() -> None:
    phrase, card = dummies.phrase(), dummies.card()
    event = {
        "event": f"failed on {phrase}",
        "error": ValueError(f"my password is {'hunter'}22"),
        "more": [{"text": card, card: 1}, (phrase,)],
        "conversation": dummies.raw_key()[:32],
        "seq": 7,
        "level": "info",
    }
    cleaned = json.dumps(without_secrets(None, "info", event))
    assert phrase.split()[2] not in cleaned
    assert card not in cleaned
    assert "hunter" + "22" not in cleaned
    assert event["conversation"] == dummies.raw_key()[:32]
    assert event["seq"] == 7


def test_every_line_of_a_process_goes_through_it(
    capsys: pytest.CaptureFixture[str], settings: Settings
) -> None:
    root = logging.getLogger()
    handlers, level, kept = root.handlers[:], root.level, structlog.get_config()
    try:
        configure_logs(replace(settings, log_level="info"), "web")
        secret = dummies.phrase(seed=5)
        structlog.get_logger("ours").error("broken", text=secret)
        logging.getLogger("theirs").error("broken: %s", secret)
        try:
            raise ValueError(secret)
        except ValueError:
            structlog.get_logger("ours").exception("broken")
        lines = capsys.readouterr().err.splitlines()
    finally:
        root.handlers, root.level = handlers, level
        structlog.configure(**kept)
        structlog.contextvars.clear_contextvars()
    assert len(lines) == 3
    for line in lines:
        assert "[recovery phrase removed]" in json.dumps(json.loads(line))
        assert secret.split()[4] not in line
