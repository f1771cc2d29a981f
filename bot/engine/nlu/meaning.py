"""Reads the intent off the meaning: a small perceptron over the vector of the whole message.

It is less sure than the words where the words are known, and right more often where they aren't.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

HIDDEN = 256
ROUNDS = 12
SEED = 20260901


@dataclass
class Meaning:
    """One hidden layer between a sentence's vector and the labels."""

    hidden: np.ndarray
    hidden_bias: np.ndarray
    weights: np.ndarray
    bias: np.ndarray

    def scores(self, vectors: np.ndarray) -> np.ndarray:
        """Unnormalised log-probabilities: a row for each vector, a column for each label."""
        inner = np.maximum(vectors @ self.hidden + self.hidden_bias, 0)
        result: np.ndarray = inner @ self.weights + self.bias
        return result

    def save(self, folder: Path) -> None:
        """Write the model as arrays."""
        np.savez_compressed(folder / "meaning.npz", **vars(self))

    @classmethod
    def load(cls, folder: Path) -> Meaning:
        """Read what ``save`` wrote."""
        with np.load(folder / "meaning.npz", allow_pickle=False) as arrays:
            return cls(**{name: arrays[name] for name in arrays.files})


def fit_perceptron(vectors: np.ndarray, answers: np.ndarray, classes: int) -> Meaning:
    """Train on one vector and one label (0 to ``classes`` - 1, each present) an example."""
    from sklearn.neural_network import MLPClassifier

    network = MLPClassifier(
        (HIDDEN,),
        alpha=0.01,
        learning_rate_init=3e-3,
        batch_size=min(512, len(answers)),
        random_state=np.random.RandomState(SEED),
    )
    for _ in range(ROUNDS):  # more rounds learn the examples by heart
        network.partial_fit(vectors, answers, classes=np.arange(classes))
    (hidden, weights), (hidden_bias, bias) = network.coefs_, network.intercepts_
    if classes == 2:  # scikit-learn keeps one output for two labels
        weights, bias = np.hstack([-weights, weights]) / 2, np.concatenate([-bias, bias]) / 2
    as_floats = (part.astype(np.float32) for part in (hidden, hidden_bias, weights, bias))
    return Meaning(*as_floats)
