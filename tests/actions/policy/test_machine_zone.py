"""Days and hours are a brand's, in whatever zone the machine happens to stand."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from actions.policy.business_hours import (
    Hours,
    Span,
    add_business_time,
    business_time_between,
    next_opening,
)
from actions.policy.service_levels import Target, Unit, deadline

WEEK = (1, 2, 3, 4, 5)
LATE_SHIFT = Hours(ZoneInfo("Asia/Shanghai"), (Span("20:00", "24:00", WEEK),))


@pytest.fixture(params=["America/Los_Angeles", "Pacific/Kiritimati"], autouse=True)
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The machine stands far from the brand, to the west or to the east of it."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def shanghai(text: str) -> datetime:
    """An instant by Shanghai's clock, given as a database would give it, in UTC."""
    return datetime.fromisoformat(f"{text}+08:00").astimezone(UTC)


# 21 September 2026 is a Monday.
@pytest.mark.parametrize(
    ("moment", "opening"),
    [
        ("2026-09-21 00:30", "2026-09-21 20:00"),
        ("2026-09-21 23:30", "2026-09-21 23:30"),
        ("2026-09-26 00:00", "2026-09-28 20:00"),
    ],
)
def test_people_come_by_the_brand_s_clock(moment: str, opening: str) -> None:
    found = next_opening(LATE_SHIFT, shanghai(moment))
    assert (found, found.utcoffset()) == (shanghai(opening), timedelta(0))


def test_time_at_work_is_added_and_measured_by_the_brand_s_clock() -> None:
    begun, due = shanghai("2026-09-21 23:00"), shanghai("2026-09-22 21:00")
    found = add_business_time(LATE_SHIFT, begun, timedelta(hours=2))
    assert (found, found.utcoffset()) == (due, timedelta(0))
    assert business_time_between(LATE_SHIFT, begun, due) == timedelta(hours=2)
    unmoved = add_business_time(LATE_SHIFT, begun.astimezone(LATE_SHIFT.zone), timedelta(0))
    assert (unmoved, unmoved.utcoffset()) == (begun, timedelta(0))


@pytest.mark.parametrize("begun", ["2026-09-21 00:30", "2026-09-21 23:30"])
def test_a_working_day_ends_at_the_brand_s_midnight(begun: str) -> None:
    due = deadline(Target(Unit.WORKING_DAYS, 1), LATE_SHIFT, shanghai(begun))
    assert due == shanghai("2026-09-23 00:00")
