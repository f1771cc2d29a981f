"""Times of day: 晚上八点半, 20:30, "3pm", "half past eight"; ``T20:30``.

A number before 点 is a time only with a word beside it that says so: 3点建议 is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.engine.nlu.facts.numerals import number

_N = "[0-9]{1,2}|[二两三四五六七八九]?十?[零一二两三四五六七八九十]"
PERIOD = (
    "凌晨|清晨|清早|一大早|大清早|早上|早晨|上午|中午|午后|下午|傍晚|晚上|晚间|夜里|夜间|半夜|"
    "深夜|大半夜|晚|早"
)
TO = r"\s?(?:到|至|[-~–—]|(?<![a-z])(?:to|until|till|through)(?![a-z]))\s?"
"""What stands between the two ends of a span."""

_LED_HAN = re.compile(rf"(?:{_N})(?:点[半钟整]?|:[0-9]{{2}})?{TO}$")
_HAN_TIME = re.compile(
    rf"(?:(?P<period>{PERIOD})的?\s?)?(?P<hour>{_N})(?:点(?!击|卡|数|券|赞|评|建议|要求|错|"
    rf"了(?!钟))"
    rf"|时(?=[0-9一二三四五]|整))"
    rf"(?:(?P<half>半)|(?P<quarter>[一三1-3])刻|(?P<minute>[0-9]{{2}}分?|[0-9]分|"
    rf"[一二三四五]?十[一二三四五六七八九]?分?|零[一二三四五六七八九]分?|[一二三四五六七八九]分)"
    rf"(?![0-9个])|(?P<sharp>钟|整|(?=左右|多(?![个次天])|(?:之|以)?[前后](?![面台来续])|"
    rf"{TO}(?:{PERIOD})?(?:{_N})点(?!击|卡|数|券|赞|评))))?"
)
_LITTLE = re.compile("[早晚]一点$")
"""A little earlier or later."""

_CLOCK = re.compile(
    rf"(?:(?P<period>{PERIOD})的?\s?)?(?<![0-9:.])(?P<hour>[01]?[0-9]|2[0-4])"
    rf":(?P<minute>[0-5][0-9])(?::(?P<second>[0-5][0-9]))?"
    r"(?![0-9:])(?:\s?(?P<half>[ap])\.?m(?![a-z])\.?)?",
    re.IGNORECASE,
)
_HOUR = re.compile(
    r"(?<![0-9a-z.:])(?P<hour>1[0-2]|0?[1-9])(?:[.](?P<minute>[0-5][0-9]))?\s?(?P<half>[ap])"
    r"\.?m(?![a-z])\.?",
    re.I,
)
_HOURS = "one two three four five six seven eight nine ten eleven twelve"
_PART = re.compile(r"(?P<part>morning|afternoon|evening|night),? at $", re.IGNORECASE)
_BARE = re.compile(r"(?:1[0-2]|[1-9])(?![0-9a-z%]|[:.,/-][0-9]|\s?[ap]\.?m)", re.IGNORECASE)
_SPOKEN = re.compile(
    rf"(?<![a-z])(?:(?P<lead>half past|quarter past|quarter to)\s)"
    rf"?(?P<hour>{_HOURS.replace(' ', '|')}|1[0-2]|[1-9])"
    r"(?P<clock> ?o'?clock)?(?:\s(?:in the (?P<part>morning|afternoon|evening)|at "
    r"(?P<night>night)))?(?![a-z0-9])",
    re.IGNORECASE,
)
_NAMED = re.compile(
    r"(?<![a-z])(?:(?:(?<=at )|(?<=before )|(?<=after )|(?<=by )|(?<=until )|(?<=till )|(?<=since )"
    r"|(?<=to ))(?P<name>noon|midnight|midday)|(?P<led>noon|midnight|midday)"
    r"(?= (?:on|yesterday|today|tomorrow)))(?![a-z])",
    re.IGNORECASE,
)


def find_times(text: str, beside: set[int]) -> Iterator[tuple[int, int, str]]:
    """Start, end and ``HH:MM`` of the times; at the places ``beside`` a day ends just before."""
    if "点" in text or "时" in text:
        for found in _HAN_TIME.finditer(text):
            told = (
                found["period"]
                or found["sharp"] is not None
                or found["half"]
                or found["quarter"]
                or found["minute"]
            )
            head = text[max(0, found.start() - 8) : found.start()]
            told = told or found.start() in beside or _LED_HAN.search(head)
            if told and head[-1:] not in ("第", "有") and not _LITTLE.match(found[0]):
                yield from _han(found)
    if ":" in text:
        for found in _CLOCK.finditer(text):
            half = f"{found['half']}m".lower() if found["half"] else ""
            hour = _hour24(int(found["hour"]), found["period"] or half)
            if hour is not None:
                second = f":{found['second']}" if found["second"] else ""
                yield *found.span(), f"{hour:02}:{found['minute']}{second}"
    for found in _HOUR.finditer(text):
        hour = _hour24(int(found["hour"]), f"{found['half']}m".lower())
        yield *found.span(), f"{hour:02}:{found['minute'] or '00'}"
    yield from _spoken(text)
    for place in beside:
        yield from _beside_part(text, place)


def _han(found: re.Match[str]) -> Iterator[tuple[int, int, str]]:
    hour = number(found["hour"])
    minute = int(number(found["minute"].rstrip("分")) or 0) if found["minute"] else 0
    minute = (
        30
        if found["half"]
        else 15 * int(number(found["quarter"]) or 0)
        if found["quarter"]
        else minute
    )
    if hour is None or minute > 59:
        return
    of_day = _hour24(int(hour), found["period"] or "")
    if of_day is not None:
        yield *found.span(), f"{of_day:02}:{minute:02}"


def _hour24(hour: int, period: str) -> int | None:
    """The hour of the day that an hour of a period is."""
    if hour > 24:
        return None
    if period in ("凌晨", "am", "半夜", "大半夜", "深夜", "夜里", "夜间") and hour in (12, 24):
        return 0
    if period in ("晚上", "晚", "晚间") and hour == 12:
        return 24
    if period in ("下午", "午后", "傍晚", "晚上", "晚间", "晚", "pm") and hour < 12:
        return hour + 12
    if period in ("深夜", "夜里", "夜间", "半夜") and 6 < hour < 12:
        return hour + 12
    if period == "中午" and hour < 3:
        return hour + 12
    return 0 if hour == 24 else hour


def _beside_part(text: str, place: int) -> Iterator[tuple[int, int, str]]:
    """The bare hour of a part of the day: "this morning at 7", "tonight at 8"."""
    part = _PART.search(text[max(0, place - 16) : place])
    found = _BARE.match(text, place) if part else None
    if part and found:
        hour = _hour24(int(found[0]), "am" if part["part"].lower() == "morning" else "pm")
        yield *found.span(), f"{hour:02}:00"


def _spoken(text: str) -> Iterator[tuple[int, int, str]]:
    for found in _NAMED.finditer(text):
        name = (found["name"] or found["led"]).lower()
        yield *found.span(), "00:00" if name == "midnight" else "12:00"
    if not re.search(
        r"o'?clock|half past|quarter (?:past|to)|in the (?:morn|aft|even)|at night", text, re.I
    ):
        return
    names = {name: hour for hour, name in enumerate(_HOURS.split(), start=1)}
    for found in _SPOKEN.finditer(text):
        if not (found["lead"] or found["clock"] or found["part"] or found["night"]):
            continue
        said = found["hour"].lower()
        hour = names.get(said) or int(said)
        minutes = {"half past": 30, "quarter past": 15, "quarter to": -15}.get(
            (found["lead"] or "").lower(), 0
        )
        late = (found["part"] or "").lower() in ("afternoon", "evening") or found["night"]
        total = (
            hour % 12 + (12 if late or (hour == 12 and not found["part"]) else 0)
        ) * 60 + minutes
        yield *found.span(), f"{total // 60 % 24:02}:{total % 60:02}"
