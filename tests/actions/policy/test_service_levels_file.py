"""Hours and service levels of a brand file: what a policy owner reads when they don't fit."""

import pytest

from actions.policy.brand import read_brand
from tests.actions.policy.brand_texts import KUAILIAN, changed, faults_of

SPAN = '    - {opens: "09:00", closes: "22:00", days: [1, 2, 3, 4, 5, 6, 7]}\n'
TICKETS = "service_levels.tickets"
HANDLED = "resolution: {working_days: 3, clause: K-7, assumption: true}\n    appeal:"
RESOLVED = "resolution: {working_days: 3, clause: K-11, assumption: true}"


def told(text: str) -> list[str]:
    return [f"{fault.path}: {fault.message}" for fault in faults_of(text)]


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (
            RESOLVED,
            "resolution: {working_days: 3, clause: K-90, assumption: true}",
            f"{TICKETS}.complaint.resolution: there is no clause K-90",
        ),
        (
            "first_response: {hours: 24, clause: K-10}",
            "first_response: {hours: 24, clause: K-90}",
            f"{TICKETS}.complaint.first_response: there is no clause K-90",
        ),
        (
            "first_response: {hours: 24, clause: K-10}",
            "first_response: {hours: 25, clause: K-10}",
            f"{TICKETS}.complaint: is later than the terms promise",
        ),
        (
            HANDLED,
            HANDLED.replace("3", "4", 1),
            f"{TICKETS}.review: is later than the terms promise",
        ),
        (
            RESOLVED,
            "resolution: {working_days: 3}",
            f"{TICKETS}.complaint.resolution: needs a clause, or assumption: true",
        ),
        (
            RESOLVED,
            "resolution: {clause: K-11}",
            f"{TICKETS}.complaint.resolution: must have exactly one of hours, business_minutes,"
            " business_hours, working_days",
        ),
    ],
)
def test_a_promise_that_does_not_fit_says_why(old: str, new: str, fault: str) -> None:
    assert told(changed(old, new)) == [fault]


def test_a_kind_of_ticket_that_there_is_not_is_told_with_those_there_are() -> None:
    assert told(changed("    complaint:\n", "    complaints:\n")) == [
        f"{TICKETS}.complaints: must be one of hand_over, review, appeal, complaint, failed_payout,"
        " call_back, payout, approval, renewal, undone",
        f"{TICKETS}: says nothing of complaint",
    ]


def test_a_flag_on_the_shares_of_the_time_is_one() -> None:
    text = changed("{high: 50, urgent: 25, assumption: true}", "{high: 50, assumption: 1}")
    assert told(text) == ["service_levels.percent_of_time.assumption: must be true or false"]


def test_without_shares_every_priority_has_all_the_time() -> None:
    text = changed("  percent_of_time: {high: 50, urgent: 25, assumption: true}\n", "")
    assert read_brand(text).service_levels.percent == {}


# --- hours ---------------------------------------------------------------------------------


def spans(*times: tuple[str, str, str]) -> str:
    written = [
        f'    - {{opens: "{opens}", closes: "{closes}", days: [{days}]}}\n'
        for opens, closes, days in times
    ]
    return changed(SPAN, "".join(written))


@pytest.mark.parametrize(
    ("opens", "closes", "faults"),
    [
        ("09:00", "24:00", []),
        ("09:00", "09:01", []),
        ("09:00", "09:00", ["hours.spans[0]: closes must be later than opens"]),
        ("09:00", "24:01", ['hours.spans[0].closes: must be a time as "18:00"']),
        ("00:60", "09:00", ['hours.spans[0].opens: must be a time as "09:00"']),
    ],
)
def test_a_span_closes_after_it_has_opened(opens: str, closes: str, faults: list[str]) -> None:
    text = spans((opens, closes, "1, 7"))
    assert (told(text) if faults else [read_brand(text).hours.spans[0].closes]) == (
        faults or [closes]
    )


@pytest.mark.parametrize(
    ("second", "overlaps"),
    [
        (("12:00", "18:00", "1"), False),
        (("08:00", "09:00", "1"), False),
        (("08:00", "09:01", "1"), True),
        (("11:59", "18:00", "1"), True),
        (("10:00", "11:00", "1, 2"), True),
        (("10:00", "11:00", "2"), False),
    ],
)
def test_spans_of_a_day_may_meet_in_either_order_but_not_overlap(
    second: tuple[str, str, str], overlaps: bool
) -> None:
    text = spans(("09:00", "12:00", "1"), second)
    if overlaps:
        assert told(text) == ["hours.spans[1]: overlaps with another on the same day"]
    else:
        assert len(read_brand(text).hours.spans) == 2


def test_holidays_are_open_or_closed() -> None:
    assert told(changed("holidays: open", "holidays: both")) == [
        "hours.holidays: must be open or closed"
    ]
    assert not read_brand(KUAILIAN).hours.closed_on_holidays
