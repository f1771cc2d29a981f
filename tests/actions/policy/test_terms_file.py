"""The terms of a brand file fit together, and every number in them has its bounds."""

from collections.abc import Callable
from datetime import date

import pytest

from actions.domain.errors import BrandFileRefused
from actions.policy.brand import Brand, read_brand
from tests.actions.policy.brand_texts import BITPIE, KUAILIAN, changed, faults_of, in_english


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (
            "accepted: [wrong_operation,",
            "accepted: [other, wrong_operation,",
            "terms.reasons: a reason is either accepted or put to a person",
        ),
        (
            "accepted: [wrong_operation, double_payment, dissatisfaction]\n    ",
            "",
            "terms.reasons: at least one reason must be accepted",
        ),
        (
            "{crypto: 2}, clause: B-9",
            "{crypto: 2}, clause: B-99",
            "terms.approvals: there is no clause B-99",
        ),
        (
            "  time_limit_days: {value: 30, clause: B-4, assumption: true}\n",
            "",
            "terms: with_reason needs time_limit_days",
        ),
        (
            "reply_hours: {value: 24, clause: B-12",
            "reply_hours: {value: 24, clause: B-98",
            "terms.reply_hours: there is no clause B-98",
        ),
        (
            "time_limit_days: {value: 30, clause: B-4",
            "time_limit_days: {value: 30, clause: B-97",
            "terms.time_limit_days: there is no clause B-97",
        ),
        (
            "  swap_not_supported: B-7\n",
            "",
            "grounds: names no clause for swap_not_supported",
        ),
        ("  out_of_time: B-4\n", "", "grounds: names no clause for out_of_time"),
    ],
)
def test_a_wallet_s_terms_must_fit_together(old: str, new: str, fault: str) -> None:
    text = changed(old, new, BITPIE)
    assert [f"{found.path}: {found.message}" for found in faults_of(text)] == [fault]


def test_only_who_sells_renewals_must_say_how_they_are_cancelled() -> None:
    text = changed("  auto_renewal: [K-5, K-4]\n", "")
    (fault,) = faults_of(text)
    assert (fault.path, fault.message) == ("topics", "says nothing of auto_renewal")
    assert "auto_renewal" not in BITPIE


def test_a_shop_that_refunds_for_reasons_must_ask_for_them() -> None:
    found = [
        fault.message for fault in faults_of(changed("required: true", "required: false", BITPIE))
    ]
    assert found == ["required goes with the treatment with_reason, and only with it"]


# --- numbers -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("piece", "path", "least", "most"),
    [
        ("window_days: {value: 30", "terms.window_days.value", 0, 36_500),
        ("velocity: {days: 30", "terms.velocity.days", 1, 90),
        ("of_account: 3", "terms.velocity.of_account", 1, 1000),
        ("of_instrument: 5", "terms.velocity.of_instrument", 1, 1000),
        ("{crypto: 2", "terms.approvals.always.methods.crypto", 1, 9),
        ("paypal: {least: 1, most: 5", "terms.methods.paypal.most", 0, 60),
        ("hand_over:\n      first_response: {business_minutes: 30", "tickets", 1, 10_000),
        ("percent_of_time: {high: 50", "service_levels.percent_of_time.high", 1, 100),
    ],
)
def test_a_number_may_be_as_low_and_as_high_as_it_says_and_no_further(
    piece: str, path: str, least: int, most: int
) -> None:
    words, _, _number = piece.rpartition(" ")
    in_order = words.replace("least: 1", "least: 0")

    def with_number(number: int) -> str:
        return changed(piece, f"{in_order} {number}")

    for number in (least, most):
        read_brand(with_number(number))
    for number in (least - 1, most + 1):
        fault = faults_of(with_number(number))[0]
        assert fault.message == f"must be a whole number from {least} to {most}"
        assert path in fault.path


DAYS = "terms.handling_working_days"


