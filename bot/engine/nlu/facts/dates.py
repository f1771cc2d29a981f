"""Finds days, spans and times of day, and joins what belongs together.

昨天 and 晚上八点半 are one moment, 9月1号到7号 one span, 国庆前 an open one. The rules themselves
are in ``days_*``, ``times`` and ``time_spans``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from bot.engine.nlu.facts import days_digits, days_en, days_en_relative, days_zh
from bot.engine.nlu.facts.calendar import DAY, FEASTS, nearest
from bot.engine.nlu.facts.days import COMES, Moment, Rules, When
from bot.engine.nlu.facts.fact import SURE, USUAL, Find, apart
from bot.engine.nlu.facts.time_spans import Time, with_spans
from bot.engine.nlu.facts.times import TO, find_times

_MIGHT = re.compile(
    r"[0-9一二三四五六七八九十][年月日号点时天周个小半百]|"
    r"[天周年月昨今明晚早][0-9一二三四五六日天末初中底晚早晨夜年]|前天|后天|礼拜|星期|"
    r"[一二三四五六七八九十]个?[年月天周]|周|月|今|昨|明天|"
    r"[去今前明]年|半年|小时|钟头|分钟|刻钟|季度|农历|阴历|旧历"
)
_FEAST = re.compile("|".join(f"(?:{han})" for han, _, _ in FEASTS if han))
_MIGHT_EN = re.compile(
    r"[0-9](?:st|nd|rd|th)|(?<![a-z])(?:(?:in|of|since|from) [12][0-9]{3}|q[1-4]|"
    r"(?:the|on|since|by|until|from|before|after|to|and|was|dated) "
    r"(?:fir|sec|thi|fou|fif|six|sev|eig|nin|ten|ele|twe))",
    re.IGNORECASE,
)
_MONTH_EN = re.compile(
    r"(?<![a-z])(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)", re.IGNORECASE
)
_FEAST_EN = re.compile("|".join(f"(?:{english})" for _, english, _ in FEASTS if english), re.I)
_RELATIVE_EN = re.compile(
    r"(?<![a-z])(?:mon|tue|wed|thu|fri|sat|sun|yest|yday|today|ton|tom|tmrw|ago|back|last|prev|"
    r"next|this|end|day|from now|later|earlier|in [0-9]|week|fortnight)",
    re.IGNORECASE,
)
_DIGIT = re.compile("[0-9]")
_GATED: list[tuple[re.Pattern[str], Rules]] = [
    (_MIGHT, days_zh.RULES),
    (_FEAST, days_zh.FEAST_RULES),
    (_DIGIT, days_digits.RULES),
    (_MONTH_EN, days_en.MONTH_RULES),
    (_MIGHT_EN, days_en.RULES),
    (_FEAST_EN, days_en.FEAST_RULES),
    (_RELATIVE_EN, days_en_relative.RULES),
]
"""Rules, each after what a text must hold for any of them to find something."""

_TO_OTHER = re.compile(rf"{TO}(?:the )?", re.IGNORECASE)
_BETWEEN_EN = re.compile(r"(?<![a-z])between (?:the )?$", re.IGNORECASE)
_AND = re.compile(r" and (?:the )?", re.IGNORECASE)
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
    for might, rules in _GATED:
        if might.search(text):
            pieces += _pieces(text, now, rules)
    pieces = _longest(pieces)
    beside = {_TO_TIME.match(text, piece.end).end() for piece in pieces}
    times = [Time(*time) for time in _longest(find_times(text, beside))]
    return _joined(text, pieces, with_spans(text, times))


def _pieces(text: str, now: datetime, rules: Rules) -> list[Piece]:
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


def _joined(text: str, pieces: list[Piece], times: list[Time]) -> list[Find]:
    # A day takes its time with it; what lies inside a day is none.
    inside = bytearray(len(text))
    for piece in pieces:
        inside[piece.start : piece.end] = b"\1" * (piece.end - piece.start)
    left = {time.start: time for time in times if not any(inside[time.start : time.end])}
    ends = {time.end: time for time in left.values()}
    finds, index = [], 0
    while index < len(pieces):
        piece = pieces[index]
        index += 1
        other = pieces[index] if index < len(pieces) else None
        if other and (start := _span_start(text, piece, other)) is not None:
            finds.append(_span(start, piece, other))
            index += 1
            continue
        time = _time_of(text, piece, left, ends)
        if time and "T" not in piece.when.value and piece.when.first == piece.when.last:
            del left[time.start]
            start, end = min(piece.start, time.start), max(piece.end, time.end)
            finds.append(Find("date", _on(piece.when.first, time.value), start, end, sure=SURE))
        else:
            finds.append(_open(text, piece))
    finds += [Find("date", _alone(time.value), *time[:2], _sure(time)) for time in left.values()]
    return sorted(finds, key=lambda find: find.start)


def _span_start(text: str, piece: Piece, other: Piece) -> int | None:
    """Where the span of two days begins, if the words make them one; "and" needs "between"."""
    led = _BETWEEN_EN.search(text[max(0, piece.start - 12) : piece.start])
    if _TO_OTHER.fullmatch(text, piece.end, other.start) or (
        led and _AND.fullmatch(text, piece.end, other.start)
    ):
        return piece.start - (len(led[0]) if led else 0)
    return None


def _on(day: date, time: str) -> str:
    """The time, or the span of times, of a day; what ends before it begins ends a day later."""
    first, _, last = time.partition("/")
    if not last or ".." in (first, last):
        return "/".join(_moment(day, one) for one in filter(None, (first, last)))
    return f"{_moment(day, first)}/{_moment(day + DAY if last < first else day, last)}"


def _moment(day: date, time: str) -> str:
    """The time of a day; 昨晚十二点 is the midnight that ends it."""
    if time == "..":
        return time
    if time.startswith("24:"):
        return f"{day + DAY}T00{time[2:]}"
    return f"{day}T{time}"


def _alone(time: str) -> str:
    """The time, or the span of times, of no day in particular."""
    parts = time.replace("24:", "00:").split("/")
    return "/".join(part if part == ".." else f"T{part}" for part in parts)


def _sure(time: Time) -> int:
    return SURE if "/" in time.value else USUAL


def _time_of(text: str, piece: Piece, left: dict, ends: dict) -> Time | None:
    """The time that is said beside a day: after it, or before ("8pm on Monday")."""
    after = left.get(_TO_TIME.match(text, piece.end).end())
    if after:
        return after
    for end in range(piece.start, max(-1, piece.start - 10), -1):
        if end in ends and ends[end].start in left and _TO_DAY.fullmatch(text, end, piece.start):
            return ends[end]
    return None


def _span(at: int, piece: Piece, other: Piece) -> Find:
    """Two days as one span; the end of which less was said goes by the other."""
    first, last = piece.when, other.when
    start, end = first.first, last.last
    if COMES.index(first.every) < COMES.index(last.every):
        start = nearest(start, first.every, end, before=True) or start
    elif last.every:
        end = nearest(end, last.every, start) or end
    value = f"{start}/{end}"
    if len(first.value) == len(last.value) == len("2026-09"):
        value = f"{start:%Y-%m}/{end:%Y-%m}"
    return Find("date", value, at, other.end, sure=SURE)


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
