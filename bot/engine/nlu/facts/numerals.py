"""Numbers as people write them: 二百九十九, 三千五, 1.2万, 3.5k, "twenty-five".

Values are exact decimals. What a number counts is left to the readers of amounts and dates.
"""

from __future__ import annotations

import re
from decimal import Decimal

HAN_DIGITS = {
    **{han: number for number, han in enumerate("零一二三四五六七八九")},
    **{han: number for number, han in enumerate("零壹贰叁肆伍陆柒捌玖")},
    "〇": 0,
    "两": 2,
    "俩": 2,
}
HAN_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
HAN_BIG = {"万": 10**4, "亿": 10**8}
MULTIPLIERS = {"k": 1000, "w": 10**4, "百": 100, "千": 1000, "万": 10**4}
MULTIPLIERS |= {"grand": 1000, "thousand": 1000, "million": 10**6, "lakh": 10**5, "lakhs": 10**5}

HAN = "[零〇一二三四五六七八九十百千万亿两壹贰叁肆伍陆柒捌玖拾佰仟]"
"""One character of a Chinese number."""

PLAIN = r"(?:[0-9]{1,3}(?:,[0-9]{2,3})*,[0-9]{3}(?![0-9])|[0-9]+)(?:\.[0-9]+)?"
"""A number in digits, with or without separators of thousands (and, in India, of lakhs)."""

_DIGITS = re.compile(
    rf"(?P<digits>[0-9]+(?:\.[0-9]+)?)\s?(?P<unit>{'|'.join(MULTIPLIERS)})?"
    r"(?P<rest>(?<=[千万])[0-9])?"
)
"""Digits with what multiplies them; 1万2 is 12000."""

_ENGLISH = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
ENGLISH = {word: number for number, word in enumerate(_ENGLISH.split())}
ENGLISH |= {
    word: 10 * number
    for number, word in enumerate(
        ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"], start=2
    )
}
ENGLISH |= {"a": 1, "an": 1, "couple": 2}
ENGLISH_BIG = {"hundred": 100, "thousand": 1000, "grand": 1000}
ENGLISH_WORD = (
    r"(?:" + "|".join(sorted([*ENGLISH, *ENGLISH_BIG], key=len, reverse=True)) + r")(?![a-z])"
)
"""One word of an English number."""


def han_number(text: str) -> Decimal | None:
    """The number that Chinese characters write; 三千五 is 3500, 二〇二六 is 2026."""
    whole, point, fraction = text.partition("点")
    if point:
        digits = "".join(str(HAN_DIGITS.get(han, "x")) for han in fraction)
        head = han_number(whole)
        return Decimal(f"{head}.{digits}") if head is not None and digits.isdecimal() else None
    if len(text) > 1 and all(han in HAN_DIGITS for han in text):
        return Decimal("".join(str(HAN_DIGITS[han]) for han in text))
    total = section = digit = 0
    last_unit, zero = 1, False
    for han in text:
        if han in HAN_DIGITS:
            digit, zero = HAN_DIGITS[han], zero or han in "零〇"
            last_unit = last_unit if han not in "零〇" else 1
        elif han in HAN_UNITS:
            last_unit, zero = HAN_UNITS[han], False
            section += (digit or 1) * last_unit
            digit = 0
        elif han in HAN_BIG:
            last_unit, zero = HAN_BIG[han], False
            total = (total + section + digit or 1) * last_unit
            section = digit = 0
        else:
            return None
    if digit and last_unit >= 100 and not zero:
        digit *= last_unit // 10  # 三千五, 一万二
    return Decimal(total + section + digit) if text else None


def english_number(text: str) -> Decimal | None:
    """The number that English words write: "two hundred and fifty"."""
    total = part = 0
    words = [w for w in text.lower().replace("-", " ").split() if w not in ("and", "of")]
    for word in words:
        if word in ENGLISH:
            part += ENGLISH[word]
        elif word == "hundred":
            part = (part or 1) * 100
        elif word in ENGLISH_BIG:
            total, part = total + (part or 1) * ENGLISH_BIG[word], 0
        else:
            return None
    return Decimal(total + part) if words else None


def number(text: str) -> Decimal | None:
    """The number that is written, in digits, Chinese or English, with its multiplier."""
    words = text.strip().lower().replace(",", "")
    if parts := _DIGITS.fullmatch(words):
        times = MULTIPLIERS.get(parts["unit"] or "", 1)
        return Decimal(parts["digits"]) * times + Decimal(parts["rest"] or 0) * times / 10
    return english_number(words) if words.isascii() else han_number(words)


def written(value: Decimal) -> str:
    """A decimal without separators, exponent or closing zeros."""
    plain = format(value, "f")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain
