"""Reads a mistyped English word as the common word that it was meant to be: redund, lcaim.

Only words that no example holds are touched, and only where one slip (a letter lost, added,
swapped with its neighbour or hit beside) leads to a word that many examples hold. Chinese slips
are other characters, which the runs of characters carry.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

COMMON = 10
"""So many examples hold a word that a slip may lead to."""
# Four letters at least: shorter words are one slip from too many others.
_WORD = re.compile(r"(?<![A-Za-z0-9_@.'-])[A-Za-z]{4,}(?![A-Za-z0-9_@'-]|\.\w)")


class Spelling:
    """The words that are known, and by their spelling with one letter left out the common ones."""

    def __init__(self, known: Mapping[str, float]) -> None:
        """``known`` is how many examples hold each word."""
        self._known = known
        self._near: dict[str, list[str]] = {}
        for word, examples in known.items():
            if examples >= COMMON and _WORD.fullmatch(word):
                for key in {word, *_shortened(word)}:
                    self._near.setdefault(key, []).append(word)

    def corrected(self, text: str) -> str:
        """The text with its mistyped words as they were meant."""
        return _WORD.sub(lambda found: self._meant(found[0]), text)

    def _meant(self, written: str) -> str:
        word = written.lower()
        if word in self._known:
            return written
        near = {
            one
            for key in (word, *_shortened(word))
            for one in self._near.get(key, ())
            if _one_slip(word, one)
        }
        return max(
            near, key=lambda one: (one[0] == word[0], self._known[one], one), default=written
        )


def _shortened(word: str) -> Iterable[str]:
    return (word[:place] + word[place + 1 :] for place in range(len(word)))


def _one_slip(written: str, meant: str) -> bool:
    """A letter lost, added or replaced, or two neighbours swapped."""
    if len(written) != len(meant):
        return True  # they share a spelling with one letter left out
    apart = [place for place in range(len(meant)) if written[place] != meant[place]]
    if len(apart) == 1:
        return True
    first, last = apart[0], apart[-1]
    swapped = written[first] == meant[last] and written[last] == meant[first]
    return len(apart) == 2 and last == first + 1 and swapped
