"""Telephone numbers: mainland mobiles and landlines, 400 numbers, +44…, (212) 555-0187.

A number is read by its form, or by any form where a word such as 电话 or "call me" stands before.
Forms that only one country has get its code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.engine.nlu.facts.fact import SURE, USUAL, Find

_START = r"(?<![0-9A-Za-z@._*/#-])(?<![0-9] )"
_END = r"(?![0-9A-Za-z@_*]|[-./][0-9]|\s[0-9]{3})"
_SEP = r"[ .-]?"

_INTERNATIONAL = re.compile(
    r"(?<![0-9A-Za-z@+])(?:\+\s?|00(?=(?:86|852|853|886|44|1|65|60|61|81|82|33|49)[ -]?[0-9]))"
    r"(?P<number>[1-9][0-9]{0,2}(?:[ .-]?\(0?\)|[ .-]?\([0-9]{1,4}\))?(?:[ .-]?[0-9]{1,8}){2,6})"
    r"(?![0-9A-Za-z@])"
)
_MOBILE = re.compile(
    rf"(?<![0-9A-Za-z@._*/#-])(?<![0-9] )(?:86[ -]?)"
    rf"?(?P<number>1[3-9][0-9](?:{_SEP}[0-9]{{4}}{_SEP}[0-9]{{4}}|[ -][0-9]{{3}}[ -][0-9]{{5}}|"
    rf"[ -]?[0-9]{{8}})){_END}"
)
_LANDLINE = re.compile(
    rf"{_START}\(?(?P<area>0(?:10|2[0-57-9]|[3-9][0-9]{{2}}))\)?(?P<sep>[ -]?)"
    rf"(?P<number>[1-9][0-9]{{3}}[ -]?[0-9]{{3,4}})"
    rf"(?:(?:-|\s?转\s?)[0-9]{{1,5}})?(?![0-9A-Za-z@])"
)
_SERVICE = re.compile(
    rf"{_START}(?P<number>[48]00(?:[ -][0-9]{{3}}[ -][0-9]{{4}}|[ -][0-9]{{4}}[ -][0-9]{{3}}|[ "
    rf"-][0-9]{{7}}|[0-9]{{7}})){_END}"
)
_NORTH_AMERICA = re.compile(
    r"(?<![0-9A-Za-z@._*/#-])(?P<one>1[ .-])?(?:\([2-9][0-9]{2}\)\s?|[2-9][0-9]{2}[ .-])"
    r"[2-9][0-9]{2}[ .-][0-9]{4}(?![0-9A-Za-z@]|[-.][0-9])"
)
_BRITISH = re.compile(
    rf"{_START}0(?:[127][0-9]{{3}} [0-9]{{6}}|7[0-9]{{3}} [0-9]{{3}} [0-9]{{3}}|20 [0-9]{{4}} "
    rf"[0-9]{{4}}|1[0-9]{{2}} [0-9]{{3}} [0-9]{{4}}){_END}"
)
_FIVES = re.compile(r"(?<![0-9A-Za-z@._*/#-])555-[0-9]{4}(?![0-9A-Za-z@]|[-.][0-9])")
"""North American numbers without their area, as examples give them."""
_NAMED = re.compile(
    r"(?:电话|手机|座机|固话|联系(?:方式|号码|我)|致电|拨打?|打给?我|打这个|回电|热线|whats ?app|"
    r"(?<![a-z])(?:phone|mobile|cell|cellphone|telephone|tel|call(?: me| us)?|text(?: me)?|"
    r"ring(?: me)?|reach me|landline|contact number|hotline)(?![a-z]))"
    r"(?:号码?|number|no\.?|on|at|is|was|are|back|me|请|可以|:|#|是|为|的|[\s,，:)\[\]]|\((?![0-9])){0,6}"
    r"(?P<number>\+?[0-9(](?:[ ().-]{0,2}[0-9]){5,14})(?![0-9A-Za-z@*]|[-.][0-9])",
    re.IGNORECASE,
)
_ORDER_NEXT = re.compile(
    r"(?:单号?|编号|流水号|order|no\.?|ref\w*|id)\s?(?:number)?\s?(?:[是为:#]|is)?\s?$",
    re.IGNORECASE,
)


def find_phones(text: str) -> Iterator[Find]:
    """The telephone numbers of a normalised text, overlapping ones included."""
    chinese = re.search("[\u4e00-\u9fff]", text) is not None
    for found in _INTERNATIONAL.finditer(text):
        digits = re.sub(r"\D", "", found["number"].replace("(0)", ""))
        if (7 if "+" in found[0] else 10) <= len(digits) <= 15:
            yield Find("phone", "+" + digits, *found.span(), sure=SURE)
    for found in _MOBILE.finditer(text):
        named = _ORDER_NEXT.search(text[max(0, found.start() - 14) : found.start()])
        if not named:
            yield Find("phone", "+86" + _digits(found["number"]), *found.span(), sure=SURE)
    for found in _LANDLINE.finditer(text):
        if found["sep"] or ")" in found[0] or _ends_named(text, found.start()):
            # 020 is Guangzhou to one and London to another: the language tells.
            digits = found["area"] + _digits(found["number"])
            value = "+86" + digits[1:] if chinese else digits
            yield Find("phone", value, *found.span(), sure=SURE)
    for found in _SERVICE.finditer(text):
        if not found[0].isdigit() or _ends_named(text, found.start()):
            yield Find("phone", "+86" + _digits(found[0]), *found.span(), sure=SURE)
    for found in _NORTH_AMERICA.finditer(text):
        if not _ORDER_NEXT.search(text[max(0, found.start() - 24) : found.start()]):
            digits = _digits(found[0])
            yield Find("phone", ("+" if found["one"] else "") + digits, *found.span())
    for found in _BRITISH.finditer(text):
        yield Find("phone", _digits(found[0]), *found.span())
    for found in _FIVES.finditer(text):
        yield Find("phone", _digits(found[0]), *found.span())
    for found in _NAMED.finditer(text):
        said = found["number"]
        plus = "+" if said.startswith("+") else ""
        if 7 <= len(_digits(said)) <= 15:
            yield Find("phone", plus + _digits(said), *found.span("number"), sure=USUAL)


def _digits(text: str) -> str:
    return re.sub(r"\D", "", text)


def _ends_named(text: str, start: int) -> bool:
    """Whether a word for a telephone stands just before."""
    return bool(
        re.search(
            r"(?:电话|座机|固话|热线|打|call|phone|tel|landline)\S{0,3}\s?$",
            text[max(0, start - 24) : start],
            re.IGNORECASE,
        )
    )
