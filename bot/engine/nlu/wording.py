"""Reads the intent off the words: a linear model over words, pieces of words and concepts.

Term frequencies weighted by rarity, one linear support vector machine an intent. Trained in
seconds, answers in a fraction of a millisecond, stored as plain arrays.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bot.engine.nlu.concepts import Concepts
from bot.engine.nlu.features import counts, masked, piece_features, word_features

BLOCKS = ("words", "pieces", "concepts")
LEAST = {"words": 1, "pieces": 2, "concepts": 2}
"""How many examples must hold a feature for it to count."""
WEIGHT = {"words": 1.0, "pieces": 1.0, "concepts": 0.3}
"""Each block is brought to this length, whatever the number of its features."""
PENALTY = 1.5
"""The support vector machine's C."""
CLOSE_ENOUGH = 0.01
"""The solver's tolerance; a hundredth of it says the same of every message, and takes longer."""
SEED = 20260901


@dataclass
class Wording:
    """Vocabulary and weights of the linear model; ``weights`` has one row a feature."""

    concepts: Concepts
    vocabulary: dict[str, int]
    idf: np.ndarray
    weights: np.ndarray
    bias: np.ndarray

    def scores(self, text: str) -> tuple[np.ndarray, float]:
        """One margin for each label, above zero where the machine believes in it; and how much of
        the message's features any example held, 0 to 1.
        """
        result = self.bias.astype(np.float64)
        found = total = 0
        for block, features in extract(text, self.concepts).items():
            columns, values = self._block(block, features)
            found += len(columns)
            total += len(set(features))
            if len(columns):
                result += values @ self.weights[columns]
        return result, found / total if total else 0.0

    def words(self) -> dict[str, float]:
        """Each word that an example held, and the number of examples that held it, from its
        rarity: scikit-learn's ``idf`` is 1 + ln((1 + all) / (1 + held)), and the rarest is held
        by one.
        """
        if not self.idf.size:
            return {}
        rarest = self.idf.max()
        return {
            feature.removeprefix("words:"): float(2 * np.exp(rarest - self.idf[column]) - 1)
            for feature, column in self.vocabulary.items()
            if feature.startswith("words:") and " " not in feature
        }

    def _block(self, block: str, features: list[str]) -> tuple[list[int], np.ndarray]:
        found = {}
        for feature, count in counts(features).items():
            column = self.vocabulary.get(f"{block}:{feature}")
            if column is not None:
                found[column] = count
        columns = list(found)
        values = (1 + np.log(np.array(list(found.values()), dtype=np.float64))) * self.idf[columns]
        length = np.sqrt((values**2).sum())
        return columns, values * (WEIGHT[block] / length) if length else values

    def save(self, folder: Path) -> None:
        """Write the model as arrays and JSON; nothing in it is executed when it is read."""
        np.savez_compressed(
            folder / "wording.npz", idf=self.idf, weights=self.weights, bias=self.bias
        )
        described = {"vocabulary": list(self.vocabulary), "concepts": self.concepts.ways}
        (folder / "wording.json").write_text(json.dumps(described, ensure_ascii=False), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> Wording:
        """Read what ``save`` wrote."""
        described = json.loads((folder / "wording.json").read_text("utf-8"))
        with np.load(folder / "wording.npz", allow_pickle=False) as arrays:
            return cls(
                Concepts(described["concepts"]),
                {feature: i for i, feature in enumerate(described["vocabulary"])},
                arrays["idf"],
                arrays["weights"],
                arrays["bias"],
            )


def extract(text: str, concepts: Concepts) -> dict[str, list[str]]:
    """All features of a message, by block."""
    readable = masked(text)
    return {
        "words": word_features(readable),
        "pieces": piece_features(readable),
        "concepts": concepts.features(readable),
    }


class Vectorizer:
    """Messages as rows of a sparse matrix; learns the vocabulary from the first ones it sees."""

    def __init__(self, concepts: Concepts) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer

        self.concepts = concepts
        self._blocks = [
            TfidfVectorizer(
                analyzer=lambda found, block=block: found[block],
                sublinear_tf=True,
                min_df=LEAST[block],
                dtype=np.float32,
            )
            for block in BLOCKS
        ]

    def fit(self, texts: Sequence[str]) -> Any:
        """The matrix of these texts, whose features are known from now on."""
        from scipy.sparse import csr_matrix, hstack

        found = [extract(text, self.concepts) for text in texts]
        parts = []
        for block, vectorizer in zip(BLOCKS, self._blocks, strict=True):
            try:
                parts.append(vectorizer.fit_transform(found) * WEIGHT[block])
            except ValueError:  # scikit-learn's word for "no feature is common enough"
                vectorizer.vocabulary_, vectorizer.idf_ = {}, np.zeros(0)
                parts.append(csr_matrix((len(texts), 0), dtype=np.float32))
        return csr_matrix(hstack(parts))

    def finish(self, weights: np.ndarray, bias: np.ndarray) -> Wording:
        """The model that scores with these weights (one row a label)."""
        vocabulary: dict[str, int] = {}
        idf = []
        for block, vectorizer in zip(BLOCKS, self._blocks, strict=True):
            start = len(vocabulary)
            for feature, column in sorted(vectorizer.vocabulary_.items(), key=lambda item: item[1]):
                vocabulary[f"{block}:{feature}"] = start + column
            idf.append(vectorizer.idf_)
        return Wording(
            self.concepts,
            vocabulary,
            np.concatenate(idf).astype(np.float32),
            np.ascontiguousarray(weights.T, dtype=np.float32),
            bias,
        )


def fit_machine(matrix: Any, answers: np.ndarray, classes: int) -> tuple[np.ndarray, np.ndarray]:
    """Weights (one row a label) and biases of the support vector machines.

    Raises:
        ValueError: there are fewer than two labels.
    """
    from sklearn.svm import LinearSVC

    if classes < 2:
        raise ValueError("an intent classifier needs at least two intents")
    machine = LinearSVC(C=PENALTY, tol=CLOSE_ENOUGH, random_state=SEED)
    machine.fit(matrix, answers)
    if classes == 2:
        bias = np.array([-machine.intercept_[0], machine.intercept_[0]])
        return np.vstack([-machine.coef_, machine.coef_]), bias
    return machine.coef_, machine.intercept_
