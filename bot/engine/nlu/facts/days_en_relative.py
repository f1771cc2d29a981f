"""Days told from the one of the message: "last Tuesday", "three days ago", "next week"."""

from __future__ import annotations

import re

from bot.engine.nlu.facts.calendar import DAY, monday_of, month_of
from bot.engine.nlu.facts.days import (
    Moment,
    Rules,
    When,
    a_day,
    a_month,
    a_week,
    a_year,
    ago,
    days,
    moved,
    part_of_month,
)
from bot.engine.nlu.facts.numerals import english_number

NOT_IN_WORD = r"(?<![a-z0-9])"
WEEKDAYS = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAY = (
    r"(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:nesday|s)?|thu(?:rs?(?:day)?)?|fri(?:day)?|"
    r"sat(?:urday)?|sun(?:day)?)(?![a-z])"
)
OF_DAY = r"(?:,? (?:in the )?(?:morning|afternoon|evening|night)(?![a-z]))?"
_COUNT = (
    r"[0-9]{1,4}|(?:a|an|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|"
    r"fourteen|fifteen|twenty|thirty|couple of|a couple of|a couple)"
)


def part_named(words: str) -> str:
    if words.startswith(("early", "beg", "start")):
        return "early"
    return "mid" if words.startswith("mid") else "late"


def _relative(found: re.Match[str], moment: Moment) -> When | None:
    words = found["words"].lower()
    if "before yesterday" in words:
        return a_day(moment.today - 2 * DAY)
    if "after tomorrow" in words:
        return a_day(moment.today + 2 * DAY)
    off = (
        -1
        if words.startswith(("yesterday", "last night", "yday"))
        else 1
        if words.startswith("tom")
        else 0
    )
    return a_day(moment.today + off * DAY)


def _count(words: str) -> int:
    if words.isdigit():
        return int(words)
    return 2 if "couple" in words.lower() else int(english_number(words) or 0)


def _ago(found: re.Match[str], moment: Moment) -> When | None:
    count, unit = _count(found["count"]), found["unit"].lower().rstrip("s")
    unit = {"wk": "week", "yr": "year", "mth": "month"}.get(unit, unit)
    forward = found["ahead"] or re.match("from now|later", found["way"] or "", re.I)
    return moved(moment, unit, count if forward else -count) if count else None


def _clock_ago(found: re.Match[str], moment: Moment) -> When | None:
    count = 0.5 if found["half"] else _count(found["count"])
    count += 0.5 if found["more"] or found["after"] else 0
    return ago(moment, count * (60 if found["unit"].lower().startswith("h") else 1))


def _weekday(found: re.Match[str], moment: Moment) -> When | None:
    which = (found["which"] or "").lower()
    weekday = next(
        i for i, name in enumerate(WEEKDAYS) if name.startswith(found["day"][:3].lower())
    )
    today = moment.today
    if which.startswith(("last", "past", "previous")):
        return a_day(today - ((today.weekday() - weekday - 1) % 7 + 1) * DAY)
    if which.startswith("this"):
        return a_day(monday_of(today) + weekday * DAY)
    if which.startswith(("next", "coming")):
        return a_day(today + ((weekday - today.weekday() - 1) % 7 + 1) * DAY)
    if moment.coming:
        return a_day(today + (weekday - today.weekday()) % 7 * DAY, every="week")
    return a_day(today - (today.weekday() - weekday) % 7 * DAY, every="week")


def _weekday_of_week(found: re.Match[str], moment: Moment) -> When | None:
    off = {"last": -1, "this": 0, "next": 1}[found["which"].lower()]
    names = enumerate(WEEKDAYS)
    weekday = next(i for i, name in names if name.startswith(found["day"][:3].lower()))
    return a_day(monday_of(moment.today, off) + weekday * DAY)


def _period(found: re.Match[str], moment: Moment) -> When | None:
    which, unit = found["which"].lower(), found["unit"].lower()
    off = {"last": -1, "previous": -1, "this": 0, "next": 1, "the": 0}.get(which.split()[-1], 0)
    part = (found["part"] or "").lower()
    if unit == "week":
        return a_week(moment, off)
    if unit == "weekend":
        saturday = monday_of(moment.today, off) + 5 * DAY
        return days(saturday, saturday + DAY)
    if unit == "year":
        return a_year(moment.today.year + off)
    year, month = month_of(moment.today, off)
    return part_of_month(year, month, part_named(part)) if part else a_month(year, month)


def _is_ahead(found: re.Match[str]) -> bool:
    return bool(found["ahead"]) and not found["way"]


def _is_weekday(found: re.Match[str], moment: Moment) -> bool:
    """A weekday's name alone; "sat" and "sun" are words of their own."""
    whole = found["day"].lower() in WEEKDAYS
    return (whole or bool(found["which"])) and not moment.before(7).endswith(
        ("every ", "black ", "cyber ", "each ")
    )


RULES: Rules = [
    (
        re.compile(
            rf"{NOT_IN_WORD}(?:(?P<half>half (?:an )?)|(?P<count>{_COUNT})(?P<more> and a half)?"
            r"[ -]?)(?P<unit>hours?|hrs?|minutes?|mins?)(?P<after> and a half)?"
            r" (?:ago|back)(?![a-z])",
            re.IGNORECASE,
        ),
        _clock_ago,
    ),
    (
        re.compile(
            rf"{NOT_IN_WORD}(?P<day>{WEEKDAY})(?: of)? (?P<which>last|this|next) week(?![a-z])",
            re.IGNORECASE,
        ),
        _weekday_of_week,
    ),
    (
        re.compile(
            rf"{NOT_IN_WORD}(?P<words>(?:the )?day (?:before yesterday|after tomorrow)|"
            rf"yesterday|yday|today|tonight|tomorrow|tmrw|last night|this (?:morning|afternoon|"
            rf"evening)){OF_DAY}(?!'s|[a-z])",
            re.IGNORECASE,
        ),
        _relative,
    ),
    (
        re.compile(
            rf"{NOT_IN_WORD}(?P<ahead>in )?(?P<count>{_COUNT})[ -]?(?P<unit>days?|weeks?|wks?|"
            rf"months?|mths?|years?|yrs?|fortnights?)(?: (?P<way>ago|back|from now|later|"
            rf"earlier))?(?![a-z])",
            re.IGNORECASE,
        ),
        lambda found, moment: (
            _ago(found, moment)
            if (found["way"] and not found["ahead"]) or _is_ahead(found)
            else None
        ),
    ),
    (
        re.compile(
            rf"{NOT_IN_WORD}(?P<which>last |past |previous |this |next |coming |on )"
            rf"?(?P<day>{WEEKDAY}){OF_DAY}(?!\.[a-z])",
            re.IGNORECASE,
        ),
        lambda found, moment: _weekday(found, moment) if _is_weekday(found, moment) else None,
    ),
    (
        re.compile(
            rf"{NOT_IN_WORD}(?:(?P<part>early|late|mid|(?:the )?(?:middle|end|beginning|start) "
            rf"of)[ -])?(?P<which>last|previous|this|next|the)(?<!the)? (?P<unit>week(?:end)?|"
            rf"month|year)(?![a-z]|'s)".replace("(?<!the)?", ""),
            re.IGNORECASE,
        ),
        lambda found, moment: (
            _period(found, moment) if found["which"].lower() != "the" or found["part"] else None
        ),
    ),
]
