"""The days by which a customer is told that something will have happened, in working days.

Knows the Chinese calendar of holidays and make-up working days as far as it has been
published, and each brand's overrides. Past that, weekdays are counted but for the holidays
that the law fixes to a date, and the promise is provisional.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache

import chinese_calendar
from chinese_calendar.constants import holidays

from actions.domain.decision import Closure, Promise
from actions.domain.order import Method
from actions.policy.terms import Terms, WorkingDays

_SATURDAY = 5
_DAY = timedelta(days=1)
_CACHED = 4096

HOLIDAYS: dict[str, dict[str, str]] = {
    "New Year's Day": {"zh": "元旦", "en": "New Year's Day"},
    "Spring Festival": {"zh": "春节", "en": "Spring Festival"},
    "Tomb-sweeping Day": {"zh": "清明节", "en": "Tomb-Sweeping Day"},
    "Labour Day": {"zh": "劳动节", "en": "Labour Day"},
    "Dragon Boat Festival": {"zh": "端午节", "en": "Dragon Boat Festival"},
    "Mid-autumn Festival": {"zh": "中秋节", "en": "Mid-Autumn Festival"},
    "National Day": {"zh": "国庆节", "en": "National Day"},
}
"""What customers are told for the calendar's own names."""

FIXED = {
    (1, 1): "New Year's Day",
    (5, 1): "Labour Day",
    (5, 2): "Labour Day",
    (10, 1): "National Day",
    (10, 2): "National Day",
    (10, 3): "National Day",
}
"""Public holidays that fall on the same dates every year (全国年节及纪念日放假办法, 2024), by
month and day; the others follow the moon, and days are moved to make long holidays."""

_PUBLISHED_TO = max(holidays)

OTHER_HOLIDAY = {"zh": "法定节假日", "en": "a public holiday"}
BRAND_CLOSED = {"zh": "本店休息日", "en": "our own closing day"}


def is_working_day(day: date, overrides: Mapping[date, bool]) -> tuple[bool, bool]:
    """Whether people work on ``day``, and whether that is certain."""
    if day in overrides:
        return overrides[day], True
    return _published(day)


@lru_cache(_CACHED)
def _published(day: date) -> tuple[bool, bool]:
    try:
        return bool(chinese_calendar.is_workday(day)), True
    except NotImplementedError:
        return day.weekday() < _SATURDAY and (day.month, day.day) not in FIXED, False


def working_day_after(day: date, count: int, overrides: Mapping[date, bool]) -> tuple[date, bool]:
    """The ``count``-th working day after ``day`` (none: the day itself), and its certainty."""
    certain = True
    while count:
        day += _DAY
        working, known = is_working_day(day, overrides)
        certain = certain and known
        count -= working
    return day, certain


def pay_out(terms: Terms, method: Method, asked_on: date, *, approval: bool) -> Promise:
    """When money confirmed on ``asked_on`` arrives by ``method``; an approval may delay it."""
    span = terms.methods[method].days
    longer = terms.approvals.working_days if approval else 0
    return _promise(terms, span.least, span.most + longer, asked_on)


def handling(terms: Terms, asked_on: date) -> Promise:
    """When a person will have decided on what was asked on ``asked_on``."""
    span: WorkingDays = terms.handling_days
    return _promise(terms, span.least, span.most, asked_on)


@lru_cache(_CACHED)
def _promise(terms: Terms, least: int, most: int, asked_on: date) -> Promise:
    overrides = terms.working_day_overrides
    first, _ = working_day_after(asked_on, least, overrides)
    last, certain = working_day_after(asked_on, most, overrides)
    closures = tuple(_closures(asked_on + _DAY, last, overrides))
    return Promise(first, last, provisional=not certain, closures=closures)


def _closures(first: date, last: date, overrides: Mapping[date, bool]) -> Iterator[Closure]:
    """The holidays that begin, end or lie between two days, each as a whole."""
    day = first
    while day <= last:
        if _holiday(day, overrides) is None:
            day += _DAY
            continue
        begins, ends = day, day
        while _holiday(begins - _DAY, overrides) is not None:
            begins -= _DAY
        while _holiday(ends + _DAY, overrides) is not None:
            ends += _DAY
        yield Closure(begins, ends, _named(begins, ends, overrides))
        day = ends + _DAY


def _holiday(day: date, overrides: Mapping[date, bool]) -> Mapping[str, str] | None:
    """What ``day`` is called if nobody works on it and it is more than a weekend."""
    if day in overrides:
        return None if overrides[day] else BRAND_CLOSED
    name = holidays.get(day)
    if name is None and day > _PUBLISHED_TO:
        name = FIXED.get((day.month, day.day))
    return HOLIDAYS.get(name, OTHER_HOLIDAY) if name else None


def _named(begins: date, ends: date, overrides: Mapping[date, bool]) -> dict[str, str]:
    days = [begins + _DAY * n for n in range((ends - begins).days + 1)]
    names = [_holiday(day, overrides) or OTHER_HOLIDAY for day in days]
    return {
        "zh": "、".join(dict.fromkeys(name["zh"] for name in names)),
        "en": " and ".join(dict.fromkeys(name["en"] for name in names)),
    }
