"""Rasa without what the desk never uses: lighter, and otherwise itself."""

import subprocess
import sys

import pytest

from bot.engine.lean import LEFT_OUT, leave_out_what_is_not_used

HEAVY = ("tensorflow", "aiogram", "twilio", "sklearn")


def _run(program: str) -> str:
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program], capture_output=True, text=True, check=True
    ).stdout.strip()


def test_the_server_starts_without_the_heavy_packages() -> None:
    loaded = _run(
        "import sys; from bot.engine.lean import leave_out_what_is_not_used as lean; lean();"
        "import rasa.core.run, rasa.server;"
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )
    assert loaded == "[]"


def test_every_module_left_out_is_one_that_rasa_has() -> None:
    found = _run(
        "import importlib.util as u;"
        f"print([n for n in {sorted(LEFT_OUT)} if u.find_spec(n) is None])"
    )
    assert found == "[]"


def test_coming_too_late_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rasa.core.policies.ted_policy", None)
    with pytest.raises(RuntimeError, match="too late"):
        leave_out_what_is_not_used()
