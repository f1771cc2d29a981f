"""Numbers of identity documents.

A mainland identity number checks itself (place, date of birth, check character) and is hidden
wherever it stands. Older ones of 15 digits, Hong Kong's and passports' look like order numbers:
they are hidden only right after words that say what they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from bot.gateway.redaction.checksum import is_mainland_id
from bot.gateway.redaction.reading import Reading
from bot.gateway.redaction.spans import Kind, Span

_PLACES_TEXT = (
    "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 "
    "65 71 81 82 83"
)
_PLACES = frozenset(_PLACES_TEXT.split())
_EIGHTEEN = re.compile(
    r"(?<![0-9a-z])([1-8][0-9]{5})[ -]?((?:19|20)[0-9]{6})[ -]?([0-9]{3})[ -]?([0-9x])(?![0-9a-z])"
)
_SAYS = r"\s?(?:号码|號碼|号|號|number|no\.?|\(?id\)?)?\W{0,3}(?:是|为|is|:)?\W{0,3}"
_CUED = re.compile(
    rf"(?:(?:身份[证証證]|身分[证證証]|证件|證件|id[ -]?card|identity[ -]?card|national id){_SAYS}"
    r"(?P<card>[0-9]{17}[0-9x]|[0-9]{15}|[a-z]{1,2}[0-9]{6} ?\(?[0-9a]\)?)"
    rf"|(?:护照|護照|passport|通行[证證]){_SAYS}(?P<passport>[a-z]{{1,2}}[0-9]{{7,8}}|[0-9]{{9}})"
    rf"|hkid{_SAYS}(?P<hkid>[a-z]{{1,2}}[0-9]{{6}} ?\(?[0-9a]\)?))(?![0-9a-z])"
)


def find_identity_numbers(reading: Reading) -> Iterator[Span]:
    """Every identity number that checks itself, or that is called one."""
    for match in _EIGHTEEN.finditer(reading.folded):
        if _is_person("".join(match.groups())):
            yield reading.span(Kind.IDENTITY, *match.span())
    for match in _CUED.finditer(reading.folded):
        group = match.lastgroup
        assert group is not None
        yield reading.span(Kind.IDENTITY, *match.span(group))


def _is_person(number: str) -> bool:
    if number[:2] not in _PLACES or not is_mainland_id(number):
        return False
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return True
