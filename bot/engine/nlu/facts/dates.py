"""Finds days, spans and times of day, and joins what belongs together.

昨天 and 晚上八点半 are one moment, 9月1号到7号 one span, 国庆前 an open one. The rules themselves
are in ``days_*`` and ``times``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from bot.engine.nlu.facts import days_digits, days_en, days_en_relative, days_zh
from bot.engine.nlu.facts.calendar import DAY, day_of
from bot.engine.nlu.facts.days import Moment, When
from bot.engine.nlu.facts.fact import SURE, USUAL, Find, apart
from bot.engine.nlu.facts.times import find_times

_MIGHT = re.compile(
    r"[0-9一二三四五六七八九十][年月日号点时天周个小半百]|"
    r"[天周年月昨今明晚早][0-9一二三四五六日天末初中底晚早晨夜年]|前天|后天|礼拜|星期|节|"
    r"[一二三四五六七八九十]个?[年月天周]|周|月|今|昨|明天"
    r"|[0-9]\s?[-/.:]\s?[0-9]|国庆|双|五一|元旦|六一|除夕|大年|中秋|端午|清明|元宵|圣诞|黑五|"
    r"平安夜|七夕|重阳|万圣|去年|今年|半年|618|六一八|季度|农历|阴历|旧历"
)
_MIGHT_EN = re.compile(
    r"[0-9]|(?<![a-z])(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|"
    r"sat|sun|yest|yday|today|ton|tom|tmrw"
    r"|ago|back|last|next|this|end|begin|day|noon|midnight|week|christmas|xmas|halloween|thanks|"
    r"spring|national|golden|new year|"
    r"chinese|lunar|boxing|black|cyber|valentine|first|second|half|mid|labo|q[1-4]|minute|hour|"
    r"singles|double|"
    r"o'clock|from|later|quarter)",
    re.IGNORECASE,
)
_DIGIT = re.compile("[0-9]")
_BETWEEN = re.compile(r"\s?(?:到|至|[-~–—]|to|until|till|through)\s?(?:the )?", re.IGNORECASE)
_TO_TIME = re.compile(r"(?:\s|,|的|在|at|around|about|,? ?大概|大约|差不多|T){0,3}", re.IGNORECASE)
_TO_DAY = re.compile(r"\s?,?\s?(?:on|of)?\s?(?:the )?", re.IGNORECASE)
_BEFORE_HAN = re.compile(r"(?:之前|以前|前)(?![天一二两三几面后台女男夫任妻辈往])")
_AFTER_HAN = re.compile(r"(?:之后|以后|后)(?![天一二两三几面台来续悔])")
_BEFORE_EN = re.compile(r"(?<![a-z])before\s(?:the )?$", re.IGNORECASE)
_AFTER_EN = re.compile(r"(?<![a-z])after\s(?:the )?$", re.IGNORECASE)
_SINCE_EN = re.compile(r"(?<![a-z])since\s(?:the )?$", re.IGNORECASE)
_BY_EN = re.compile(r"(?<![a-z])by\s(?:the )?$", re.IGNORECASE)


class Piece(NamedTuple):
    """A day that was found, where."""

    start: int
    end: int
    when: When


def find_dates(text: str, now: datetime) -> list[Find]:
    """The days and times of a normalised text; ``now`` is in the brand's zone."""
    pieces: list[Piece] = []
    if _MIGHT.search(text):
        pieces += _pieces(text, now, days_zh.RULES)
    if _DIGIT.search(text):
        pieces += _pieces(text, now, days_digits.RULES)
    if _MIGHT_EN.search(text):
        pieces += _pieces(text, now, [*days_en.RULES, *days_en_relative.RULES])
    pieces = _longest(pieces)
    times = _longest(find_times(text, {_TO_TIME.match(text, p.end).end() for p in pieces}))
    return _joined(text, pieces, times)


def _pieces(text: str, now: datetime, rules: Iterable) -> list[Piece]:
    found = []
    for pattern, read in rules:
        for match in pattern.finditer(text):
            when = read(match, Moment(now, text, *match.span()))
            if when is not None and match.end() > match.start():
                found.append(Piece(*_trimmed(text, *match.span()), when))
    return found


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """The place without what only led up to the day."""
    lead = re.match(
        r"(?:on |the (?=[0-9]{1,2}(?:st|nd|rd|th) of [a-z])|\s+)", text[start:end], re.IGNORECASE
    )
    start += lead.end() if lead else 0
    return start, start + len(text[start:end].rstrip(" .\n\t"))


