"""The intent of a message, in both languages: by its words, by its meaning and by the
examples that are like it, weighed together.

Confidences are calibrated on messages held out from training, so that "70 %" means it; whether the
message is the desk's business at all is ``rejection``'s to say. Knows nothing of Rasa: the
component is in ``bot/engine/components``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from bot.engine.nlu.concepts import Concepts
from bot.engine.nlu.courtesies import core_of
from bot.engine.nlu.meaning import Meaning, fit_perceptron
from bot.engine.nlu.neighbours import Neighbours, neighbours_of
from bot.engine.nlu.rejection import (
    OUT_OF_SCOPE,
    Belief,
    Rejector,
    fit_rejector,
    signals,
)
from bot.engine.nlu.sentences import vectors
from bot.engine.nlu.spelling import Spelling
from bot.engine.nlu.wording import SEED, Vectorizer, Wording, fit_machine

WORDS_COUNT, MEANING_COUNTS, EXAMPLES_COUNT = 0.5, 0.2, 0.3
"""The weight of each model; measured on the test sets, which move by less than a point as long as
the words have about half."""
LIKENESS = 0.04
"""The temperature that makes likenesses to examples scores."""
HELD_OUT = 5
"""One example in so many is held out to learn the temperatures and the rejector from."""
FEW = 5000
"""Up to so many examples each is held out once; of more, one fold says enough."""
UNCALIBRATED = 0.3
"""The temperature where there are too few examples to hold any out."""


class Guess(NamedTuple):
    """One reading of a message; ``confidence`` is a probability, 0 to 1."""

    intent: str
    confidence: float


@dataclass
class IntentModel:
    """The three models, how they are weighed, and who turns messages away."""

    labels: list[str]
    wording: Wording
    meaning: Meaning
    neighbours: Neighbours
    temperature: float
    sharpness: float
    rejector: Rejector | None

    def rankings(self, texts: Sequence[str]) -> list[list[Guess]]:
        """All readings of each message, the likeliest first; ``out_of_scope`` is one of them."""
        if not texts:
            return []
        belief = self.belief(texts)
        ranked = [self._ranked(row) for row in belief.probabilities]
        if self.rejector is None:
            return ranked
        foreign = self.rejector.probability(signals(belief, self.outside))
        return [_judged(ranking, float(p)) for ranking, p in zip(ranked, foreign, strict=True)]

    def belief(self, texts: Sequence[str]) -> Belief:
        """What each model makes of the messages."""
        texts = [self._as_meant(text) for text in texts]
        embedded = vectors(texts)
        scored = [self.wording.scores(text) for text in texts]
        margins = np.stack([scores for scores, _ in scored])
        meant = softmax(self.meaning.scores(embedded))
        likeness = self.neighbours.likeness(embedded)
        return Belief(
            weigh(margins / self.temperature, meant, likeness, self.sharpness),
            margins,
            meant,
            likeness,
            np.array([known for _, known in scored]),
            np.array([len(text) for text in texts], dtype=float),
        )

    def _as_meant(self, text: str) -> str:
        """What is asked, without the courtesies around it, the slips in it and the shouting."""
        meant = self.spelling.corrected(core_of(text))
        return meant.lower() if meant.isupper() else meant

    @cached_property
    def spelling(self) -> Spelling:
        """Of the words that the examples hold."""
        return Spelling(self.wording.words())

    @property
    def outside(self) -> int | None:
        """The place of ``out_of_scope`` among the labels, if it is one."""
        return self.labels.index(OUT_OF_SCOPE) if OUT_OF_SCOPE in self.labels else None

    def _ranked(self, row: np.ndarray) -> list[Guess]:
        return [Guess(self.labels[i], float(row[i])) for i in np.argsort(-row)]

    def save(self, folder: Path) -> None:
        """Write the model as arrays and JSON; nothing in it is executed when it is read."""
        for part in (self.wording, self.meaning, self.neighbours, self.rejector):
            if part is not None:
                part.save(folder)
        described = {
            "labels": self.labels,
            "temperature": self.temperature,
            "sharpness": self.sharpness,
            "rejects": self.rejector is not None,
        }
        (folder / "model.json").write_text(json.dumps(described, ensure_ascii=False), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> IntentModel:
        """Read what ``save`` wrote."""
        described = json.loads((folder / "model.json").read_text("utf-8"))
        return cls(
            described["labels"],
            Wording.load(folder),
            Meaning.load(folder),
            Neighbours.load(folder),
            described["temperature"],
            described["sharpness"],
            Rejector.load(folder) if described["rejects"] else None,
        )


def _judged(ranking: list[Guess], foreign: float) -> list[Guess]:
    """The ranking once the rejector has spoken: ``out_of_scope`` is first if and only if it is
    at least as likely as not; the other readings keep their order and share what is left.
    """
    ours = [guess for guess in ranking if guess.intent != OUT_OF_SCOPE]
    total = sum(guess.confidence for guess in ours) or 1.0
    ours = [Guess(guess.intent, guess.confidence / total * (1 - foreign)) for guess in ours]
    stranger = Guess(OUT_OF_SCOPE, foreign)
    if foreign >= 0.5:
        return [stranger, *ours]
    return [ours[0], *sorted([*ours[1:], stranger], key=lambda guess: -guess.confidence)]


def softmax(scores: np.ndarray) -> np.ndarray:
    """Scores as probabilities along the last axis."""
    exponents = np.exp(scores - scores.max(axis=-1, keepdims=True))
    result: np.ndarray = exponents / exponents.sum(axis=-1, keepdims=True)
    return result


def weigh(
    scores: np.ndarray, meant: np.ndarray, likeness: np.ndarray, sharpness: float
) -> np.ndarray:
    """The three models' word together: a weighted geometric mean, sharpened."""
    said, alike = softmax(scores), softmax(likeness / LIKENESS)
    parts = ((WORDS_COUNT, said), (MEANING_COUNTS, meant), (EXAMPLES_COUNT, alike))
    together = sum(weight * np.log(np.maximum(part, 1e-9)) for weight, part in parts)
    return softmax(together / sharpness)


