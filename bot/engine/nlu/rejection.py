"""Whether a message is the desk's business at all.

One probability is not enough: a message about the weather can look more like one intent than any
other. What tells them apart is how the models behave together: how far the best intent is ahead,
whether both name the same one, how near the nearest example is, how many of the words were ever
seen. A logistic regression weighs these signals; it is trained on messages that the models did not
see.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np

OUT_OF_SCOPE = "out_of_scope"
IN_SCOPE_LOSS = 0.025
"""The share of the desk's own messages that may be turned away when the threshold is chosen."""
SEED = 20260901


class Belief(NamedTuple):
    """What the models make of some messages: a row, or an element, for each."""

    probabilities: np.ndarray
    """By words, meaning and examples together, a column for each intent."""
    margins: np.ndarray
    """By the words alone: above zero the machine of that intent believes in it."""
    meant: np.ndarray
    """Probabilities by the meaning alone."""
    likeness: np.ndarray
    """To the nearest example of each intent, -1 to 1."""
    known: np.ndarray
    """The share of the message's features that any example holds."""
    lengths: np.ndarray
    """Characters."""


def best_inside(probabilities: np.ndarray, outside: int | None) -> np.ndarray:
    """The likeliest intent of each row that is not ``out_of_scope`` (column ``outside``)."""
    ours = probabilities.copy()
    if outside is not None:
        ours[:, outside] = -1.0
    result: np.ndarray = ours.argmax(axis=1)
    return result


NEAR, LEAD = 0, 1


def signals(belief: Belief, outside: int | None) -> np.ndarray:
    """One row of signals a message; ``outside`` is the column of ``out_of_scope``, if any."""
    inside = np.arange(belief.probabilities.shape[1]) != outside
    best = best_inside(belief.probabilities, outside)
    each = np.arange(len(best))
    ours = np.sort(belief.probabilities[:, inside], axis=1)[:, ::-1]
    leads = np.sort(belief.margins[:, inside], axis=1)[:, ::-1]
    sizes = np.log1p(belief.lengths)
    doubt = -(belief.probabilities * np.log(np.maximum(belief.probabilities, 1e-9))).sum(axis=1)
    near = belief.likeness[each, best]
    columns = [
        near,
        belief.margins[each, best],
        leads[:, 0] - leads[:, 1],
        _logit(ours[:, 0]),
        _logit(ours[:, 0] / np.maximum(ours[:, 0] + ours[:, 1], 1e-9)),
        _logit(belief.meant[each, best]),
        (best_inside(belief.meant, outside) == best).astype(float),
        doubt,
        belief.known,
        sizes,
        sizes * belief.known,
    ]
    if outside is not None:
        columns += [
            belief.likeness[:, outside],
            near - belief.likeness[:, outside],
            _logit(belief.probabilities[:, outside]),
            belief.margins[:, outside],
            _logit(belief.meant[:, outside]),
        ]
    return np.stack(columns, axis=1)


def _logit(share: np.ndarray) -> np.ndarray:
    clipped = np.clip(share, 1e-4, 1 - 1e-4)
    result: np.ndarray = np.log(clipped / (1 - clipped))
    return result


@dataclass
class Rejector:
    """Weights of the signals; what scores above ``threshold`` is turned away."""

    mean: np.ndarray
    spread: np.ndarray
    weights: np.ndarray
    threshold: float

    def probability(self, rows: np.ndarray) -> np.ndarray:
        """How likely each message is none of the desk's business: turned away from one half on."""
        score = self.score(rows) - self.threshold
        result: np.ndarray = 1 / (1 + np.exp(-np.clip(score, -30, 30)))
        return result

    def score(self, rows: np.ndarray) -> np.ndarray:
        """The signals weighed; the higher, the stranger."""
        result: np.ndarray = ((rows - self.mean) / self.spread) @ self.weights
        return result

    def save(self, folder: Path) -> None:
        """Write the model as arrays."""
        np.savez(folder / "rejection.npz", **{k: np.asarray(v) for k, v in vars(self).items()})

    @classmethod
    def load(cls, folder: Path) -> Rejector:
        """Read what ``save`` wrote."""
        with np.load(folder / "rejection.npz", allow_pickle=False) as arrays:
            found = {name: arrays[name] for name in arrays.files}
        return cls(**{**found, "threshold": float(found["threshold"])})


def fit_rejector(ours: np.ndarray, foreign: np.ndarray) -> Rejector:
    """Learn from the signals of the desk's own messages and of foreign ones.

    Without foreign ones, nearness and the words' margin decide.
    """
    from sklearn.linear_model import LogisticRegression

    rows = np.vstack([ours, foreign])
    mean, spread = rows.mean(axis=0), rows.std(axis=0)
    spread = np.where(spread > 1e-6, spread, 1.0)
    if len(foreign):
        judge = LogisticRegression(class_weight="balanced", max_iter=2000, random_state=SEED)
        judge.fit((rows - mean) / spread, np.repeat([0, 1], [len(ours), len(foreign)]))
        weights = judge.coef_[0]
    else:
        weights = np.zeros(rows.shape[1])
        weights[NEAR], weights[LEAD] = -2 * spread[NEAR], -spread[LEAD]
    rejector = Rejector(mean, spread, weights, 0.0)
    rejector.threshold = float(np.quantile(rejector.score(ours), 1 - IN_SCOPE_LOSS))
    return rejector
