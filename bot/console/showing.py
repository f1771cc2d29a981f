"""Customers' text made fit to be shown: inert, legible, and without personal data until asked for.

Knows which characters are not what they seem, and what an e-mail address, a phone number and a
known name look like. Gives pieces of plain text; escaping them is the template's.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

PERSONAL = ("email", "name", "phone")
"""What is masked. Order and tracking numbers are not: without them nobody could work."""


class Kind(StrEnum):
    """How a piece is to be shown."""

    TEXT = "text"
    ODD = "odd"
    MASKED = "masked"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text. Odd ones are the names of characters that can't be seen or that turn
    text round; masked ones say of what (see ``PERSONAL``) in ``what``.
    """

    kind: Kind
    text: str
    what: str = ""


_INVISIBLE = "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
_INVISIBLE += "\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\U000e0000-\U000e0fff"
_UNSEEN = f"[{_INVISIBLE}]"
_LOCAL = f"[A-Za-z0-9\u00c0-\u024f._%+\\-{_INVISIBLE}]"
_EMAIL = rf"{_LOCAL}{{1,64}}@{_UNSEEN}?(?:[A-Za-z0-9\-{_INVISIBLE}]{{1,63}}\.)+[A-Za-z]{{2,63}}"
_GAP = rf"[\s().\-{_INVISIBLE}]"
_PHONE = "|".join(
    (
        rf"(?<![\dA-Za-z])(?:\+?86{_GAP}{{0,2}})?1[3-9]\d(?:{_GAP}?\d){{8}}(?!\d)",
        rf"\+\d{{1,3}}(?:{_GAP}{{0,2}}\d){{6,13}}(?!\d)",
        r"(?<![\dA-Za-z-])\(?\d{3}\)?[\s.\-]\d{3}[\s.\-]\d{4}(?!\d)",
        r"(?<![\dA-Za-z-])0\d{2,3}[\s\-]\d{7,8}(?!\d)",
    )
)
_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_HAN = re.compile(r"[\u3400-\u9fff]")
_JOINER, _VARIATION = "\u200d", "\ufe0f"


class Masks:
    """Finds what is personal in the texts of one conversation; ``known`` is what the records say
    of its customer: names and addresses.
    """

    def __init__(self, names: Iterable[str] = (), emails: Iterable[str] = ()) -> None:
        own = [re.escape(each) for each in emails if each]
        named = sorted({part for name in names for part in _parts(name)}, key=len, reverse=True)
        groups = [
            f"(?P<email>{'|'.join([*own, _EMAIL])})",
            f"(?P<phone>{_PHONE})",
            *([f"(?P<name>{'|'.join(named)})"] if named else []),
        ]
        self._pattern = re.compile("|".join(groups), re.IGNORECASE)

    def pieces(self, text: str) -> list[Piece]:
        """The text with what is personal left out."""
        found: list[Piece] = []
        at = 0
        folded = text.translate(_FULL_WIDTH)  # one for one: places stay what they are
        for match in self._pattern.finditer(folded):
            what = match.lastgroup or ""
            found += inert(text[at : match.start()])
            found.append(Piece(Kind.MASKED, masked(match[0], what), what))
            at = match.end()
        return found + inert(text[at:])


def inert(text: str) -> list[Piece]:
    """The text as it is, with characters that can't be seen named instead."""
    text = text.replace("\r\n", "\n")
    pieces = []
    marked = [(char, _is_odd(text, at)) for at, char in enumerate(text)]
    for odd, run in groupby(marked, key=lambda each: each[1]):
        chars = "".join(char for char, _ in run)
        if not odd:
            pieces.append(Piece(Kind.TEXT, chars))
            continue
        for char, same in groupby(chars):
            pieces.append(Piece(Kind.ODD, _name(char, len(list(same)))))
    return pieces


def masked(text: str, what: str) -> str:
    """Enough of it to tell two customers apart, and no more."""
    plain = "".join(piece.text for piece in inert(text) if piece.kind is Kind.TEXT)
    if what == "phone":
        return "•••• " + re.sub(r"\D", "", plain)[-2:]
    return plain[:1] + ("•••@•••" if what == "email" else "••")


def _is_odd(text: str, at: int) -> bool:
    char = text[at]
    if char in "\n\t":
        return False
    if char == _JOINER:
        return not _joins_pictures(text, at)
    kind = unicodedata.category(char)
    if kind in ("Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"):
        return True
    return re.fullmatch(_UNSEEN, char) is not None


def _joins_pictures(text: str, at: int) -> bool:
    """Whether a zero-width joiner makes one emoji of two, as in a family."""
    before = text[:at].rstrip(_VARIATION)[-1:]
    after = text[at + 1 : at + 2]
    return all(each and unicodedata.category(each) in ("So", "Sk") for each in (before, after))


def _name(char: str, times: int) -> str:
    return f"U+{ord(char):04X}" + (f" ×{times}" if times > 1 else "")


def _parts(name: str) -> list[str]:
    """Patterns for a name and for what people are called by it; a single letter is none."""
    name = name.strip()
    if not name:
        return []
    if _HAN.search(name):
        given = [name[1:]] if len(name) > 2 else []
        return [re.escape(each) for each in (name, *given) if len(each) > 1]
    parts = [name, *(part for part in name.split() if len(part) > 1)]
    return [rf"(?<!\w){re.escape(each)}(?!\w)" for each in parts if len(each) > 1]
