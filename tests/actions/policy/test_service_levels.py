"""What brands promise of tickets: in the file, in each unit, for each priority, after a pause."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from actions.domain.errors import BrandFileRefused, Fault
from actions.domain.ticket import Category, Priority, Task
from actions.policy.brand import BRANDS_FOLDER, Brand, read_brand
from actions.policy.business_hours import Hours, Span
from actions.policy.service_levels import Target, Unit, after_pause, deadline, measured

SHANGHAI = ZoneInfo("Asia/Shanghai")
OFFICE = Hours(SHANGHAI, (Span("09:00", "12:00", (1, 2, 3, 4, 5)), Span("14:00", "18:00", (1, 5))))
KUAILIAN = (BRANDS_FOLDER / "kuailian.yml").read_text(encoding="utf-8")


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


# 30 September 2026 is a Wednesday before eight days off; 8 October is worked again.
@pytest.mark.parametrize(
    ("unit", "value", "start", "due"),
    [
        (Unit.HOURS, 24, "2026-09-26 03:00", "2026-09-27 03:00"),
        (Unit.BUSINESS_MINUTES, 30, "2026-09-21 11:50", "2026-09-21 14:20"),
        (Unit.BUSINESS_HOURS, 8, "2026-09-21 09:00", "2026-09-22 10:00"),
        (Unit.WORKING_DAYS, 1, "2026-09-29 10:00", "2026-10-01 00:00"),
        (Unit.WORKING_DAYS, 2, "2026-09-29 10:00", "2026-10-09 00:00"),
        (Unit.WORKING_DAYS, 1, "2026-09-28 23:59", "2026-09-30 00:00"),
    ],
)
def test_each_unit_is_counted_in_its_own_way(unit: Unit, value: int, start: str, due: str) -> None:
    found = deadline(Target(unit, value), OFFICE, at(start))
    assert found == at(due)
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    ("unit", "value", "percent", "due"),
    [
        (Unit.HOURS, 24, 50, "2026-09-21 21:00"),
        (Unit.BUSINESS_HOURS, 2, 25, "2026-09-21 09:30"),
        (Unit.WORKING_DAYS, 3, 50, "2026-09-24 00:00"),
        (Unit.WORKING_DAYS, 1, 25, "2026-09-23 00:00"),
    ],
)
def test_a_priority_leaves_a_share_of_the_time_and_of_days_whole_ones(
    unit: Unit, value: int, percent: int, due: str
) -> None:
    assert deadline(Target(unit, value), OFFICE, at("2026-09-21 09:00"), percent) == at(due)


def test_a_brand_s_own_days_off_are_no_working_days() -> None:
    closed = Hours(SHANGHAI, OFFICE.spans, overrides={date(2026, 9, 22): False})
    found = deadline(Target(Unit.WORKING_DAYS, 1), closed, at("2026-09-21 09:00"))
    assert found == at("2026-09-24 00:00")


@pytest.mark.parametrize(
    ("unit", "pause", "due"),
    [
        (Unit.HOURS, timedelta(hours=20), "2026-09-22 07:00"),
        (Unit.BUSINESS_HOURS, timedelta(hours=3), "2026-09-21 16:00"),
        (Unit.WORKING_DAYS, timedelta(hours=3), "2026-09-21 16:00"),
    ],
)
def test_a_pause_is_measured_and_given_back_in_the_unit_of_the_promise(
    unit: Unit, pause: timedelta, due: str
) -> None:
    target = Target(unit, 1)
    begun = at("2026-09-20 14:00")  # a Sunday; three hours of work until Monday noon
    assert measured(target, OFFICE, begun, at("2026-09-21 12:00")) == (
        timedelta(hours=22) if unit is Unit.HOURS else timedelta(hours=3)
    )
    assert measured(target, OFFICE, at("2026-09-21 12:00"), begun) == timedelta(0)
    assert after_pause(target, OFFICE, at("2026-09-21 11:00"), pause) == at(due)


def test_every_kind_of_ticket_has_its_promise_in_every_brand(brands: dict[str, Brand]) -> None:
    for brand in brands.values():
        assert set(brand.service_levels.levels) == {*Category, *Task}
        assert all(brand.service_levels.levels[category].first_response for category in Category)
        assert brand.service_levels.percent_for(Priority.NORMAL) == 100
        assert brand.service_levels.percent_for(Priority.URGENT) == 25


def test_kuailian_answers_within_the_24_hours_that_its_clause_states(
    brands: dict[str, Brand],
) -> None:
    answered = brands["kuailian"].service_levels.levels[Category.COMPLAINT].first_response
    assert answered == Target(Unit.HOURS, 24, "K-10")


# --- broken files --------------------------------------------------------------------------

HAND_OVER = "first_response: {business_minutes: 30, assumption: true}"
REVIEW = "    review:\n"
HOURS = '- {opens: "09:00", closes: "22:00", days: [1, 2, 3, 4, 5, 6, 7]}'
OF_HAND_OVER = "service_levels.tickets.hand_over"


def faults_of(text: str) -> tuple[Fault, ...]:
    with pytest.raises(BrandFileRefused) as refused:
        read_brand(text)
    return refused.value.faults


@pytest.mark.parametrize(
    ("old", "new", "path", "message"),
    [
        ("holidays: open", "holidays: maybe", "hours.holidays", "must be open or closed"),
        ("  holidays: open\n", "", "hours.holidays", "is missing"),
        (HOURS, f"{HOURS}\n    {HOURS}", "hours.spans[1]", "overlaps with another"),
        (HAND_OVER, "first_response: {assumption: true}", f"{OF_HAND_OVER}.first_response", "one"),
        (
            HAND_OVER,
            "first_response: {hours: 1, business_hours: 1, assumption: true}",
            f"{OF_HAND_OVER}.first_response",
            "exactly one of hours,",
        ),
        (
            HAND_OVER,
            "first_response: {business_minutes: 30}",
            f"{OF_HAND_OVER}.first_response",
            "needs a clause, or assumption",
        ),
        (
            HAND_OVER,
            "first_response: {business_minutes: 30, clause: K-99}",
            f"{OF_HAND_OVER}.first_response",
            "there is no clause K-99",
        ),
        (
            HAND_OVER,
            "first_response: {business_minutes: 0, assumption: true}",
            f"{OF_HAND_OVER}.first_response.business_minutes",
            "a whole number from 1",
        ),
        (HAND_OVER, "first_response: {hours: 25, clause: K-10}", OF_HAND_OVER, "later than"),
        (REVIEW, "    reviews:\n", "service_levels.tickets.reviews", "must be one of hand_over"),
        (REVIEW, "    reviews:\n", "service_levels.tickets", "says nothing of review"),
        (
            "      resolution: {working_days: 1, assumption: true}",
            "      resolution: {working_days: 9, assumption: true}",
            "service_levels.tickets.approval",
            "is later than the terms promise",
        ),
        (
            "percent_of_time: {high: 50",
            "percent_of_time: {high: 101",
            "service_levels.percent_of_time.high",
            "from 1 to 100",
        ),
        (
            "percent_of_time: {high: 50",
            "percent_of_time: {higher: 50",
            "service_levels.percent_of_time.higher",
            "is not a known key",
        ),
    ],
)
def test_a_broken_promise_in_the_file_names_line_and_field(
    old: str, new: str, path: str, message: str
) -> None:
    assert KUAILIAN.count(old) == 1
    found = [fault for fault in faults_of(KUAILIAN.replace(old, new)) if fault.path == path]
    assert found, faults_of(KUAILIAN.replace(old, new))
    assert message in found[0].message
    assert found[0].line


def test_a_review_may_not_take_longer_than_customers_are_told() -> None:
    text = KUAILIAN.replace(
        "resolution: {working_days: 3, clause: K-7,", "resolution: {working_days: 4, clause: K-7,"
    )
    assert {fault.path for fault in faults_of(text)} == {
        "service_levels.tickets.review",
        "service_levels.tickets.appeal",
    }


def test_hours_that_only_meet_do_not_overlap() -> None:
    split = (
        '- {opens: "09:00", closes: "12:00", days: [1, 2]}\n'
        '    - {opens: "12:00", closes: "18:00", days: [1]}\n'
        '    - {opens: "09:00", closes: "18:00", days: [3]}'
    )
    assert len(read_brand(KUAILIAN.replace(HOURS, split)).hours.spans) == 3
