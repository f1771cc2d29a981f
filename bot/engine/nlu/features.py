"""What the intent classifier sees of a message: words and pieces of words.

Chinese is cut by jieba and English at spaces; single characters and runs of up to five are added,
which is what carries typos, voice-input mistakes and mixed text. Addresses and numbers are masked:
that there is one matters, which one does not.
"""

from __future__ import annotations

import itertools
import re

import jieba

from bot.engine.nlu.normaliser import normalise

LONGEST_PIECE = 5
_MASKS = (
    (re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"), " ⟨mail⟩ "),
    (re.compile(r"https?://[!-~]+"), " ⟨link⟩ "),
    (
        re.compile(r"(?<![A-Za-z0-9])LK[- ]?[0-9A-Z]{4}[- ]?[0-9A-Z]{4}(?![A-Za-z0-9])", re.I),
        " ⟨linkcode⟩ ",
    ),
    (re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)"), " ⟨phone⟩ "),
    (re.compile(r"(?<![A-Za-z0-9])(?=[A-Za-z-]*\d)[A-Za-z0-9-]{6,}(?![A-Za-z0-9])"), " ⟨id⟩ "),
    (re.compile(r"\d+"), "0"),
)
_WORD = re.compile(r"⟨\w+⟩|[a-z']+|[\u3400-\u9fff]+|[^\w\s]|\w")


def masked(text: str) -> str:
    """The normalised text in lower case with numbers and addresses replaced by their kind."""
    result = normalise(text).text
    for pattern, mask in _MASKS:
        result = pattern.sub(mask, result)
    return " ".join(result.lower().split())


def words_of(text: str) -> list[str]:
    """The words of a masked text, in order."""
    words: list[str] = []
    for word in _WORD.findall(text):
        words.extend(jieba.lcut(word) if "\u3400" <= word[0] <= "\u9fff" else [word])
    return words


def word_features(readable: str) -> list[str]:
    """Words and pairs of neighbours of a masked text."""
    words = words_of(readable)
    return words + [f"{first} {second}" for first, second in itertools.pairwise(words)]


def piece_features(readable: str) -> list[str]:
    """Runs of one to five characters inside each word of a masked text, with the edges marked."""
    pieces: list[str] = []
    for word in readable.split():
        padded = f" {word} "
        for length in range(1, LONGEST_PIECE + 1):
            pieces.extend(
                padded[start : start + length] for start in range(len(padded) - length + 1)
            )
    return pieces


def counts(features: list[str]) -> dict[str, int]:
    """How often each feature occurs."""
    result: dict[str, int] = {}
    for feature in features:
        result[feature] = result.get(feature, 0) + 1
    return result
