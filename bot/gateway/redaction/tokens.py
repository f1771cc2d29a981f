"""A reading cut into words, and the runs of recovery words in it.

Knows what may stand between two words of one phrase: spaces, commas, quotes, numbering. Leaves
the judgement on a run to ``phrases``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from bot.gateway.redaction.reading import HIDDEN, HIDDEN_PHRASE
from bot.gateway.redaction.wordlists import CHINESE, words

_HAN, _KANA, _HANGUL = "\u3400-\u4dbf\u4e00-\u9fff", "\u3041-\u3096\u30fc", "\uac00-\ud7a3"
_WORD = re.compile(rf"[{_HAN}]|[{_KANA}]+|[{_HANGUL}]+|[^\W\d_{_HAN}{_KANA}{_HANGUL}]+")
_NUMBERING = re.compile(
    rf"第?(?:[0-9]{{1,2}}|[一二三四五六七八九十]{{1,3}})(?:个(?:单?词)?|[、.:)）])[是为:]?"
    rf"(?=[^\w]{{0,3}}[^\W\d_{_HAN}])|\b(?:word|no|number)s?[ .#]{{0,2}}[0-9]{{1,2}}(?![0-9])"
    r"|<br */?>"
)
LONGEST_GAP = 24
"""Between two words of one phrase, in characters: "\\n  - 12) " and the like."""


@dataclass(slots=True)
class Token:
    """A word: where it is, and its number in each language that has it as a recovery word."""

    start: int
    end: int
    numbers: Mapping[str, int]
    follows: bool
    """Nothing but separators lies between the word before and this one."""
    glued: bool
    """Nothing at all does."""


@dataclass(frozen=True, slots=True)
class Run:
    """Tokens from ``first`` up to ``last`` that could be words of one phrase in ``language``."""

    language: str
    first: int
    last: int

    @property
    def length(self) -> int:
        """In words."""
        return self.last - self.first


_NONE: Mapping[str, int] = {}


def tokens_of(text: str) -> list[Token]:
    """All words of a folded text, without those that only number others."""
    known, skipped = words(), _numbering(text)
    found: list[Token] = []
    before = 0
    for match in _WORD.finditer(text):
        start, end = match.span()
        if start in skipped:
            continue
        gap = start - before
        follows = gap == 0 or (gap <= LONGEST_GAP and not _is_barrier(text, before, start))
        found.append(Token(start, end, known.get(match[0], _NONE), follows, gap == 0))
        before = end
    return found


def _numbering(text: str) -> frozenset[int]:
    if not (
        "第" in text
        or "、" in text
        or "." in text
        or ":" in text
        or "word" in text
        or "no" in text
        or "<" in text
        or "个" in text
        or ")" in text
    ):
        return frozenset()
    return frozenset(place for match in _NUMBERING.finditer(text) for place in range(*match.span()))


def _is_barrier(text: str, start: int, end: int) -> bool:
    gap = text[start:end]
    return HIDDEN in gap or HIDDEN_PHRASE in gap


def runs_of(tokens: Sequence[Token], *, glue: bool = False) -> Iterator[Run]:
    """The longest runs of recovery words, for each language by itself.

    Chinese words are everyday characters: without ``glue`` they need something between them.
    """
    begun: dict[str, int] = {}
    for place, token in enumerate(tokens):
        for language in list(begun):
            if language not in token.numbers or not _goes_on(token, language, glue):
                yield Run(language, begun.pop(language), place)
        for language in token.numbers:
            begun.setdefault(language, place)
    for language, first in begun.items():
        yield Run(language, first, len(tokens))


def _goes_on(token: Token, language: str, glue: bool) -> bool:
    return token.follows and (glue or not (token.glued and language in CHINESE))