def _longest(pieces: Iterable) -> list:
    return apart(pieces, lambda p: (p[0] - p[1], p[0]), lambda p: (p[0], p[1]))


def _joined(text: str, pieces: list[Piece], times: list[tuple[int, int, str]]) -> list[Find]:
    # A day takes its time with it; what lies inside a day is none.
    inside = bytearray(len(text))
    for piece in pieces:
        inside[piece.start : piece.end] = b"\1" * (piece.end - piece.start)
    left = {time[0]: time for time in times if not any(inside[time[0] : time[1]])}
    ends = {time[1]: time for time in left.values()}
    finds, index = [], 0
    while index < len(pieces):
        piece = pieces[index]
        index += 1
        other = pieces[index] if index < len(pieces) else None
        if other and _is_span(text, piece, other):
            finds.append(_span(piece, other))
            index += 1
            continue
        time = _time_of(text, piece, left, ends)
        if time and "T" not in piece.when.value and piece.when.first == piece.when.last:
            del left[time[0]]
            start, end = min(piece.start, time[0]), max(piece.end, time[1])
            finds.append(Find("date", _moment(piece.when.first, time[2]), start, end, sure=SURE))
        else:
            finds.append(_open(text, piece))
    finds += [
        Find("date", "T" + time.replace("24:", "00:"), start, end)
        for start, end, time in left.values()
    ]
    return sorted(finds, key=lambda find: find.start)


def _is_span(text: str, piece: Piece, other: Piece) -> bool:
    """Whether the words between two days make them a span; "and" does after "between"."""
    if _BETWEEN.fullmatch(text, piece.end, other.start):
        return True
    led = text[max(0, piece.start - 12) : piece.start].lower().rstrip()
    joint = text[piece.end : other.start].strip().lower()
    return led.removesuffix(" the").endswith("between") and joint in ("and", "and the")


def _moment(day: date, time: str) -> str:
    """The time of a day; 昨晚十二点 is the midnight that ends it."""
    if time.startswith("24:"):
        return f"{day + DAY}T00{time[2:]}"
    return f"{day}T{time}"


def _time_of(text: str, piece: Piece, left: dict, ends: dict) -> tuple[int, int, str] | None:
    """The time that is said beside a day: after it, or before ("8pm on Monday")."""
    after = left.get(_TO_TIME.match(text, piece.end).end())
    if after:
        return after
    for end in range(piece.start, max(-1, piece.start - 10), -1):
        if end in ends and ends[end][0] in left and _TO_DAY.fullmatch(text, end, piece.start):
            return ends[end]
    return None


def _span(piece: Piece, other: Piece) -> Find:
    first, last = piece.when, other.when
    end: date | None = last.last
    if last.day_only:
        end = day_of(first.first.year, first.first.month, last.first.day)
    if end is None or end < first.first:
        end = last.last
    start = first.first
    if first.day_only and not last.day_only:
        start = day_of(end.year, end.month, first.first.day) or start
    return Find("date", f"{start}/{end}", piece.start, other.end, sure=SURE)


def _open(text: str, piece: Piece) -> Find:
    """Before, after, since or by a day: 国庆前, "before Christmas", "by Friday"."""
    when = piece.when
    if (found := _BEFORE_HAN.match(text, piece.end)) and "/" not in when.value:
        return Find("date", f"../{when.first - DAY}", piece.start, found.end(), sure=SURE)
    if (found := _AFTER_HAN.match(text, piece.end)) and "/" not in when.value:
        return Find("date", f"{when.last + DAY}/..", piece.start, found.end(), sure=SURE)
    head = max(0, piece.start - 12)
    if found := _BEFORE_EN.search(text[head : piece.start]):
        return Find("date", f"../{when.first - DAY}", head + found.start(), piece.end, sure=SURE)
    if found := _AFTER_EN.search(text[head : piece.start]):
        return Find("date", f"{when.last + DAY}/..", head + found.start(), piece.end, sure=SURE)
    if "/" not in when.value and (found := _SINCE_EN.search(text[head : piece.start])):
        return Find("date", f"{when.value}/..", head + found.start(), piece.end, sure=SURE)
    if "/" not in when.value and (found := _BY_EN.search(text[head : piece.start])):
        return Find("date", f"../{when.value}", head + found.start(), piece.end, sure=SURE)
    return Find("date", when.value, piece.start, piece.end, sure=USUAL)
