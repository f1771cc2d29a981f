"""Sums as the Continent and Brazil write them: 1.299,00 €, R$ 89,90, €1 888.

Beside these currencies a comma parts the cents, and a dot or a blank the thousands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from bot.engine.nlu.facts.currencies import CURRENCIES
from bot.engine.nlu.facts.fact import SURE, Find
from bot.engine.nlu.facts.numerals import written

_CODES = ("EUR", "BRL", "PLN", "SEK", "TRY", "RUB", "VND", "IDR")
_WORDS = [w for w, code in CURRENCIES.items() if code in _CODES and not w[0] >= "\u4e00"]
_SIGN = "|".join(
    re.escape(word) + ("(?![a-z])" if word[-1].isalpha() else "")
    for word in sorted(_WORDS, key=len, reverse=True)
)
_CENTS = r",[0-9]{1,2}"
_WHOLE = r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+"
_SPACED = r"[1-9][0-9]{0,2}(?: [0-9]{3})+"
_PLAIN = rf"(?:0|[1-9][0-9]*){_CENTS}"
_END = r"(?![0-9]|[.,][0-9]|\s?[月年日号点])"
_LED = re.compile(
    rf"(?<![a-z0-9])(?P<sign>{_SIGN})\s?"
    rf"(?P<number>(?:{_WHOLE}|{_SPACED})(?:{_CENTS})?|{_PLAIN}){_END}",
    re.IGNORECASE,
)
_FOLLOWED = re.compile(
    rf"(?<![0-9a-z.,])(?<![0-9] )(?P<number>{_WHOLE}(?:{_CENTS})?|{_SPACED}{_CENTS}|{_PLAIN})"
    rf"\s?(?P<sign>{_SIGN})(?![0-9])",
    re.IGNORECASE,
)


def find_comma_amounts(text: str) -> Iterator[Find]:
    """The sums of a normalised text that are written so."""
    for pattern in (_LED, _FOLLOWED):
        for found in pattern.finditer(text):
            plain = re.sub("[. ]", "", found["number"]).replace(",", ".")
            code = CURRENCIES[found["sign"].lower()]
            yield Find("amount", f"{written(Decimal(plain))} {code}", *found.span(), sure=SURE)
