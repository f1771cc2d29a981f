"""Whether a message is the desk's business at all.

One probability is not enough: a message about the weather can look more like one intent than any
other. What tells them apart is how the two models behave together: how far the best intent is
ahead, whether both name the same one, how many of the words were ever seen. A logistic regression
weighs these signals; it is trained on messages that the models did not see, and on messages whose
own intent was hidden from them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

OUT_OF_SCOPE = "out_of_scope"
IN_SCOPE_LOSS = 0.035
"""The share of the desk's own messages that may be turned away when the threshold is chosen."""
HIDDEN_COUNT = 0.3
"""How much a message whose intent was hidden counts beside a real one from outside."""
SEED = 20260901


def signals(
    probabilities: np.ndarray,
    margins: np.ndarray,
    meant: np.ndarray,
    known: np.ndarray,
    lengths: np.ndarray,
    outside: int | None,
) -> np.ndarray:
    """One row of signals a message.

    Takes, with a row for each message: the probabilities of both models together, the margins of
    the words, the probabilities by the meaning, the share of known words and the length in
    characters; ``outside`` is the column of ``out_of_scope``, if there is one.
    """
    inside = np.ones(probabilities.shape[1], dtype=bool)
    if outside is not None:
        inside[outside] = False
    ours = np.sort(probabilities[:, inside], axis=1)[:, ::-1]
    leads = np.sort(margins[:, inside], axis=1)[:, ::-1]
    by_meaning = np.sort(meant[:, inside], axis=1)[:, ::-1]
    agree = probabilities[:, inside].argmax(axis=1) == meant[:, inside].argmax(axis=1)
    rows = len(probabilities)
    none = np.zeros(rows)
    columns = [
        _logit(ours[:, 0]),
        _logit(ours[:, 0] / np.maximum(ours[:, 0] + ours[:, 1], 1e-9)),
        leads[:, 0],
        leads[:, 0] - leads[:, 1],
        _logit(by_meaning[:, 0]),
        agree.astype(float),
        -(probabilities * np.log(np.maximum(probabilities, 1e-9))).sum(axis=1),
        known,
        np.log1p(lengths),
        np.log1p(lengths) * known,
        _logit(probabilities[:, outside]) if outside is not None else none,
        margins[:, outside] if outside is not None else none,
        _logit(meant[:, outside]) if outside is not None else none,
    ]
    return np.stack(columns, axis=1)


def _logit(share: np.ndarray) -> np.ndarray:
    clipped = np.clip(share, 1e-4, 1 - 1e-4)
    result: np.ndarray = np.log(clipped / (1 - clipped))
    return result


@dataclass
class Rejector:
    """Weights of the signals, and the probability from which a message is turned away."""

    mean: np.ndarray
    spread: np.ndarray
    weights: np.ndarray
    bias: float
    threshold: float

    def probability(self, rows: np.ndarray) -> np.ndarray:
        """How likely each message is none of the desk's business."""
        score = ((rows - self.mean) / self.spread) @ self.weights + self.bias
        result: np.ndarray = 1 / (1 + np.exp(-np.clip(score, -30, 30)))
        return result

    def save(self, folder: Path) -> None:
        """Write the model as arrays."""
        np.savez(folder / "rejection.npz", **{k: np.asarray(v) for k, v in vars(self).items()})

    @classmethod
    def load(cls, folder: Path) -> Rejector:
        """Read what ``save`` wrote."""
        with np.load(folder / "rejection.npz", allow_pickle=False) as arrays:
            found = {name: arrays[name] for name in arrays.files}
        return cls(**{**found, "bias": float(found["bias"]), "threshold": float(found["threshold"])})


def fit_rejector(ours: np.ndarray, foreign: np.ndarray, hidden: np.ndarray) -> Rejector:
    """Learn from the signals of the desk's own messages, foreign ones and those in disguise."""
    from sklearn.linear_model import LogisticRegression

    rows = np.vstack([ours, foreign, hidden])
    answers = np.concatenate([np.zeros(len(ours)), np.ones(len(foreign) + len(hidden))])
    balance = len(ours) / max(len(foreign) + HIDDEN_COUNT * len(hidden), 1)
    importance = np.concatenate(
        [
            np.ones(len(ours)),
            np.full(len(foreign), balance),
            np.full(len(hidden), balance * HIDDEN_COUNT),
        ]
    )
    mean, spread = rows.mean(axis=0), rows.std(axis=0)
    spread = np.where(spread > 1e-6, spread, 1.0)
    judge = LogisticRegression(C=1.0, max_iter=2000, random_state=SEED)
    judge.fit((rows - mean) / spread, answers, sample_weight=importance)
    rejector = Rejector(mean, spread, judge.coef_[0], float(judge.intercept_[0]), 0.5)
    rejector.threshold = float(np.quantile(rejector.probability(ours), 1 - IN_SCOPE_LOSS))
    return rejector
