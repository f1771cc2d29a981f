"""How good the answers are: pure functions from answers to figures.

Shares are between 0 and 1. Knows nothing of models, files or pages.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import NamedTuple

import numpy as np
from sklearn.metrics import matthews_corrcoef

Pair = tuple[str, str]
"""The right label and the one that was said."""


def accuracy(pairs: Sequence[Pair]) -> float:
    """The share of messages whose label was said; of none, 0."""
    return sum(right == said for right, said in pairs) / len(pairs) if pairs else 0.0


def macro_f1(pairs: Sequence[Pair]) -> float:
    """F1 of each label that is right somewhere, averaged, however often it occurs."""
    right = Counter(right for right, _ in pairs)
    said = Counter(said for _, said in pairs)
    both = Counter(right for right, said in pairs if right == said)
    scores = [2 * both[label] / (right[label] + said[label]) for label in right]
    return sum(scores) / len(scores) if scores else 0.0


def recall_by_label(pairs: Sequence[Pair]) -> dict[str, float]:
    """For each right label the share of its messages that got it, by name."""
    right = Counter(right for right, _ in pairs)
    both = Counter(right for right, said in pairs if right == said)
    return {label: both[label] / right[label] for label in sorted(right)}


def confusion_pairs(pairs: Iterable[Pair], most: int) -> list[tuple[str, str, int]]:
    """The commonest mistakes: (right, said, how often), the most frequent first."""
    wrong = Counter(pair for pair in pairs if pair[0] != pair[1])
    ordered = sorted(wrong.items(), key=lambda one: (-one[1], one[0]))
    return [(right, said, count) for (right, said), count in ordered[:most]]


class Turned(NamedTuple):
    """How strangers are told apart at one threshold."""

    recall: float
    """The share of foreign messages that are turned away."""
    loss: float
    """The share of the desk's own messages that are turned away."""
    threshold: float


def turned_at(ours: Sequence[float], foreign: Sequence[float], threshold: float) -> Turned:
    """Recall and loss where messages stranger than ``threshold`` are turned away."""
    lost = sum(one > threshold for one in ours) / len(ours) if ours else 0.0
    caught = sum(one > threshold for one in foreign) / len(foreign) if foreign else 0.0
    return Turned(caught, lost, threshold)


def recall_at_loss(ours: Sequence[float], foreign: Sequence[float], loss: float) -> Turned:
    """The most foreign messages that can be turned away at no more than ``loss`` of our own.

    Turned away is what is stranger than the threshold, and this is the lowest that keeps the loss.
    """
    ordered = sorted(ours, reverse=True)
    allowed = int(loss * len(ordered) + 1e-9)
    threshold = ordered[allowed] if allowed < len(ordered) else float("-inf")
    return turned_at(ours, foreign, threshold)


def turning_curve(
    ours: Sequence[float], foreign: Sequence[float], losses: Iterable[float]
) -> list[Turned]:
    """``recall_at_loss`` for several losses."""
    return [recall_at_loss(ours, foreign, loss) for loss in losses]


class Bin(NamedTuple):
    """The messages whose confidence lies in one interval."""

    confidence: float
    """The mean of what was said."""
    accuracy: float
    """The share that was right."""
    count: int


def calibration(confidences: Sequence[float], right: Sequence[bool], bins: int = 10) -> list[Bin]:
    """Intervals of equal width from 0 to 1, those with no message left out."""
    place = np.minimum((np.asarray(confidences, dtype=float) * bins).astype(int), bins - 1)
    sure, hits = np.asarray(confidences, dtype=float), np.asarray(right, dtype=float)
    return [
        Bin(float(sure[place == i].mean()), float(hits[place == i].mean()), int((place == i).sum()))
        for i in range(bins)
        if (place == i).any()
    ]


def calibration_error(bins: Sequence[Bin]) -> float:
    """Expected calibration error: how far confidence and accuracy are apart on average."""
    total = sum(one.count for one in bins)
    apart = sum(abs(one.confidence - one.accuracy) * one.count for one in bins)
    return apart / total if total else 0.0


class Found(NamedTuple):
    """How well one kind of thing was found."""

    precision: float
    recall: float
    f1: float
    count: int
    """How many there were to find."""


def found(right: Sequence[Hashable], said: Sequence[Hashable]) -> Found:
    """Compare two collections; a thing that occurs twice has to be found twice."""
    both = sum((Counter(right) & Counter(said)).values())
    precision = both / len(said) if said else float(not right)
    recall = both / len(right) if right else float(not said)
    total = precision + recall
    return Found(precision, recall, 2 * precision * recall / total if total else 0.0, len(right))


def found_by_kind(
    right: Sequence[Hashable], said: Sequence[Hashable], kind: Callable[[Hashable], str]
) -> dict[str, Found]:
    """The same for each kind that there was to find or that was said, by name."""
    kinds = sorted({kind(one) for one in [*right, *said]})
    return {
        name: found([r for r in right if kind(r) == name], [s for s in said if kind(s) == name])
        for name in kinds
    }


def correlation(pairs: Sequence[Pair]) -> float:
    """Matthews' correlation coefficient over all labels."""
    return float(matthews_corrcoef([right for right, _ in pairs], [said for _, said in pairs]))


def correlation_curve(
    right: Sequence[str],
    said: Sequence[str],
    strangeness: Sequence[float],
    foreign: str,
    thresholds: Iterable[float],
) -> list[tuple[float, float]]:
    """(threshold, correlation) where what is stranger than the threshold is ``foreign``."""
    return [
        (
            threshold,
            correlation(
                [
                    (true, foreign if strange > threshold else name)
                    for true, name, strange in zip(right, said, strangeness, strict=True)
                ]
            ),
        )
        for threshold in thresholds
    ]


def percentile(values: Sequence[float], share: float) -> float:
    """The value that ``share`` of the values do not exceed."""
    return float(np.quantile(np.asarray(values, dtype=float), share))
