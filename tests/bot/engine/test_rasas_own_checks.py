"""Rasa's own tools find nothing wrong with the training data, the domain and the rules."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
STORIES = ROOT / "tests" / "stories"
SAID_BY_ACTIONS = re.compile(r"The utterance '\w+' is not used in any story or rule\.")
"""Most responses are: Rasa sees only what a rule names. tests/test_bilingual.py sees the rest."""


def rasa(*arguments: str) -> tuple[int, str]:
    """How the command ended, and all that it wrote."""
    done = subprocess.run(
        [sys.executable, "-m", "bot.engine.lean", *arguments],
        cwd=ROOT,
        env=os.environ | {"NO_COLOR": "1", "COLUMNS": "400"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def test_data_validate_finds_nothing() -> None:
    code, told = rasa("data", "validate")
    assert code == 0, told[-2000:]
    warnings = [line for line in told.splitlines() if "UserWarning: " in line]
    assert [line for line in warnings if not SAID_BY_ACTIONS.search(line)] == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_stories_are_predicted_to_their_end(language: str, tmp_path: Path) -> None:
    stories = STORIES / f"test_{language}.yml"
    code, told = rasa(
        *("test", "core", "--fail-on-prediction-errors", "--stories", str(stories)),
        *("--model", str(_newest_model()), "--out", str(tmp_path), "--no-plot"),
    )
    assert code == 0, told[-3000:]
    assert (tmp_path / "story_report.json").exists()


def _newest_model() -> Path:
    models = (ROOT / "models").glob("*.tar.gz")
    return max(models, key=lambda model: model.stat().st_mtime)
