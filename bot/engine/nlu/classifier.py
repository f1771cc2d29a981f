"""The intent of a message, in both languages: by its words and by its meaning, weighed together.

Confidences are calibrated on messages held out from training, so that "70 %" means it; whether the
message is the desk's business at all is ``rejection``'s to say. Knows nothing of Rasa: the
component is in ``bot/engine/components``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from bot.engine.nlu.concepts import Concepts
from bot.engine.nlu.meaning import Meaning, fit_perceptron
from bot.engine.nlu.rejection import OUT_OF_SCOPE, Rejector, fit_rejector, signals
from bot.engine.nlu.sentences import vectors
from bot.engine.nlu.wording import SEED, Vectorizer, Wording, fit_machine

WORDS_COUNT = 0.7
"""The weight of the words beside the meaning; measured, see docs/nlu.md."""
HELD_OUT = 5
"""One example in so many is held out to learn the temperatures and the rejector from."""
UNCALIBRATED = 0.3
"""The temperature where there are too few examples to hold any out."""


class Guess(NamedTuple):
    """One reading of a message; ``confidence`` is a probability, 0 to 1."""

    intent: str
    confidence: float


class Belief(NamedTuple):
    """What the two models say of some messages, a row for each: see ``rejection.signals``."""

    probabilities: np.ndarray
    margins: np.ndarray
    meant: np.ndarray
    known: np.ndarray
    lengths: np.ndarray


@dataclass
class IntentModel:
    """Both models, how they are weighed, and who turns messages away."""

    labels: list[str]
    wording: Wording
    meaning: Meaning
    temperature: float
    sharpness: float
    rejector: Rejector | None

    def rankings(self, texts: Sequence[str]) -> list[list[Guess]]:
        """All readings of each message, the likeliest first.

        A message that is turned away has ``out_of_scope`` first, with the rejector's confidence.
        """
        if not texts:
            return []
        belief = self.belief(texts)
        ranked = [self._ranked(row) for row in belief.probabilities]
        if self.rejector is None:
            return ranked
        foreign = self.rejector.probability(signals(*belief, self._outside))
        threshold = self.rejector.threshold
        return [
            _turned_away(ranking, float(chance)) if chance >= threshold else ranking
            for ranking, chance in zip(ranked, foreign, strict=True)
        ]

    def belief(self, texts: Sequence[str]) -> Belief:
        """What each model makes of the messages."""
        margins = np.stack([self.wording.scores(text) for text in texts])
        meant = softmax(self.meaning.scores(vectors(texts)))
        known = np.array([self.wording.known_share(text) for text in texts])
        lengths = np.array([len(text) for text in texts], dtype=float)
        together = weigh(margins / self.temperature, meant, self.sharpness)
        return Belief(together, margins, meant, known, lengths)

    @property
    def _outside(self) -> int | None:
        return self.labels.index(OUT_OF_SCOPE) if OUT_OF_SCOPE in self.labels else None

    def _ranked(self, row: np.ndarray) -> list[Guess]:
        return [Guess(self.labels[i], float(row[i])) for i in np.argsort(-row)]

    def save(self, folder: Path) -> None:
        """Write the model as arrays and JSON; nothing in it is executed when it is read."""
        self.wording.save(folder)
        self.meaning.save(folder)
        if self.rejector is not None:
            self.rejector.save(folder)
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
            described["temperature"],
            described["sharpness"],
            Rejector.load(folder) if described["rejects"] else None,
        )


def _turned_away(ranking: list[Guess], chance: float) -> list[Guess]:
    # The readings keep their order and share what the rejector leaves them.
    left = [guess for guess in ranking if guess.intent != OUT_OF_SCOPE]
    total = sum(guess.confidence for guess in left) or 1.0
    rest = [Guess(guess.intent, guess.confidence / total * (1 - chance)) for guess in left]
    return [Guess(OUT_OF_SCOPE, chance), *rest]


def softmax(scores: np.ndarray) -> np.ndarray:
    """Scores as probabilities along the last axis."""
    exponents = np.exp(scores - scores.max(axis=-1, keepdims=True))
    result: np.ndarray = exponents / exponents.sum(axis=-1, keepdims=True)
    return result


def weigh(scores: np.ndarray, meant: np.ndarray, sharpness: float) -> np.ndarray:
    """Both models' word together: a weighted geometric mean, sharpened."""
    said = np.log(np.maximum(softmax(scores), 1e-9))
    felt = np.log(np.maximum(meant, 1e-9))
    return softmax((WORDS_COUNT * said + (1 - WORDS_COUNT) * felt) / sharpness)


