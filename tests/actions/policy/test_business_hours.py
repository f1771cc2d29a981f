"""Time at work: split hours, weekends, holidays, and the days on which the clocks change."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.policy.business_hours import (
    Hours,
    Span,
    add_business_time,
    business_time_between,
    is_open,
    next_opening,
)

SHANGHAI, BERLIN, NEW_YORK = map(ZoneInfo, ("Asia/Shanghai", "Europe/Berlin", "America/New_York"))
WEEK, EVERY_DAY = (1, 2, 3, 4, 5), (1, 2, 3, 4, 5, 6, 7)
MORNING, AFTERNOON = Span("09:00", "12:00", WEEK), Span("13:30", "18:00", WEEK)
OFFICE = Hours(SHANGHAI, (MORNING, AFTERNOON))
CHINESE = Hours(SHANGHAI, (MORNING, AFTERNOON), closed_on_holidays=True)
ALWAYS = Hours(BERLIN, (Span("00:00", "24:00", EVERY_DAY),))


def at(text: str, hours: Hours = OFFICE) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=hours.zone)


# 21 September 2026 is a Monday.
@pytest.mark.parametrize(
    ("moment", "opened"),
    [
        ("2026-09-21 08:59:59", False),
        ("2026-09-21 09:00:00", True),
        ("2026-09-21 11:59:59", True),
        ("2026-09-21 12:00:00", False),
        ("2026-09-21 13:30:00", True),
        ("2026-09-21 18:00:00", False),
        ("2026-09-19 10:00:00", False),
    ],
)
def test_people_are_there_from_opening_until_just_before_closing(moment: str, opened: bool) -> None:
    assert is_open(OFFICE, at(moment)) is opened


@pytest.mark.parametrize(
    ("moment", "opening"),
    [
        ("2026-09-21 10:00", "2026-09-21 10:00"),
        ("2026-09-21 12:30", "2026-09-21 13:30"),
        ("2026-09-21 18:00", "2026-09-22 09:00"),
        ("2026-09-18 20:00", "2026-09-21 09:00"),
    ],
)
def test_the_next_opening_is_now_or_when_people_come_back(moment: str, opening: str) -> None:
    assert next_opening(OFFICE, at(moment)) == at(opening)


@pytest.mark.parametrize(
    ("start", "hours", "end"),
    [
        ("2026-09-21 10:00", 1, "2026-09-21 11:00"),
        ("2026-09-21 11:00", 2, "2026-09-21 14:30"),
        ("2026-09-21 10:00", 2, "2026-09-21 12:00"),
        ("2026-09-18 17:00", 2, "2026-09-21 10:00"),
        ("2026-09-19 03:00", 0.5, "2026-09-21 09:30"),
        ("2026-09-19 03:00", 0, "2026-09-19 03:00"),
        ("2026-09-21 09:00", 37.5, "2026-09-25 18:00"),
    ],
)
def test_time_at_work_goes_on_only_while_people_are_there(
    start: str, hours: float, end: str
) -> None:
    much = timedelta(hours=hours)
    assert add_business_time(OFFICE, at(start), much) == at(end)
    assert business_time_between(OFFICE, at(start), at(end)) == much


def test_no_time_goes_by_backwards_and_none_is_taken_away() -> None:
    later, earlier = at("2026-09-21 11:00"), at("2026-09-21 10:00")
    assert business_time_between(OFFICE, later, earlier) == timedelta(0)
    with pytest.raises(ValueError, match=r"^time at work is added, not taken away$"):
        add_business_time(OFFICE, earlier, timedelta(hours=-1))


def test_hours_without_an_opening_say_so_instead_of_looking_for_ever() -> None:
    with pytest.raises(ValueError, match=r"^these hours never open$"):
        next_opening(Hours(SHANGHAI, ()), at("2026-09-21 10:00"))


def test_people_come_back_even_from_a_rest_of_most_of_a_year() -> None:
    first = date(2026, 9, 21)
    rest = {first + timedelta(days=n): False for n in range(300)}
    hours = Hours(SHANGHAI, (MORNING,), closed_on_holidays=True, overrides=rest)
    assert next_opening(hours, at("2026-09-21 10:00")) == at("2027-07-19 09:00")


# --- holidays ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "of_the_chinese", "of_the_office"),
    [
        ("2026-09-30", True, True),
        ("2026-10-01", False, True),  # National Day
        ("2026-10-07", False, True),
        ("2026-10-08", True, True),
        ("2026-10-10", True, False),  # a Saturday worked instead
        ("2026-10-17", False, False),  # a Saturday like any other
    ],
)
def test_public_holidays_are_free_and_made_up_for_where_the_brand_says_so(
    day: str, of_the_chinese: bool, of_the_office: bool
) -> None:
    assert is_open(CHINESE, at(f"{day} 10:00")) is of_the_chinese
    assert is_open(OFFICE, at(f"{day} 10:00")) is of_the_office


def test_a_day_worked_instead_has_a_friday_s_hours_unless_it_has_its_own() -> None:
    friday = Span("10:00", "16:00", (5,))
    monday = Span("08:00", "20:00", (1,))
    saturday = Span("09:00", "10:00", (6,))
    borrowed = Hours(SHANGHAI, (monday, friday), closed_on_holidays=True)
    own = Hours(SHANGHAI, (monday, friday, saturday), closed_on_holidays=True)
    made_up = at("2026-10-10 00:00")
    assert next_opening(borrowed, made_up) == at("2026-10-10 10:00")
    assert next_opening(own, made_up) == at("2026-10-10 09:00")
    assert not is_open(borrowed, at("2026-09-22 10:00")), "an ordinary Tuesday is no such day"


def test_an_open_weekend_is_closed_when_it_is_a_holiday() -> None:
    daily = Hours(SHANGHAI, (Span("09:00", "22:00", EVERY_DAY),), closed_on_holidays=True)
    assert not is_open(daily, at("2026-10-03 10:00"))
    assert is_open(daily, at("2026-10-17 10:00"))


def test_a_brand_s_own_days_count_more_than_the_calendar() -> None:
    days = {date(2026, 10, 1): True, date(2026, 9, 21): False, date(2026, 9, 19): True}
    hours = Hours(SHANGHAI, (MORNING,), closed_on_holidays=True, overrides=days)
    found = [is_open(hours, at(f"{day} 10:00")) for day in ("2026-10-01", "2026-09-21")]
    assert found == [True, False]
    assert is_open(hours, at("2026-09-19 10:00"))


def test_past_the_published_calendar_weekdays_are_worked() -> None:
    assert is_open(CHINESE, at("2031-10-01 10:00"))
    assert not is_open(CHINESE, at("2031-10-04 10:00"))


# --- when the clocks change ----------------------------------------------------------------


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25)])
def test_a_day_is_as_long_as_it_really_is(day: str, hours: int) -> None:
    start = at(f"{day} 00:00", ALWAYS)
    end = datetime.combine(start.date() + timedelta(days=1), start.timetz())
    assert business_time_between(ALWAYS, start, end) == timedelta(hours=hours)
    assert add_business_time(ALWAYS, start, timedelta(hours=hours)) == end


@pytest.mark.parametrize(
    ("zone", "friday", "utc"),
    [
        (BERLIN, "2026-03-27", "2026-03-30T07:00+00:00"),
        (BERLIN, "2026-10-23", "2026-10-26T08:00+00:00"),
        (NEW_YORK, "2026-03-06", "2026-03-09T13:00+00:00"),
        (NEW_YORK, "2026-10-30", "2026-11-02T14:00+00:00"),
    ],
)
def test_people_come_by_the_clock_on_the_wall_after_a_change_too(
    zone: ZoneInfo, friday: str, utc: str
) -> None:
    hours = Hours(zone, (MORNING, AFTERNOON))
    evening = at(f"{friday} 18:00", hours)
    assert next_opening(hours, evening) == datetime.fromisoformat(utc)
    assert add_business_time(hours, evening, timedelta(hours=1)) == (
        datetime.fromisoformat(utc) + timedelta(hours=1)
    )


def test_hours_that_the_clocks_skip_are_nobody_s() -> None:
    night = Hours(BERLIN, (Span("02:10", "02:50", EVERY_DAY), Span("03:00", "04:00", EVERY_DAY)))
    start, end = at("2026-03-29 00:00", night), at("2026-03-29 12:00", night)
    # 02:10 to 02:50 does not exist and is said of 03:10 to 03:50, when people are there already.
    assert business_time_between(night, start, end) == timedelta(hours=1)
    skipped = Hours(BERLIN, (Span("02:30", "03:10", EVERY_DAY),))
    assert business_time_between(skipped, start, end) == timedelta(0)


# --- whatever the hours --------------------------------------------------------------------

CLOCKS = [f"{minutes // 60:02}:{minutes % 60:02}" for minutes in range(0, 24 * 60 + 1, 15)]


@st.composite
def some_hours(draw: st.DrawFn) -> Hours:
    spans = []
    for _ in range(draw(st.integers(1, 3))):
        opens, closes = sorted(draw(st.lists(st.sampled_from(CLOCKS), min_size=2, unique=True))[:2])
        days = draw(st.lists(st.integers(1, 7), min_size=1, unique=True))
        spans.append(Span(opens, closes, tuple(days)))
    zone = draw(st.sampled_from([SHANGHAI, BERLIN, NEW_YORK, ZoneInfo("Africa/Cairo")]))
    return Hours(zone, tuple(spans), closed_on_holidays=draw(st.booleans()))


START = datetime(2026, 1, 1, tzinfo=UTC)
moments = st.integers(0, 365 * 24 * 3600).map(lambda after: START + timedelta(seconds=after))
lengths = st.integers(0, 60 * 3600).map(lambda seconds: timedelta(seconds=seconds))


def opened(hours: Hours) -> bool:
    """Whether it is open on some weekday: of weekends alone, holidays may leave none."""
    return any(set(span.days) & set(WEEK) for span in hours.spans)


@given(some_hours().filter(opened), moments, lengths)
def test_what_was_added_is_what_is_measured(hours: Hours, start: datetime, much: timedelta) -> None:
    end = add_business_time(hours, start, much)
    assert end >= start
    assert business_time_between(hours, start, end) == much


@given(some_hours().filter(opened), moments, lengths, lengths)
def test_more_time_and_a_later_start_never_end_earlier(
    hours: Hours, start: datetime, much: timedelta, more: timedelta
) -> None:
    end = add_business_time(hours, start, much)
    assert add_business_time(hours, start, much + more) >= end
    assert add_business_time(hours, start + more, much) >= end


@given(some_hours().filter(opened), moments, lengths, lengths)
def test_time_at_work_adds_up_and_is_never_more_than_has_gone_by(
    hours: Hours, start: datetime, one: timedelta, other: timedelta
) -> None:
    middle, end = start + one, start + one + other
    parts = [business_time_between(hours, *pair) for pair in ((start, middle), (middle, end))]
    assert sum(parts, timedelta(0)) == business_time_between(hours, start, end)
    assert parts[0] <= one


@given(some_hours().filter(opened), moments)
def test_people_are_there_at_the_next_opening_and_not_before(
    hours: Hours, moment: datetime
) -> None:
    opening = next_opening(hours, moment)
    assert is_open(hours, opening)
    assert is_open(hours, moment) == (opening == moment)
    assert business_time_between(hours, moment, opening) == timedelta(0)
