"""How near a message comes to the nearest example of each intent.

A model draws lines between intents that go on for ever; nearness to something seen tells whether a
message is on known ground, and is a reading of its own. The vectors of the examples are kept in
fewer dimensions, by intent.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

KEPT, KEPT_OF_FEW = 64, 128
"""Dimensions of the vectors that are kept (principal components): half as many take half the time
to compare, which matters with many examples only."""
MANY = 10_000
"""Examples."""
AT_ONCE = 256
"""Messages compared at a time, for the memory's sake."""


@dataclass
class Neighbours:
    """Reduced vectors of length one, sorted by label; those of label i end before ``ends[i]``."""

    centre: np.ndarray
    axes: np.ndarray
    examples: np.ndarray
    ends: np.ndarray

    def likeness(self, vectors: np.ndarray) -> np.ndarray:
        """The likeness (cosine) of each vector to the nearest example of each label, -1 to 1."""
        reduced = _reduced(vectors, self.centre, self.axes)
        starts = np.concatenate([[0], self.ends[:-1]])
        parts = [
            np.maximum.reduceat(reduced[start : start + AT_ONCE] @ self.examples.T, starts, axis=1)
            for start in range(0, len(reduced), AT_ONCE)
        ]
        return np.concatenate(parts) if parts else np.zeros((0, len(starts)), dtype=np.float32)

    def save(self, folder: Path) -> None:
        """Write them as arrays, the examples in half precision."""
        np.savez_compressed(
            folder / "neighbours.npz",
            **{**vars(self), "examples": self.examples.astype(np.float16)},
        )

    @classmethod
    def load(cls, folder: Path) -> Neighbours:
        """Read what ``save`` wrote."""
        with np.load(folder / "neighbours.npz", allow_pickle=False) as arrays:
            return cls(**{name: arrays[name].astype(_kind(arrays[name])) for name in arrays.files})


def _kind(array: np.ndarray) -> type:
    return np.float32 if array.dtype.kind == "f" else np.int64


def neighbours_of(vectors: np.ndarray, answers: np.ndarray, classes: int) -> Neighbours:
    """Keep the examples' vectors; ``answers`` are their labels, all of 0 to ``classes`` - 1."""
    centre = vectors.mean(axis=0)
    spread = (vectors - centre).T @ (vectors - centre)
    _, axes = np.linalg.eigh(spread)  # the widest axes come last
    axes = np.ascontiguousarray(
        axes[:, -(KEPT if len(vectors) >= MANY else KEPT_OF_FEW) :], dtype=np.float32
    )
    order = np.argsort(answers, kind="stable")
    ends = np.searchsorted(answers[order], np.arange(classes), side="right")
    return Neighbours(centre, axes, _reduced(vectors[order], centre, axes), ends)


def _reduced(vectors: np.ndarray, centre: np.ndarray, axes: np.ndarray) -> np.ndarray:
    reduced = (vectors - centre) @ axes
    lengths = np.linalg.norm(reduced, axis=1, keepdims=True)
    result: np.ndarray = (reduced / np.maximum(lengths, 1e-9)).astype(np.float32)
    return result
