"""Understands texts in bulk, without a conversation and without Rasa's machinery.

``python -m bot.engine.understand MODEL`` reads texts from standard input, one a line, and writes
what the model makes of each as one line of JSON: ``{text, intent, confidence, ranking, language,
entities}``. It reads the same stored components as the dialogue does; only what depends on the
question asked last is missing. ``desk nlu`` calls it.
"""

from __future__ import annotations

import itertools
import json
import sys
import tarfile
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import spacy
from spacy.language import Language

from bot.engine.nlu.answers import read_answer
from bot.engine.nlu.classifier import IntentModel
from bot.engine.nlu.entities import ZONE, as_output, find_facts
from bot.engine.nlu.facts.reading import read_facts
from bot.engine.nlu.language import tag_of

FINER = {
    "change_contact": "account_problem/change_contact",
    "continue_elsewhere": "help/continue_elsewhere",
    "give_link_code": "provide_contact/link_code",
    "mailbox_lost": "account_problem/mailbox_lost",
    "provide_payment_details": "refund_reason_or_evidence/payment_details",
}
"""Intents that are a finer kind of a commoner one: printed as ``name/finer``."""

SHOWN = 5
"""Readings in ``ranking``."""
BATCH = 256


class Understanding:
    """The stored components of one model, without Rasa around them."""

    def __init__(self, intents: IntentModel, facts: Language) -> None:
        self.intents = intents
        self.facts = facts

    @classmethod
    def load(cls, model: Path) -> Understanding:
        """Read them from a model as Rasa packs it.

        Raises:
            FileNotFoundError: there is no such model, or it holds no such components.
        """
        with tempfile.TemporaryDirectory() as folder:
            with tarfile.open(model) as archive:
                archive.extractall(folder, filter="data")
            return cls(
                IntentModel.load(_component(Path(folder), "IntentClassifier")),
                spacy.load(_component(Path(folder), "FactExtractor") / "facts"),
            )

    def read(self, texts: Sequence[str]) -> list[dict[str, Any]]:
        """What each text says; a text with nothing in it has no intent."""
        full = [text for text in texts if text.strip()]
        rankings = iter(self.intents.rankings(full))
        return [
            self._described(text, next(rankings)) if text.strip() else _nothing(text)
            for text in texts
        ]

    def _described(self, text: str, guesses: Sequence[Any]) -> dict[str, Any]:
        now = datetime.now(ZoneInfo(ZONE))
        facts = read_facts(self.facts, text, now=now)
        kinds = {fact.kind for fact in find_facts(self.facts, text, now=now)}
        ranking = [{"name": guess.intent, "confidence": guess.confidence} for guess in guesses]
        shown = [
            {
                "intent": FINER.get(one["name"], one["name"]),
                "confidence": round(one["confidence"], 4),
            }
            for one in read_answer(text, kinds, ranking, None)[:SHOWN]
        ]
        return {
            "text": text,
            "intent": shown[0]["intent"],
            "confidence": shown[0]["confidence"],
            "ranking": shown,
            "language": tag_of(text),
            "entities": [as_output(fact) for fact in facts],
        }


def _nothing(text: str) -> dict[str, Any]:
    return {
        "text": text,
        "intent": None,
        "confidence": 0.0,
        "ranking": [],
        "language": tag_of(text),
        "entities": [],
    }


def _component(folder: Path, name: str) -> Path:
    found = sorted(folder.glob(f"components/train_*{name}*"))
    if not found:
        raise FileNotFoundError(f"the model holds no {name}")
    return found[0]


def _batches(lines: Iterable[str], size: int) -> Iterator[list[str]]:
    waiting = iter(lines)
    while batch := list(itertools.islice(waiting, size)):
        yield batch


def main(model: str) -> None:
    """Answer standard input line by line on standard output; a terminal is answered at once."""
    sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    understanding = Understanding.load(Path(model))
    lines = (line.rstrip("\r\n") for line in sys.stdin)
    for batch in _batches(lines, 1 if sys.stdin.isatty() else BATCH):
        for said in understanding.read(batch):
            sys.stdout.write(json.dumps(said, ensure_ascii=False) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
