"""How well two wishes in one message are heard: ``python -m bot.engine.report.wishes MODEL``.

Prints the table of ``tests/nlu/README.md``. Reads the messages as the pipeline does where nothing
has been asked; ``bot.engine.nlu.wishes`` decides.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from bot.engine.nlu.classifier import IntentModel
from bot.engine.nlu.parts import parts_of
from bot.engine.nlu.wishes import Heard, Wish, two_wishes
from bot.engine.understand import Understanding

TESTS = Path(__file__).resolve().parents[3] / "tests" / "nlu"
TWO = ("wishes/zh", "wishes/en")
ONE = ("fresh/zh", "fresh/en", "unseen/zh", "unseen/en")
TIMED = 200
"""Messages of each kind that are timed."""


class Score(NamedTuple):
    """Of the second wishes said, how many are right; of those there, how many were found."""

    said: int
    there: int
    right: int

    @property
    def precision(self) -> float:
        return self.right / self.said if self.said else 1.0

    @property
    def recall(self) -> float:
        return self.right / self.there if self.there else 1.0


def wishes_in(message: str, model: IntentModel) -> list[str] | None:
    """The two wishes of a message, if it has two."""
    parts = parts_of(message)
    if len(parts) < 2:
        return None
    whole, *each = model.rankings([message, *(part.text for part in parts)])
    heard = [Heard(part, Wish(*ranked[0])) for part, ranked in zip(parts, each, strict=True)]
    found = two_wishes(heard, whole[0].intent)
    return [wish.intent for wish in found] if found else None


def lines(name: str) -> list[dict[str, Any]]:
    """The messages of a set: ``wishes/zh``."""
    return [json.loads(line) for line in (TESTS / f"{name}.jsonl").read_text("utf-8").splitlines()]


def score(messages: Sequence[dict[str, Any]], model: IntentModel) -> Score:
    """Both wishes have to be right, and in their order; one line without ``wishes`` has one."""
    found = [wishes_in(one["text"], model) for one in messages]
    meant = [one["wishes"] if len(one.get("wishes", ())) > 1 else None for one in messages]
    right = sum(bool(said) and said == asked for said, asked in zip(found, meant, strict=True))
    return Score(sum(map(bool, found)), sum(map(bool, meant)), right)


def milliseconds(texts: Sequence[str], model: IntentModel) -> tuple[float, float]:
    """Half of the messages take less than this: read as a whole, and with their parts."""
    alone, together = [], []
    for text in texts:
        started = time.perf_counter()
        model.rankings([text])
        between = time.perf_counter()
        parts = parts_of(text)
        model.rankings([text, *(part.text for part in parts if len(parts) > 1)])
        alone.append((between - started) * 1000)
        together.append((time.perf_counter() - between) * 1000)
    return statistics.median(alone), statistics.median(together)


def report(model: IntentModel) -> list[str]:
    """The tables as lines of Markdown."""
    rows = [
        "| set | messages | two wishes | said | precision | recall |",
        "|---|---|---|---|---|---|",
    ]
    for name in TWO:
        messages = lines(name)
        of = score(messages, model)
        rows.append(
            f"| {name} | {len(messages)} | {of.there} | {of.said} "
            f"| {of.precision:.3f} | {of.recall:.3f} |"
        )
    rows += ["", "| one wish each | messages | false second wishes |", "|---|---|---|"]
    for name in ONE:
        messages = lines(name)
        of = score(messages, model)
        rows.append(f"| {name} | {len(messages)} | {of.said} ({of.said / len(messages):.2%}) |")
    rows += ["", "| parts | ms as a whole (p50) | ms with its parts (p50) |", "|---|---|---|"]
    texts = [one["text"] for name in ("unseen/zh", "unseen/en") for one in lines(name)]
    for kind, least, most in (("1", 0, 1), ("2", 2, 2), ("3 or more", 3, 99)):
        timed = [text for text in texts if least <= len(parts_of(text)) <= most][:TIMED]
        alone, together = milliseconds(timed, model)
        rows.append(f"| {kind} | {alone:.1f} | {together:.1f} |")
    return rows


if __name__ == "__main__":
    sys.stdout.write("\n".join(report(Understanding.load(Path(sys.argv[1])).intents)) + "\n")
