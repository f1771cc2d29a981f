"""The days by which a customer is told the money will arrive, counted in working days.

Knows the Chinese calendar of holidays and make-up working days as far as it has been
published, and each brand's overrides. Past that, plain weekdays are counted and the promise
is provisional.
"""

from collections.abc import Mapping
from datetime import date, timedelta

import chinese_calendar

from actions.domain.decision import Promise
from actions.domain.order import Method
from actions.policy.terms import Terms

_SATURDAY = 5


def is_working_day(day: date, overrides: Mapping[date, bool]) -> tuple[bool, bool]:
    """Whether people work on ``day``, and whether that is certain."""
    if day in overrides:
        return overrides[day], True
    try:
        return bool(chinese_calendar.is_workday(day)), True
    except NotImplementedError:
        return day.weekday() < _SATURDAY, False


def working_day_after(day: date, count: int, overrides: Mapping[date, bool]) -> tuple[date, bool]:
    """The ``count``-th working day after ``day`` (none: the day itself), and its certainty."""
    certain = True
    while count:
        day += timedelta(days=1)
        working, known = is_working_day(day, overrides)
        certain = certain and known
        count -= working
    return day, certain


def pay_out(terms: Terms, method: Method, asked_on: date, *, approval: bool) -> Promise:
    """When money confirmed on ``asked_on`` arrives by ``method``; an approval may delay it."""
    span = terms.pay_out_days[method]
    most = span.most + (terms.approvals.working_days if approval else 0)
    first, _ = working_day_after(asked_on, span.least, terms.working_day_overrides)
    last, certain = working_day_after(asked_on, most, terms.working_day_overrides)
    return Promise(first, last, provisional=not certain)