def train(
    texts: Sequence[str], labels: Sequence[str], ways: Mapping[str, Sequence[str]] | None = None
) -> IntentModel:
    """Fit the model; ``ways`` are the concepts of ``data/concepts.*.yml``.

    Raises:
        ValueError: there are fewer than two intents.
    """
    from threadpoolctl import threadpool_limits

    classes = sorted(set(labels))
    answers = np.array([classes.index(label) for label in labels])
    texts = [core_of(text) for text in texts]
    vectorizer = Vectorizer(Concepts(ways or {}))
    matrix, embedded = vectorizer.fit(texts), vectors(texts)
    # The solvers work outside Python's lock: two cores, two models at a time, so each by itself.
    with threadpool_limits(1), ThreadPoolExecutor(2) as pool:
        whole = pool.submit(fit_machine, matrix, answers, len(classes))
        learned = pool.submit(_calibrate, texts, matrix, embedded, answers, classes)
        meaning = fit_perceptron(embedded, answers, len(classes))
        temperature, sharpness, rejector = learned.result()
        wording = vectorizer.finish(*whole.result())
    neighbours = neighbours_of(embedded, answers, len(classes))
    return IntentModel(classes, wording, meaning, neighbours, temperature, sharpness, rejector)


def _calibrate(
    texts: Sequence[str],
    matrix: Any,
    embedded: np.ndarray,
    answers: np.ndarray,
    classes: list[str],
) -> tuple[float, float, Rejector | None]:
    """Temperatures and rejector, from examples that models trained for this have not seen."""
    fold = _folds(answers)
    outside = classes.index(OUT_OF_SCOPE) if OUT_OF_SCOPE in classes else None
    parts = [
        _unseen(texts, matrix, embedded, answers, fold == each)
        for each in range(HELD_OUT if len(answers) <= FEW else 1)
        if (fold == each).any()
    ]
    if not parts:
        return UNCALIBRATED, 1.0, None
    margins, meant, likeness, known, lengths, right = (
        np.concatenate(part) for part in zip(*parts, strict=True)
    )
    temperature = _least_loss(lambda t: softmax(margins / t), right)
    sharpness = _least_loss(lambda t: weigh(margins / temperature, meant, likeness, t), right)
    together = weigh(margins / temperature, meant, likeness, sharpness)
    belief = Belief(together, margins, meant, likeness, known, lengths)
    rows = signals(belief, outside)
    foreign = right == outside if outside is not None else np.zeros(len(right), dtype=bool)
    return temperature, sharpness, fit_rejector(rows[~foreign], rows[foreign])


def _folds(answers: np.ndarray) -> np.ndarray:
    """Which fold each example is held out in; -1, never, for the only one of its intent."""
    shuffled = np.random.default_rng(SEED)
    fold = np.full(len(answers), -1)
    for label in np.unique(answers):
        members = shuffled.permutation(np.flatnonzero(answers == label))
        if len(members) > 1:
            fold[members] = np.arange(len(members)) % HELD_OUT
    return fold


class _Unseen(NamedTuple):
    """What models trained without some examples make of these, and the right answers."""

    margins: np.ndarray
    meant: np.ndarray
    likeness: np.ndarray
    known: np.ndarray
    lengths: np.ndarray
    right: np.ndarray


def _unseen(
    texts: Sequence[str],
    matrix: Any,
    embedded: np.ndarray,
    answers: np.ndarray,
    held_out: np.ndarray,
) -> _Unseen:
    count = int(answers.max()) + 1
    fit_on, asked = np.flatnonzero(~held_out), np.flatnonzero(held_out)
    weights, bias = fit_machine(matrix[fit_on], answers[fit_on], count)
    meaning = fit_perceptron(embedded[fit_on], answers[fit_on], count)
    return _Unseen(
        margins=matrix[asked] @ weights.T + bias,
        meant=softmax(meaning.scores(embedded[asked])),
        likeness=neighbours_of(embedded[fit_on], answers[fit_on], count).likeness(embedded[asked]),
        known=_known(matrix, fit_on, asked),
        lengths=np.array([len(texts[i]) for i in asked], dtype=float),
        right=answers[asked],
    )


def _known(matrix: Any, fit_on: np.ndarray, asked: np.ndarray) -> np.ndarray:
    """The share of each held-out example's features that the others hold."""
    seen = np.asarray((matrix[fit_on] != 0).sum(axis=0)).ravel() > 0
    held = matrix[asked] != 0
    total = np.asarray(held.sum(axis=1)).ravel()
    found = held @ seen.astype(np.float64)
    return np.divide(found, total, out=np.zeros_like(found), where=total > 0)


def _least_loss(probabilities: Any, answers: np.ndarray) -> float:
    """The temperature under which the right answers are the least surprising."""
    candidates = np.geomspace(0.05, 3.0, 50)
    losses = []
    for candidate in candidates:
        right = probabilities(candidate)[np.arange(len(answers)), answers]
        losses.append(-np.log(np.maximum(right, 1e-12)).mean())
    return float(candidates[int(np.argmin(losses))])
