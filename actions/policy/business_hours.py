"""When people of a brand are at work, and arithmetic in that time.

Knows split hours, weekdays, public holidays and make-up days, and days on which the clocks are
put forward or back. Hours are wall-clock times of the brand's zone; everything here is measured
between instants. Leaves what must be done by when to ``service_levels``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from chinese_calendar.constants import holidays

from actions.policy.promises import is_working_day

_FRIDAY = 5
_DAY = timedelta(days=1)
_NOTHING = timedelta(0)
_LONGEST_REST = 366
"""After so many days without an opening, the hours are taken never to open."""

Opening = tuple[datetime, datetime]
"""From when people are there until when, both in UTC."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a day, ``opens`` and ``closes`` as "09:00", on days 1 (Monday) to 7."""

    opens: str
    closes: str
    days: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Hours:
    """When people answer, in ``zone``.

    With ``closed_on_holidays`` nobody works on public holidays, and a day at the weekend that is
    worked instead has a Friday's hours, unless it has hours of its own. ``overrides`` are the
    brand's own working days and days off, as its promises have them.
    """

    zone: ZoneInfo
    spans: tuple[Span, ...]
    closed_on_holidays: bool = False
    overrides: Mapping[date, bool] = field(default_factory=dict)
    assumption: bool = False


def is_open(hours: Hours, at: datetime) -> bool:
    """Whether people are there at an instant."""
    return next_opening(hours, at) == at


def next_opening(hours: Hours, at: datetime) -> datetime:
    """The first instant from ``at`` on at which people are there: ``at`` itself if they are."""
    begins, _ends = next(_openings(hours, at))
    return begins


def add_business_time(hours: Hours, start: datetime, much: timedelta) -> datetime:
    """The first instant by which ``much`` time at work has gone by since ``start``."""
    if much < _NOTHING:
        raise ValueError("time at work is added, not taken away")
    start = start.astimezone(UTC)  # or Python would add by the wall clock
    if not much:
        return start
    openings = _openings(hours, start)
    while True:
        begins, ends = next(openings)
        if much <= ends - begins:
            return begins + much
        much -= ends - begins


def business_time_between(hours: Hours, start: datetime, end: datetime) -> timedelta:
    """How long people are there from ``start`` to ``end``; nothing if that is the other way."""
    total, end = _NOTHING, end.astimezone(UTC)
    openings = _openings(hours, start)
    while (opening := next(openings))[0] < end:
        begins, ends = opening
        total += min(ends, end) - begins
    return total


def _openings(hours: Hours, at: datetime) -> Iterator[Opening]:
    """What is left of all openings from ``at`` on, in their order; they never run out."""
    day, over, rest = at.astimezone(hours.zone).date(), at.astimezone(UTC), 0
    while rest < _LONGEST_REST:
        rest += 1
        for begins, ends in sorted(_openings_on(hours, day)):
            if ends > over:
                yield max(begins, over), ends
                over, rest = ends, 0
        day += _DAY
    raise ValueError("these hours never open")


def _openings_on(hours: Hours, day: date) -> Iterator[Opening]:
    weekday = _worked_as(hours, day)
    for span in hours.spans:
        if weekday in span.days:
            begins, ends = (_instant(hours, day, clock) for clock in (span.opens, span.closes))
            if begins < ends:  # not so where the clocks skip all of it
                yield begins, ends


def _instant(hours: Hours, day: date, clock: str) -> datetime:
    if clock == "24:00":
        return datetime.combine(day + _DAY, time(), hours.zone).astimezone(UTC)
    return datetime.combine(day, time.fromisoformat(clock), hours.zone).astimezone(UTC)


def _worked_as(hours: Hours, day: date) -> int | None:
    """The weekday whose hours a day has; None if nobody works on it."""
    weekday = day.isoweekday()
    if not hours.closed_on_holidays:
        return weekday
    if not hours.overrides[day] if day in hours.overrides else day in holidays:
        return None
    worked, _certain = is_working_day(day, hours.overrides)
    if worked and not any(weekday in span.days for span in hours.spans) and weekday > _FRIDAY:
        return _FRIDAY
    return weekday
