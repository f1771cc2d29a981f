"""Our classifier on public benchmarks, beside the figures that others published.

Each is trained on its own training split, with nothing of ours but the code. The sets are read
from where they lie and never kept; without them the page says so.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from bot.engine.nlu.classifier import train
from bot.engine.report.measures import accuracy, correlation_curve
from bot.engine.report.sets import OUT_OF_SCOPE

STRANGER = "NO_NODES_DETECTED"
THRESHOLDS = tuple(i / 10 for i in range(1, 10))
"""Those of the published curves."""
TUNED = {"BERT tuned": 0.9366, "USE+ConveRT": 0.9336}
"""BANKING77, accuracy: Casanueva et al. 2020, as the benchmarks' README quotes it."""
FIRST_TRIES = {"zh": 0.918, "en": 0.910}
"""xSID, accuracy of a linear model: the benchmarks' README; no other figures are given there."""
BRANDS = {
    "rasa": "Rasa",
    "dialogflow": "Dialogflow",
    "luis": "LUIS",
    "bert": "BERT",
    "haptik": "Haptik",
}


class Benchmark(NamedTuple):
    """One set, what was reached, and what others reached."""

    name: str
    measure: str
    train: int
    test: int
    ours: float
    published: dict[str, float]


Curve = list[tuple[float, float]]
"""(threshold, correlation)."""


class Benchmarks(NamedTuple):
    """All of them; ``curves`` are HINT3's by product, ours among them."""

    results: list[Benchmark]
    curves: dict[str, Curve]


def run(folder: Path) -> Benchmarks:
    """Train and test on each set in ``folder``."""
    hint3, curves = _hint3(folder / "hint3-curekart")
    xsid = [_xsid(folder / "xsid", language) for language in ("zh", "en")]
    return Benchmarks([_banking77(folder / "banking77"), hint3, *xsid], curves)


def _banking77(folder: Path) -> Benchmark:
    learned, asked = _rows(folder / "train.csv", ","), _rows(folder / "test.csv", ",")
    said, _ = _answers(learned, [text for text, _ in asked])
    reached = accuracy([(right, name) for (_, right), name in zip(asked, said, strict=True)])
    return Benchmark("BANKING77 (en)", "accuracy", len(learned), len(asked), reached, TUNED)


def _xsid(folder: Path, language: str) -> Benchmark:
    learned = _rows(folder / f"{language}.valid.tsv", "\t")
    asked = _rows(folder / f"{language}.test.tsv", "\t")
    said, _ = _answers(learned, [text for text, _ in asked])
    reached = accuracy([(right, name) for (_, right), name in zip(asked, said, strict=True)])
    published = {"first try, linear": FIRST_TRIES[language]}
    return Benchmark(f"xSID ({language})", "accuracy", len(learned), len(asked), reached, published)


def _hint3(folder: Path) -> tuple[Benchmark, dict[str, Curve]]:
    learned = _rows(folder / "curekart_train.tsv", "\t")
    asked = _rows(folder / "curekart_test.tsv", "\t")
    said, strangeness = _answers(learned, [text for text, _ in asked])
    right = [label for _, label in asked]
    curves = {"ours": correlation_curve(right, said, strangeness, STRANGER, THRESHOLDS)}
    curves |= {name: _published(folder / f"{key}_curekart.csv") for key, name in BRANDS.items()}
    best = {name: max(height for _, height in curve) for name, curve in curves.items()}
    ours = best.pop("ours")
    name = "HINT3 curekart (en)"
    return Benchmark(name, "best MCC", len(learned), len(asked), ours, best), curves


def _answers(
    learned: Sequence[tuple[str, str]], texts: Sequence[str]
) -> tuple[list[str], list[float]]:
    """The likeliest known label of each text, and how strange the text is."""
    model = train([text for text, _ in learned], [label for _, label in learned])
    said, strangeness = [], []
    for ranking in model.rankings(texts):
        said.append(next(guess.intent for guess in ranking if guess.intent != OUT_OF_SCOPE))
        strange = [guess.confidence for guess in ranking if guess.intent == OUT_OF_SCOPE]
        strangeness.append(strange[0] if strange else 0.0)
    return said, strangeness


def _rows(path: Path, separator: str) -> list[tuple[str, str]]:
    """(text, label) of each line but the heading."""
    quoting = csv.QUOTE_MINIMAL if separator == "," else csv.QUOTE_NONE
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file, delimiter=separator, quoting=quoting)
        return [(row[0], row[1]) for row in list(rows)[1:] if len(row) > 1]


def _published(path: Path) -> Curve:
    with path.open(encoding="utf-8", newline="") as file:
        return [(float(row["Threshold"]), float(row["MCC"])) for row in csv.DictReader(file)]
