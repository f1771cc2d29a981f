"""Engine tests run in Rasa's environment, as lean as the desk itself runs it."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from bot.engine.lean import leave_out_what_is_not_used

leave_out_what_is_not_used()

PATTERNS = Path(__file__).parents[3] / "data" / "entities.yml"
NOW = datetime(2026, 11, 25, 18, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
"""A Wednesday."""


@pytest.fixture(scope="session")
def pipeline():  # type: ignore[no-untyped-def]
    """The readers of facts, with the expressions of data/entities.yml."""
    from bot.engine.nlu.facts.reading import build_pipeline

    found = []
    for block in yaml.safe_load(PATTERNS.read_text("utf-8"))["nlu"]:
        for line in block["examples"].splitlines():
            found.append((block["regex"], line[2:]))
    return build_pipeline(found)


@pytest.fixture(scope="session")
def told(pipeline) -> Callable[[str], str]:  # type: ignore[no-untyped-def]
    """The facts of a message as ``kind=value@words``, parted by ``|``; ``!`` if taken back."""
    from bot.engine.nlu.facts.reading import read_facts

    def tell(message: str) -> str:
        return "|".join(
            f"{'!' * fact.rejected}{fact.kind}={fact.value}@{fact.text}"
            for fact in read_facts(pipeline, message, now=NOW)
        )

    return tell
