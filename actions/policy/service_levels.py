"""By when a brand means to have answered, and to have done with, each kind of ticket.

Knows a promise's units (plain hours, time at work, working days), what a priority makes of them
and what a pause does. Leaves the hours themselves to ``business_hours``, and tickets to the
services.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum

from actions.domain.ticket import Category, Priority, Task
from actions.policy.business_hours import Hours, add_business_time, business_time_between
from actions.policy.promises import working_day_after

WHOLE = 100
"""The share of the time, in percent, that a ticket of normal priority may take."""


class Unit(StrEnum):
    """What a promise is counted in; plain hours go by at night too."""

    HOURS = "hours"
    BUSINESS_MINUTES = "business_minutes"
    BUSINESS_HOURS = "business_hours"
    WORKING_DAYS = "working_days"


_LENGTH = {
    Unit.HOURS: timedelta(hours=1),
    Unit.BUSINESS_MINUTES: timedelta(minutes=1),
    Unit.BUSINESS_HOURS: timedelta(hours=1),
}


@dataclass(frozen=True, slots=True)
class Target:
    """One promise, with the clause that states it; ``assumption`` where the brand does not."""

    unit: Unit
    value: int
    clause: str | None = None
    assumption: bool = False


@dataclass(frozen=True, slots=True)
class Level:
    """What is promised of one kind of ticket; no first answer where no customer waits for one."""

    resolution: Target
    first_response: Target | None = None


@dataclass(frozen=True, slots=True)
class ServiceLevels:
    """A brand's promises; ``percent`` is the share of the time that a priority leaves."""

    levels: Mapping[Category | Task, Level]
    percent: Mapping[Priority, int]

    def percent_for(self, priority: Priority) -> int:
        """The share of the time that a ticket of this priority may take, in percent."""
        return self.percent.get(priority, WHOLE)


def deadline(target: Target, hours: Hours, start: datetime, percent: int = WHOLE) -> datetime:
    """When ``target`` is due that is counted from ``start``; working days last to their end."""
    if target.unit is Unit.WORKING_DAYS:
        return _end_of_working_day(hours, start, -(-target.value * percent // WHOLE))
    return _later(target, hours, start, target.value * _LENGTH[target.unit] * percent // WHOLE)


def measured(target: Target, hours: Hours, start: datetime, end: datetime) -> timedelta:
    """How much time of the kind that ``target`` counts goes by from ``start`` to ``end``."""
    if target.unit is Unit.HOURS:
        return max(end - start, timedelta(0))
    return business_time_between(hours, start, end)


def after_pause(target: Target, hours: Hours, due: datetime, pause: timedelta) -> datetime:
    """When ``target`` is due if the clock stood still for as much as ``measured`` of a pause."""
    return _later(target, hours, due, pause)


def _later(target: Target, hours: Hours, at: datetime, much: timedelta) -> datetime:
    if target.unit is Unit.HOURS:
        return at.astimezone(UTC) + much
    return add_business_time(hours, at, much)


def _end_of_working_day(hours: Hours, start: datetime, count: int) -> datetime:
    first = start.astimezone(hours.zone).date()
    last, _certain = working_day_after(first, count, hours.overrides)
    midnight = datetime.combine(last + timedelta(days=1), time(), hours.zone)
    return midnight.astimezone(UTC)
