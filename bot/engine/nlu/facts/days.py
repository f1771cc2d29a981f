"""A day or a span of days that was written, and what is needed to know which one."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.engine.nlu.facts.calendar import (
    DAY,
    day_of,
    last_of_month,
    latest,
    monday_of,
    month_of,
    shifted,
)

COMING_BEFORE = re.compile(
    r"(?:(?<![a-z])(?:will|next|going to|gonna|until|till|due|expires?|expiring|need(?: it)?|"
    r"coming|arriv(?:e|ing)s?(?: on| by))(?![a-z])|'ll(?![a-z]))"
    r"[^.,;!?。，；！？\n]{0,30}$|(?:将|将会|会在|预计|要到|要等到|等到|截止到?|下一?次|下个|"
    r"到期[日是]?)[^,。.;!?\n]{0,8}$",
    re.IGNORECASE,
)
COMING_AFTER = re.compile(
    r"\s?(?:之后|以后|(?:(?:之|以)?前)?(?:能|会|可以)|才能|才会|会到|到期|将)"
)


COMES = ("week", "month", "year", "")
"""How often a day comes that was said so, from the oftenest to once."""


@dataclass(frozen=True)
class When:
    """The days meant, first to last, and their normal form.

    ``every`` is how often such a day comes, as far as was said: each ``week`` (Monday), ``month``
    (the 3rd) or ``year`` (3 May), or once.
    """

    value: str
    first: date
    last: date
    every: str = ""


@dataclass(frozen=True)
class Moment:
    """What a written day is read against: ``now`` in the brand's zone, the message, the place."""

    now: datetime
    text: str
    start: int
    end: int

    @property
    def today(self) -> date:
        """The day of the message."""
        return self.now.date()

    @property
    def chinese(self) -> bool:
        """Whether the message holds Chinese: 9/1 is then the first of September."""
        return re.search("[\u4e00-\u9fff]", self.text) is not None

    @property
    def coming(self) -> bool:
        """Whether the words around say that the day is ahead."""
        before = self.text[max(0, self.start - 45) : self.start]
        return bool(COMING_BEFORE.search(before) or COMING_AFTER.match(self.text, self.end))

    def before(self, length: int = 12) -> str:
        """What stands just before, in lower case."""
        return self.text[max(0, self.start - length) : self.start].lower()

    def after(self, length: int = 8) -> str:
        """What stands just after, in lower case."""
        return self.text[self.end : self.end + length].lower()


Rules = list[tuple[re.Pattern[str], Callable[[re.Match[str], Moment], When | None]]]
"""Expressions, each with what reads the day that it found."""


def a_day(day: date | None, *, every: str = "") -> When | None:
    """One day."""
    return When(day.isoformat(), day, day, every) if day else None


def days(first: date, last: date) -> When:
    """From the first day to the last."""
    return When(f"{first}/{last}", first, last)


def a_month(year: int, month: int, *, every: str = "") -> When | None:
    """A whole month."""
    if not (1 <= month <= 12 and 1900 <= year <= 2100):
        return None
    return When(f"{year:04}-{month:02}", date(year, month, 1), last_of_month(year, month), every)


def a_year(year: int) -> When | None:
    """A whole year."""
    return When(str(year), date(year, 1, 1), date(year, 12, 31)) if 1900 <= year <= 2100 else None


def a_week(moment: Moment, weeks: int) -> When:
    """The week so many weeks after this one, Monday to Sunday."""
    monday = monday_of(moment.today, weeks)
    return days(monday, monday + 6 * DAY)


def quarter(year: int, which: int) -> When | None:
    """A quarter of a year, as months."""
    return months(year, 3 * which - 2, 3 * which)


def months(year: int, first: int, last: int) -> When | None:
    """Months of a year, from the first to the last."""
    start, end = a_month(year, first), a_month(year, last)
    if start is None or end is None:
        return None
    return When(f"{start.value}/{end.value}", start.first, end.last)


def part_of_month(year: int, month: int, part: str) -> When | None:
    """Its first ten days (初, early), the next ten (中, mid) or the rest (底, late)."""
    if a_month(year, month) is None:
        return None
    first, last = {"early": (1, 10), "mid": (11, 20)}.get(
        part, (21, last_of_month(year, month).day)
    )
    return days(date(year, month, first), date(year, month, last))


def month_day(moment: Moment, month: int, day: int, year: int | None = None) -> When | None:
    """A day of a named month."""
    if year is not None:
        return a_day(day_of(year, month, day)) if 1900 <= year <= 2100 else None
    found = latest(lambda y: day_of(y, month, day), moment.today, coming=moment.coming)
    return a_day(found, every="year")


def day_of_this(moment: Moment, day: int) -> When | None:
    """A day with no month: the latest such not in the future (or the next)."""
    ahead = moment.coming
    for months in range(12):
        found = day_of(*month_of(moment.today, months if ahead else -months), day)
        if found and (found >= moment.today if ahead else found <= moment.today):
            return a_day(found, every="month")
    return None


def whole_month(moment: Moment, month: int, year: int | None = None) -> When | None:
    """A named month; without a year the latest that has begun."""
    if year is not None:
        return a_month(year, month)
    first = latest(lambda y: day_of(y, month, 1), moment.today, coming=moment.coming)
    return a_month(first.year, month, every="year") if first else None


def numbered(moment: Moment, one: int, other: int, year: int | None) -> When | None:
    """Two numbers: month first in Chinese, else day first unless that can't be."""
    month, day = (one, other) if moment.chinese else (other, one)
    if month > 12:
        month, day = day, month
    return month_day(moment, month, day, year)


def ago(moment: Moment, minutes: float) -> When | None:
    """The moment so many minutes back."""
    if not 0 < minutes < 60 * 24 * 365:
        return None
    at = moment.now - timedelta(minutes=minutes)
    return When(at.strftime("%Y-%m-%dT%H:%M"), at.date(), at.date())


def moved(moment: Moment, unit: str, count: int) -> When | None:
    """The day so many days, weeks, months or years from today."""
    if abs(count) > 36500:
        return None
    if unit in ("day", "week", "fortnight"):
        return a_day(moment.today + count * {"day": 1, "week": 7, "fortnight": 14}[unit] * DAY)
    return a_day(shifted(moment.today, count * {"month": 1, "year": 12}[unit]))
