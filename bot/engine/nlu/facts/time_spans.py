"""Spans of times: 9点到11点, "between 2 and 4pm", 七点以后, "before noon".

``times`` finds the times; here two become a span, or one an open span. A span is written as its
times are, ``14:00/16:00``, an open one ``18:00/..`` or ``../12:00``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from bot.engine.nlu.facts.times import PERIOD, TO

_TO = re.compile(rf"(?:{TO}|(?P<and> and ))(?:the )?", re.IGNORECASE)
_BARE_FIRST = re.compile(
    r"(?<![0-9a-z.,:/$€£¥-])(?P<hour>2[0-4]|1[0-9]|0?[1-9])(?P<minute>[:.][0-5][0-9])?"
    rf"(?:{TO}|(?P<and> and ))$",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"(?<![a-z])between $", re.IGNORECASE)
_TOLD = re.compile(rf"{PERIOD}|[ap]\.?m|noon|midnight", re.IGNORECASE)
_AFTERNOON = re.compile(r"p\.?m", re.IGNORECASE)
_OPEN_HAN = re.compile(
    r"(?:钟|整)?(?:(?P<until>(?:之|以)?前)|(?P<since>(?:之|以)?后))(?![面台来续悔几])"
)
_OPEN_EN = re.compile(
    r"(?<![a-z])(?P<not>not )?(?:(?P<until>before|by|until|till)|(?P<since>after|since|from))"
    r" (?:about )?$",
    re.IGNORECASE,
)


class Time(NamedTuple):
    """A time of day, or a span of such, and where it stands."""

    start: int
    end: int
    value: str


def with_spans(text: str, times: list[Time]) -> list[Time]:
    """The times, in order; two that belong together are one span, some are open."""
    return [_opened(text, time) for time in _paired(text, times)]


def _paired(text: str, times: list[Time]) -> Iterator[Time]:
    index = 0
    while index < len(times):
        first = times[index]
        second = times[index + 1] if index + 1 < len(times) else None
        index += 1
        joint = _TO.fullmatch(text, first.end, second.start) if second else None
        if second and joint and (start := _span_start(text, first.start, joint)) is not None:
            yield Time(start, second.end, f"{first.value}/{_evening(text, first, second)}")
            index += 1
        else:
            yield _with_bare_hour(text, first)


def _with_bare_hour(text: str, second: Time) -> Time:
    """The time with an hour before it that is no time by itself: "2 to 4pm", 9到11点."""
    head = max(0, second.start - 16)
    found = _BARE_FIRST.search(text[head : second.start])
    if found is None or (start := _span_start(text, head + found.start(), found)) is None:
        return second
    hour, minute = int(found["hour"]), (found["minute"] or ":00")[1:]
    late = hour + 12
    if _AFTERNOON.search(text, second.start, second.end) and f"{late:02}:{minute}" < second.value:
        hour = late
    first = Time(head + found.start(), head + found.end(), f"{hour % 24:02}:{minute}")
    return Time(start, second.end, f"{first.value}/{_evening(text, first, second)}")


def _span_start(text: str, start: int, joint: re.Match[str]) -> int | None:
    """Where the span begins: with its "between", without which "and" joins nothing."""
    between = _BETWEEN.search(text[max(0, start - 8) : start])
    if between is None:
        return None if joint["and"] else start
    return start - len(between[0])


def _evening(text: str, first: Time, second: Time) -> str:
    """The later time: 下午三点到五点 ends at 17:00."""
    hour, rest = int(second.value[:2]), second.value[2:]
    told = _TOLD.search(text, second.start, second.end)
    if not told and second.value < first.value < f"{hour + 12:02}{rest}" and hour <= 12:
        return f"{hour + 12:02}{rest}"
    return second.value


def _opened(text: str, time: Time) -> Time:
    """The time with the words that make it an open span."""
    if "/" in time.value:
        return time
    start, end = time.start, time.end
    if found := _OPEN_HAN.match(text, end):
        end, until = found.end(), bool(found["until"])
    elif found := _OPEN_EN.search(text[max(0, start - 18) : start]):
        start -= len(found[0])
        until = bool(found["until"]) != bool(found["not"])  # "not before nine" is nine or later
    else:
        return time
    return Time(start, end, f"../{time.value}" if until else f"{time.value}/..")