@pytest.mark.parametrize(
    ("least", "most", "faults"),
    [
        (3, 3, []),
        (60, 60, []),
        (4, 3, [(DAYS, "least must not be more than most")]),
        (61, 60, [(f"{DAYS}.least", "must be a whole number from 0 to 60")]),
        (0, 61, [(f"{DAYS}.most", "must be a whole number from 0 to 60")]),
    ],
)
def test_a_span_of_days_ends_no_earlier_than_it_begins(
    least: int, most: int, faults: list[tuple[str, str]]
) -> None:
    text = changed("days: {least: 0, most: 3", f"days: {{least: {least}, most: {most}")
    if faults:
        assert [(fault.path, fault.message) for fault in faults_of(text)] == faults
    else:
        days = read_brand(text).terms.handling_days
        assert (days.least, days.most) == (least, most)


def test_only_a_method_s_days_have_a_clause_of_their_own() -> None:
    (fault,) = faults_of(changed("days: {least: 0,", "days: {clause: K-7, least: 0,"))
    assert fault.path == f"{DAYS}.clause"
    assert fault.message == "is not a known key; known are least, most, assumption"


@pytest.mark.parametrize(("days", "fits"), [(1, True), (60, True), (61, False)])
def test_agreeing_takes_at_most_sixty_working_days(days: int, fits: bool) -> None:
    text = changed(
        "    working_days: 1\n    assumption", f"    working_days: {days}\n    assumption"
    )
    if fits:
        assert read_brand(text).terms.approvals.working_days == days
    else:
        assert faults_of(text)[0].path == "terms.approvals.working_days"


def test_agreeing_may_take_no_time_where_no_ticket_is_promised_later() -> None:
    text = changed("    working_days: 1\n    assumption", "    working_days: 0\n    assumption")
    text = changed(
        "resolution: {working_days: 1, assumption: true}\n    renewal:",
        "resolution: {hours: 8, assumption: true}\n    renewal:",
        text,
    )
    assert read_brand(text).terms.approvals.working_days == 0


def test_without_methods_that_always_need_somebody_only_the_amount_counts() -> None:
    text = changed("    always: {methods: {crypto: 2}, clause: K-22}\n", "")
    approvals = read_brand(text).terms.approvals
    assert (approvals.methods, approvals.methods_clause) == ({}, None)


# --- days of a brand's own -----------------------------------------------------------------


@pytest.fixture
def with_overrides() -> Callable[[str], Brand]:
    """The kuailian brand with some days of its own."""
    return lambda days: read_brand(f"{KUAILIAN}\n  working_day_overrides:\n{days}")


def test_overrides_are_read_as_days_and_go_for_the_hours_too(
    with_overrides: Callable[[str], Brand],
) -> None:
    brand = with_overrides(
        "    - {date: 2026-09-02, working: false}\n    - {date: 2026-09-05, working: true}\n"
    )
    assert brand.terms.working_day_overrides == {date(2026, 9, 2): False, date(2026, 9, 5): True}
    assert brand.hours.overrides == brand.terms.working_day_overrides


A_DATE = "must be a date such as 2026-10-01"


@pytest.mark.parametrize(
    ("days", "path", "message"),
    [
        (
            "    - {date: '2026-09-02', working: false}\n",
            "[0].date",
            A_DATE,
        ),
        (
            "    - {date: 2026-09-02T10:00:00, working: false}\n",
            "[0].date",
            A_DATE,
        ),
        ("    - {date: 2026-09-02, working: 1}\n", "[0].working", "must be true or false"),
        ("    - {date: 2026-09-02}\n", "[0].working", "is missing"),
        ("    - {working: true}\n", "[0].date", "is missing"),
        ("    - {date: 2026-09-02, working: true}\n" * 2, "[1]", "2026-09-02 stands here twice"),
    ],
)
def test_a_broken_override_is_refused(
    with_overrides: Callable[[str], Brand], days: str, path: str, message: str
) -> None:
    with pytest.raises(BrandFileRefused) as refused:
        with_overrides(days)
    found = [(f.path, in_english(f).message) for f in refused.value.faults]
    assert found == [(f"terms.working_day_overrides{path}", message)]
