"""The sets that the report measures on, and the model that it asks.

A test set is JSON Lines in ``tests/nlu``. An ``Answer`` is what any classifier made of a message,
so that ours and stock Rasa's are measured alike. Leaves every figure to ``measures``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from rasa.shared.utils.io import read_yaml_file
from spacy.language import Language

from bot.engine.examples import DATA, LANGUAGES, texts_of
from bot.engine.nlu.facts.reading import read_facts
from bot.engine.nlu.rejection import OUT_OF_SCOPE
from bot.engine.understand import FINER, Understanding

ROOT = Path(__file__).resolve().parents[3]
TESTS = ROOT / "tests" / "nlu"

COARSE = {name: FINER[name].split("/")[0] for name in ("change_contact", "mailbox_lost")}
"""What the development set, which knows 24 intents, takes as a part of a commoner one."""
_PLAIN = {finer: name for name, finer in FINER.items()}
BATCH = 256


class Labelled(NamedTuple):
    """A test message and the intent that it has."""

    text: str
    intent: str
    language: str


class Said(NamedTuple):
    """A fact in a message; ``start`` and ``end`` are positions in the original text."""

    kind: str
    value: str
    start: int
    end: int
    rejected: bool = False


class Factual(NamedTuple):
    """A test message and the facts that it holds; ``now`` is the moment it was written."""

    text: str
    now: datetime
    facts: tuple[Said, ...]
    language: str


class Answer(NamedTuple):
    """What a classifier made of a message."""

    intent: str
    confidence: float
    strangeness: float
    """How much speaks for ``out_of_scope``; only the order of messages by it means something."""


def read_labelled(folder: Path) -> list[Labelled]:
    """The messages of ``zh.jsonl`` and ``en.jsonl`` in ``folder``; a missing file has none."""
    return [
        Labelled(one["text"], one["intent"], language)
        for language in LANGUAGES
        for one in _lines(folder / f"{language}.jsonl")
    ]


def read_factual(folder: Path) -> list[Factual]:
    """The same for messages with their facts."""
    return [
        Factual(
            one["text"],
            datetime.fromisoformat(one["now"]),
            tuple(_placed(one["text"], one["facts"])),
            language,
        )
        for language in LANGUAGES
        for one in _lines(folder / f"{language}.jsonl")
    ]


def _lines(path: Path) -> list[dict[str, object]]:
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def _placed(text: str, facts: Iterable[dict[str, object]]) -> Iterable[Said]:
    """The facts with their places: they stand in order, and each after the one before if it can."""
    last_start = last_end = 0
    for fact in facts:
        written = str(fact["text"])
        places = (text.find(written, last_end), text.find(written, last_start), text.find(written))
        start = next((place for place in places if place >= 0), None)
        if start is None:
            raise ValueError(f"{written!r} does not stand in {text!r}")
        last_start, last_end = start, start + len(written)
        rejected = bool(fact.get("rejected", False))
        yield Said(str(fact["fact"]), str(fact["value"]), start, last_end, rejected)


def read_concepts() -> dict[str, list[str]]:
    """Each concept and the ways to say it, the commonest first, of both languages."""
    found: dict[str, list[str]] = {}
    for language in reversed(LANGUAGES):  # the Chinese lists hold pinyin too
        for block in read_yaml_file(DATA / f"concepts.{language}.yml")["nlu"]:
            found.setdefault(block["lookup"], []).extend(texts_of(block))
    return found


def coarse(intent: str) -> str:
    """The intent as the development set names it."""
    return COARSE.get(intent, intent)


def ask(understanding: Understanding, texts: Sequence[str]) -> list[Answer]:
    """What our whole pipeline makes of the texts."""
    found: list[Answer] = []
    for first in range(0, len(texts), BATCH):
        found += [_answer(said) for said in understanding.read(texts[first : first + BATCH])]
    return found


def _answer(said: dict[str, object]) -> Answer:
    ranking: list[dict[str, object]] = said["ranking"]  # type: ignore[assignment]
    # Out of sight, below five others, is far from any threshold.
    strange = [one["confidence"] for one in ranking if one["intent"] == OUT_OF_SCOPE]
    intent = str(said["intent"] or OUT_OF_SCOPE)
    return Answer(
        _PLAIN.get(intent, intent),
        float(said["confidence"]),  # type: ignore[arg-type]
        float(strange[0]) if strange else 0.0,  # type: ignore[arg-type]
    )


def facts_in(nlp: Language, text: str, now: datetime) -> list[Said]:
    """What our extractor finds: the one place where the report calls it."""
    return [
        Said(fact.kind, fact.value, fact.start, fact.end, fact.rejected)
        for fact in read_facts(nlp, text, now=now)
    ]
