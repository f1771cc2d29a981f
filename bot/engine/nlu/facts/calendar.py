"""Days as a calendar knows them: months, weeks, feasts; nothing of how people write them."""

from __future__ import annotations

import calendar
from collections.abc import Callable
from datetime import date, timedelta

from lunardate import LunarDate

DAY = timedelta(days=1)


def day_of(year: int, month: int, day: int) -> date | None:
    """That day, or None where there is none such."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def month_of(day: date, months: int) -> tuple[int, int]:
    """Year and month so many months after (or, below zero, before) the month of ``day``."""
    index = day.year * 12 + day.month - 1 + months
    return index // 12, index % 12 + 1


def shifted(day: date, months: int) -> date | None:
    """The same day so many months later, or the month's last day where it is shorter."""
    year, month = month_of(day, months)
    if not 1 <= year <= 9999:
        return None
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def last_of_month(year: int, month: int) -> date:
    """The last day of a month."""
    return date(year, month, calendar.monthrange(year, month)[1])


def monday_of(day: date, weeks: int = 0) -> date:
    """The Monday of the week so many weeks after that of ``day``."""
    return day - timedelta(days=day.weekday()) + timedelta(weeks=weeks)


def latest(make: Callable[[int], date | None], today: date, *, coming: bool = False) -> date | None:
    """Of the days that ``make`` gives for a year the latest not in the future.

    With ``coming`` the first that is not past.
    """
    years = range(today.year, today.year + 9) if coming else range(today.year, today.year - 9, -1)
    for year in years:
        found = make(year)
        if found is not None and (found >= today if coming else found <= today):
            return found
    return None


def nearest(day: date, every: str, to: date, *, before: bool = False) -> date | None:
    """The first return of a day on or after ``to``; with ``before`` the last on or before it."""
    if every == "week":
        off = (to - day).days % 7 if before else (day - to).days % 7
        return to + (-off if before else off) * DAY
    step = 12 if every == "year" else 1
    months = (to.year - day.year) * 12 + to.month - day.month
    near = [shifted(day, months - months % step + off) for off in (-step, 0, step)]
    fitting = [found for found in near if found and (found <= to if before else found >= to)]
    return (max if before else min)(fitting, default=None)


def lunar(month: int, day: int) -> Callable[[int], date | None]:
    """That day of the Chinese calendar, by the year in which its lunar year begins."""

    def make(year: int) -> date | None:
        try:
            return date.fromordinal(LunarDate(year, month, day).to_solar_date().toordinal())
        except (ValueError, IndexError):
            return None

    return make


def _fixed(month: int, day: int) -> Callable[[int], date | None]:
    return lambda year: day_of(year, month, day)


def _nth(month: int, weekday: int, nth: int, days: int = 0) -> Callable[[int], date | None]:
    def make(year: int) -> date | None:
        first = date(year, month, 1)
        ahead = (weekday - first.weekday()) % 7 + 7 * (nth - 1) + days
        return first + timedelta(days=ahead)

    return make


def _qingming(year: int) -> date | None:
    """Exact from 2000 to 2099."""
    return date(year, 4, int((year % 100) * 0.2422 + 4.81) - (year % 100) // 4)


def _easter(year: int) -> date:
    """By Gauss; exact from 1900 to 2099."""
    golden = year % 19
    moon = (19 * golden + 24) % 30
    sunday = (2 * (year % 4) + 4 * (year % 7) + 6 * moon + 5) % 7
    early = sunday == 6 and (moon == 29 or (moon == 28 and golden > 10))
    return date(year, 3, 22) + (moon + sunday - 7 * early) * DAY


def _new_years_eve(year: int) -> date | None:
    first = lunar(1, 1)(year)
    return first - DAY if first else None


_new_year = lunar(1, 1)

FEASTS: tuple[tuple[str, str, Callable[[int], date | None]], ...] = (
    ("元旦", "new year'?s(?: day)?", _fixed(1, 1)),
    ("除夕|大年三十|年三十", "(?:lunar|chinese) new year'?s eve", _new_years_eve),
    ("春节|大年初一", "(?:chinese|lunar) new year|spring festival", _new_year),
    ("元宵", "lantern festival", lunar(1, 15)),
    ("情人(?=节)", "valentine'?s(?: day)?", _fixed(2, 14)),
    ("妇女(?=节)|三八(?=节|妇女|大促|[那当]天)", "", _fixed(3, 8)),
    ("清明", "qing ?ming", _qingming),
    ("五一|劳动(?=节)", "labou?r day|may day", _fixed(5, 1)),
    ("六一|儿童(?=节)", "children's day", _fixed(6, 1)),
    (
        "(?:618|六一八)(?=那天|当天|大促|活动|买|的时候|期间|下的?单|付|前|之前)",
        "618(?= sale)",
        _fixed(6, 18),
    ),
    ("端午", "dragon boat(?: festival)?", lunar(5, 5)),
    ("七夕", "qixi", lunar(7, 7)),
    ("中秋", "mid[- ]autumn(?: festival)?", lunar(8, 15)),
    ("重阳", "", lunar(9, 9)),
    ("教师(?=节)", "", _fixed(9, 10)),
    ("国庆|十一(?=长假|假期|黄金周|期间|前|后|放假)", "national day|golden week", _fixed(10, 1)),
    ("万圣", "halloween", _fixed(10, 31)),
    ("双十一|双11|光棍", "singles'? day|double (?:11|eleven)", _fixed(11, 11)),
    ("双十二|双12", "double (?:12|twelve)", _fixed(12, 12)),
    ("感恩(?=节)", "thanksgiving", _nth(11, 3, 4)),
    ("黑五|黑色星期五", "black friday", _nth(11, 3, 4, days=1)),
    ("网络星期一", "cyber monday", _nth(11, 3, 4, days=4)),
    ("平安夜", "christmas eve", _fixed(12, 24)),
    ("圣诞", "christmas(?: day)?|xmas", _fixed(12, 25)),
    ("", "boxing day", _fixed(12, 26)),
    ("复活(?=节)", "easter(?: sunday)?", _easter),
    ("", "good friday", lambda year: _easter(year) - 2 * DAY),
    ("跨年夜", "new year'?s eve", _fixed(12, 31)),
)
"""What a feast is called in Chinese and in English, and its day in a year."""