def train(
    texts: Sequence[str], labels: Sequence[str], ways: Mapping[str, Sequence[str]] | None = None
) -> IntentModel:
    """Fit the model; ``ways`` are the concepts of ``data/concepts.*.yml``.

    Raises:
        ValueError: there are fewer than two intents.
    """
    classes = sorted(set(labels))
    answers = np.array([classes.index(label) for label in labels])
    vectorizer = Vectorizer(Concepts(ways or {}))
    matrix, embedded = vectorizer.fit(texts), vectors(texts)
    # The machine's own solver works outside Python's lock: two cores, two machines at a time.
    with ThreadPoolExecutor(2) as pool:
        whole = pool.submit(fit_machine, matrix, answers, len(classes))
        learned = pool.submit(_calibrate, texts, matrix, embedded, answers, classes)
        meaning = fit_perceptron(embedded, answers, len(classes))
        temperature, sharpness, rejector = learned.result()
        wording = vectorizer.finish(*whole.result())
    return IntentModel(classes, wording, meaning, temperature, sharpness, rejector)


def _calibrate(
    texts: Sequence[str],
    matrix: Any,
    embedded: np.ndarray,
    answers: np.ndarray,
    classes: list[str],
) -> tuple[float, float, Rejector | None]:
    """Temperatures and rejector, from examples that models trained for this have not seen."""
    from sklearn.model_selection import train_test_split

    count = len(classes)
    if np.bincount(answers).min() < HELD_OUT:
        return UNCALIBRATED, 1.0, None
    fit_on, asked = train_test_split(
        np.arange(len(answers)), test_size=1 / HELD_OUT, stratify=answers, random_state=SEED
    )
    weights, bias = fit_machine(matrix[fit_on], answers[fit_on], count)
    margins = matrix[asked] @ weights.T + bias
    meant = softmax(fit_perceptron(embedded[fit_on], answers[fit_on], count).scores(embedded[asked]))
    temperature = _least_loss(lambda t: softmax(margins / t), answers[asked])
    sharpness = _least_loss(lambda t: weigh(margins / temperature, meant, t), answers[asked])
    belief = Belief(
        weigh(margins / temperature, meant, sharpness),
        margins,
        meant,
        _known(matrix, fit_on, asked),
        np.array([len(texts[i]) for i in asked], dtype=float),
    )
    return temperature, sharpness, _rejector(belief, answers[asked], classes)


def _known(matrix: Any, fit_on: np.ndarray, asked: np.ndarray) -> np.ndarray:
    """The share of each held-out example's features that the others hold."""
    seen = np.asarray((matrix[fit_on] != 0).sum(axis=0)).ravel() > 0
    held = matrix[asked] != 0
    total = np.asarray(held.sum(axis=1)).ravel()
    found = held @ seen.astype(np.float64)
    return np.divide(found, total, out=np.zeros_like(found), where=total > 0)


def _rejector(belief: Belief, answers: np.ndarray, classes: list[str]) -> Rejector:
    outside = classes.index(OUT_OF_SCOPE) if OUT_OF_SCOPE in classes else None
    rows = signals(*belief, outside)
    foreign = answers == outside if outside is not None else np.zeros(len(answers), dtype=bool)
    hidden = signals(*_without_own(belief, answers), outside)
    return fit_rejector(rows[~foreign], rows[foreign], hidden[~foreign])


def _without_own(belief: Belief, answers: np.ndarray) -> Belief:
    """The same messages as if the intent that each has did not exist."""
    each = np.arange(len(answers))
    probabilities, margins, meant = (part.copy() for part in belief[:3])
    for part in (probabilities, meant):
        part[each, answers] = 0.0
        part /= np.maximum(part.sum(axis=1, keepdims=True), 1e-9)
    margins[each, answers] = margins.min()
    return Belief(probabilities, margins, meant, belief.known, belief.lengths)


def _least_loss(probabilities: Any, answers: np.ndarray) -> float:
    """The temperature under which the right answers are the least surprising."""
    candidates = np.geomspace(0.05, 3.0, 50)
    losses = []
    for candidate in candidates:
        right = probabilities(candidate)[np.arange(len(answers)), answers]
        losses.append(-np.log(np.maximum(right, 1e-12)).mean())
    return float(candidates[int(np.argmin(losses))])
