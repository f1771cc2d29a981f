"""Makes a message readable for the machine; what is stored and shown stays as it was written.

Full-width forms are folded (NFKC), invisible characters dropped, Traditional characters read as
Simplified, and a character that is held down is shortened. Every character of the result knows
where it came from, so that what is found in it can be shown in the original text.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from opencc import OpenCC

LONGEST_RUN = 3
"""A character repeated more often than this carries no more meaning: 哈哈哈哈哈, !!!!!!"""


@dataclass(frozen=True)
class Normalised:
    """A normalised text and, for each of its characters, the index of its source character."""

    text: str
    origins: tuple[int, ...]
    source_length: int

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where ``text[start:end]`` stands in the original, as (start, end)."""
        if start >= end:
            raise ValueError("an empty span has no place in the original")
        return self.origins[start], self.origins[end - 1] + 1


@lru_cache(maxsize=1)
def _to_simplified() -> OpenCC:
    return OpenCC("t2s")


def simplified(text: str) -> str:
    """Traditional characters as Simplified ones, one for one, so that positions hold."""
    converted = str(_to_simplified().convert(text))
    if len(converted) == len(text):
        return converted
    return "".join(str(_to_simplified().convert(character))[:1] or character for character in text)


@lru_cache(maxsize=2048)
def normalise(text: str) -> Normalised:
    """The message as the pipeline reads it; the empty text stays empty."""
    characters: list[str] = []
    origins: list[int] = []
    run = 0
    for index, source in enumerate(text):
        for character in unicodedata.normalize("NFKC", source):
            if unicodedata.category(character) in ("Cf", "Cc", "Cs") and character not in "\n\t":
                continue
            repeated = bool(characters) and characters[-1] == character
            run = run + 1 if repeated else 1
            if run > LONGEST_RUN and not (character.isascii() and character.isalnum()):
                continue  # letters and digits stay: they may be part of a number
            characters.append(character)
            origins.append(index)
    return Normalised(simplified("".join(characters)), tuple(origins), len(text))


def _is_han(character: str) -> bool:
    return "\u3400" <= character <= "\u9fff"


def han_count(text: str) -> int:
    """How many Chinese characters the text holds."""
    return sum(1 for character in text if _is_han(character))
