"""What the simulated customers say: the same in every language, and in words of their own."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from random import Random

import pytest

from tests.simulation.people import cast
from tests.simulation.speech import LANGUAGES, say, sentences
from tests.simulation.tasks import TASKS

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = sorted((ROOT / "data").glob("*.yml"))
MESSAGES = sorted((ROOT / "tests" / "nlu").rglob("*.jsonl"))
LONG_ENOUGH = {"zh": 7, "hant": 7, "mixed": 9, "en": 20}
"""Shorter ones, such as 没有到账, everybody says alike."""
_FACT = re.compile(r"\{([a-z_]+)\}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_everything_with_the_same_facts(language: str) -> None:
    for what, ways in sentences("zh").items():
        own = sentences(language)[what]
        facts = {fact for way in ways for fact in _FACT.findall(way)}
        assert {fact for way in own for fact in _FACT.findall(way)} == facts, what
    assert set(sentences(language)) == set(sentences("zh"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_stands_where_the_bot_learns_or_is_tested(language: str) -> None:
    known = _known()
    mine = [way for ways in sentences(language).values() for way in ways]
    long_ones = [way for way in mine if len(_bare(way)) >= LONG_ENOUGH[language]]
    assert [way for way in long_ones if _bare(way) in known] == []


@cache
def _known() -> frozenset[str]:
    """All examples and all test messages."""
    found = {_bare(line) for file in EXAMPLES for line in file.read_text("utf-8").splitlines()}
    for file in MESSAGES:
        lines = file.read_text("utf-8").splitlines()
        found |= {_bare(str(json.loads(line)["text"])) for line in lines if line}
    return frozenset(found)


def _bare(text: str) -> str:
    """A sentence without what is no word of it."""
    return re.sub(r"[\W_]", "", _FACT.sub("", text)).casefold()


def test_a_fact_is_never_mistyped() -> None:
    draw = Random(1)
    for _ in range(200):
        text = say("ask_refund_of", "en", {"order": "KL2026ABCDEFGH"}, draw, typos=1.0)
        assert "KL2026ABCDEFGH" in text


def test_the_same_seed_makes_the_same_people_and_every_task_has_some() -> None:
    for task in TASKS.values():
        one, other = (cast(task, "1234", Random(3)).record() for _ in range(2))
        assert one["accounts"] == other["accounts"]
        assert [o["amount"] for o in one["orders"]] == [o["amount"] for o in other["orders"]]
