"""A text as the finders read it, with the way back to the text as it was written.

Full-width letters and digits, circled numbers, accents (composed or not), katakana and zero-width
characters are ways of writing the same thing: they are folded here, once, for every finder. What
has been hidden already is a single sign here, so that nothing is found in it or across it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from bot.gateway.redaction.marks import MARK, is_phrase_mark
from bot.gateway.redaction.spans import Kind, Span

HIDDEN, HIDDEN_PHRASE = "\ue000", "\ue001"
"""Private-use signs that stand for something hidden, and for a hidden recovery phrase."""

_LONGEST_FOLD = 4  # one sign can unfold to a whole Arabic sentence: that is nobody's password
_ACCENTS = ("\u0300", "\u036f")
_JAMO = ("\u1160", "\u11ff")
_KATAKANA = ("\u30a1", "\u30f6")
_TO_HIRAGANA = 0x60


class Reading:
    """``folded`` is in lower case, ``exact`` is not; both have the same length."""

    def __init__(self, text: str, hidden: Iterable[Span] = ()) -> None:
        self.text = text
        signs = {s.start: (s.end, _sign(s.kind is Kind.PHRASE)) for s in hidden}
        if "[" in text:
            for mark in MARK.finditer(text):
                signs[mark.start()] = mark.end(), _sign(is_phrase_mark(mark[0]))
        self._places: list[tuple[int, int]] | None = None
        if text.isascii() and not signs:
            self.exact, self.folded = text, text.lower()
        else:
            self.exact, self.folded, self._places = _fold_all(text, signs)

    def span(self, kind: Kind, start: int, end: int, tail: str = "") -> Span:
        """The span in the text as written of what lies between two places of the reading."""
        if self._places is None:
            return Span(start, end, kind, tail)
        return Span(self._places[start][0], self._places[end - 1][1], kind, tail)


def fold_word(word: str) -> str:
    """A single word as it would be read."""
    return Reading(word).folded


def _sign(phrase: bool) -> str:
    return HIDDEN_PHRASE if phrase else HIDDEN


def _fold_all(
    text: str, signs: dict[int, tuple[int, str]]
) -> tuple[str, str, list[tuple[int, int]]]:
    exact: list[str] = []
    folded: list[str] = []
    places: list[tuple[int, int]] = []
    at, length = 0, len(text)
    while at < length:
        if at in signs:
            end, sign = signs[at]
            read, lower = sign, sign
        else:
            end = at + 1
            while end < length and end not in signs and _continues(text[end]):
                end += 1
            read, lower = _fold(text[at:end])
        exact.append(read)
        folded.append(lower)
        places.extend([(at, end)] * len(read))
        at = end
    return "".join(exact), "".join(folded), places


@lru_cache(maxsize=8192)
def _continues(char: str) -> bool:
    """Whether this belongs to the sign before it: an accent, part of a syllable, or nothing."""
    if char < "\u0300":
        return char == "\u00ad"
    return (
        unicodedata.combining(char) != 0
        or unicodedata.category(char) in ("Cf", "Me", "Mn")
        or _JAMO[0] <= char <= _JAMO[1]
    )


@lru_cache(maxsize=8192)
def _fold(cluster: str) -> tuple[str, str]:
    apart = unicodedata.normalize("NFKD", cluster[:16])
    if len(apart) > 16:
        return cluster[0], cluster[0]
    bare = "".join(char for char in apart if not _is_ornament(char))
    read = unicodedata.normalize("NFC", bare)
    if len(read) > _LONGEST_FOLD:
        return cluster[0], cluster[0]
    read = "".join(
        chr(ord(char) - _TO_HIRAGANA) if _KATAKANA[0] <= char <= _KATAKANA[1] else char
        for char in read
    )
    lower = read.lower()
    return (read, lower) if len(lower) == len(read) else (read, read)


def _is_ornament(char: str) -> bool:
    return _ACCENTS[0] <= char <= _ACCENTS[1] or unicodedata.category(char) in ("Cf", "Me")
