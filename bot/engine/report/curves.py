"""How much the model learns from more examples.

The models of ``bot/engine/nlu`` are trained on shares of the examples, every intent and language
keeping its share. The rejector is left out: it takes most of the time, and it is the intents that
are to be learned. The test messages are the desk's own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np

from bot.engine.examples import Example
from bot.engine.nlu.classifier import IntentModel
from bot.engine.nlu.meaning import fit_perceptron
from bot.engine.nlu.neighbours import neighbours_of
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


def learning_curve(
    whole: IntentModel,
    examples: Sequence[Example],
    embedded: np.ndarray,
    asked: Sequence[Labelled],
) -> list[Point]:
    """One point for each of ``SHARES``; ``embedded`` are the examples' vectors.

    ``whole`` is the model of all examples. Its concepts and the weighing of its parts are kept:
    a share of the examples can't tell them better.
    """

    def point(share: float) -> Point:
        kept = stratified(examples, share)
        model = whole if share == 1 else _fit([examples[i] for i in kept], embedded[kept], whole)
        return Point(share, len(kept), _accuracies(model, asked))

    # The machine's solver works outside Python's lock: two points at a time on two cores.
    with ThreadPoolExecutor(2) as pool:
        return sorted(pool.map(point, reversed(SHARES)), key=lambda one: one.share)


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


def _fit(examples: Sequence[Example], embedded: np.ndarray, whole: IntentModel) -> IntentModel:
    labels = sorted({example.intent for example in examples})
    answers = np.array([labels.index(example.intent) for example in examples])
    vectorizer = Vectorizer(whole.wording.concepts)
    matrix = vectorizer.fit([example.text for example in examples])
    return IntentModel(
        labels,
        vectorizer.finish(*fit_machine(matrix, answers, len(labels))),
        fit_perceptron(embedded, answers, len(labels)),
        neighbours_of(embedded, answers, len(labels)),
        whole.temperature,
        whole.sharpness,
        None,
    )


def _accuracies(model: IntentModel, asked: Sequence[Labelled]) -> dict[str, float]:
    rankings = model.rankings([message.text for message in asked])
    said = [next(one.intent for one in r if one.intent != OUT_OF_SCOPE) for r in rankings]
    return {language: _share_right(asked, said, language) for language in LANGUAGES}


def _share_right(asked: Iterable[Labelled], said: Iterable[str], language: str) -> float:
    right = [
        one.intent == name
        for one, name in zip(asked, said, strict=True)
        if one.language == language
    ]
    return sum(right) / len(right) if right else 0.0
