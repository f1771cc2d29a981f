"""How much the model learns from more examples.

The two models of ``bot/engine/nlu``, words and meaning, are trained on shares of the examples, every
intent and language keeping its share. The rejector is left out: it takes most of the time, and it
is the intents that are to be learned. The test messages are the desk's own, with their 36 intents.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np

from bot.engine.examples import Example
from bot.engine.nlu.classifier import softmax, weigh
from bot.engine.nlu.concepts import Concepts
from bot.engine.nlu.meaning import fit_perceptron
from bot.engine.nlu.rejection import best_inside
from bot.engine.nlu.wording import Vectorizer, fit_machine
from bot.engine.report.sets import LANGUAGES, OUT_OF_SCOPE, Labelled

SHARES = (0.1, 0.2, 0.4, 0.6, 0.8, 1.0)
SEED = 20260901


class Point(NamedTuple):
    """What a share of the examples was enough for."""

    share: float
    examples: int
    accuracy: dict[str, float]
    """By language."""


class Scale(NamedTuple):
    """How the whole model weighs its parts; a part of the examples can't tell it better."""

    temperature: float
    sharpness: float


def learning_curve(
    examples: Sequence[Example],
    embedded: np.ndarray,
    asked: Sequence[Labelled],
    asked_vectors: np.ndarray,
    ways: Mapping[str, Sequence[str]],
    scale: Scale,
) -> list[Point]:
    """One point for each of ``SHARES``; vectors are those of examples and messages, in order."""

    def point(share: float) -> Point:
        kept = stratified(examples, share)
        return Point(
            share,
            len(kept),
            _accuracies(
                [examples[i] for i in kept], embedded[kept], asked, asked_vectors, ways, scale
            ),
        )

    # The machine's solver works outside Python's lock: two points at a time on two cores.
    with ThreadPoolExecutor(2) as pool:
        return sorted(pool.map(point, reversed(SHARES)))


def stratified(examples: Sequence[Example], share: float) -> list[int]:
    """Places of the examples to keep: of each intent and language its share, at least two."""
    shuffled = np.random.default_rng(SEED).permutation(len(examples))
    groups: dict[tuple[str, str], list[int]] = {}
    for place in shuffled:
        example = examples[int(place)]
        groups.setdefault((example.intent, example.language), []).append(int(place))
    return sorted(
        place
        for members in groups.values()
        for place in members[: max(2, round(len(members) * share))]
    )


def _accuracies(
    examples: Sequence[Example],
    embedded: np.ndarray,
    asked: Sequence[Labelled],
    asked_vectors: np.ndarray,
    ways: Mapping[str, Sequence[str]],
    scale: Scale,
) -> dict[str, float]:
    labels = sorted({example.intent for example in examples})
    answers = np.array([labels.index(example.intent) for example in examples])
    vectorizer = Vectorizer(Concepts(ways))
    matrix = vectorizer.fit([example.text for example in examples])
    wording = vectorizer.finish(*fit_machine(matrix, answers, len(labels)))
    meaning = fit_perceptron(embedded, answers, len(labels))
    margins = np.stack([wording.scores(message.text) for message in asked])
    meant = softmax(meaning.scores(asked_vectors))
    together = weigh(margins / scale.temperature, meant, scale.sharpness)
    outside = labels.index(OUT_OF_SCOPE) if OUT_OF_SCOPE in labels else None
    said = [labels[i] for i in best_inside(together, outside)]
    return {language: _share_right(asked, said, language) for language in LANGUAGES}


def _share_right(asked: Iterable[Labelled], said: Iterable[str], language: str) -> float:
    right = [
        one.intent == name
        for one, name in zip(asked, said, strict=True)
        if one.language == language
    ]
    return sum(right) / len(right) if right else 0.0
