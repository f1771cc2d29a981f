"""Promised days follow the Chinese calendar, a brand's overrides, and say when unsure."""

from dataclasses import replace
from datetime import date

import pytest

from actions.domain.order import Method
from actions.policy.brand import Brand
from actions.policy.promises import is_working_day, pay_out, working_day_after


@pytest.mark.parametrize(
    ("day", "working", "certain"),
    [
        ("2026-09-29", True, True),
        ("2026-10-01", False, True),
        ("2026-10-10", True, True),
        ("2026-10-11", False, True),
        ("2027-01-04", True, False),
        ("2027-01-02", False, False),
    ],
)
def test_holidays_and_make_up_days_are_known_as_far_as_published(
    day: str, working: bool, certain: bool
) -> None:
    assert is_working_day(date.fromisoformat(day), {}) == (working, certain)


def test_a_brand_s_override_is_certain_even_past_the_calendar() -> None:
    days = {date(2026, 9, 29): False, date(2027, 1, 2): True}
    assert is_working_day(date(2026, 9, 29), days) == (False, True)
    assert is_working_day(date(2027, 1, 2), days) == (True, True)


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        ("2026-09-29", 0, "2026-09-29"),
        ("2026-10-01", 0, "2026-10-01"),
        ("2026-09-29", 1, "2026-09-30"),
        ("2026-09-29", 2, "2026-10-08"),
        ("2026-09-29", 5, "2026-10-12"),
    ],
)
def test_working_days_are_counted_from_the_day_after(day: str, count: int, expected: str) -> None:
    found = working_day_after(date.fromisoformat(day), count, {})
    assert found == (date.fromisoformat(expected), True)


def test_dates_past_the_published_calendar_are_provisional(brands: dict[str, Brand]) -> None:
    terms = brands["kuailian"].terms
    before = pay_out(terms, Method.ALIPAY, date(2026, 12, 28), approval=False)
    after = pay_out(terms, Method.ALIPAY, date(2026, 12, 29), approval=False)
    assert (before.to_date, before.provisional) == (date(2026, 12, 31), False)
    assert (after.to_date, after.provisional) == (date(2027, 1, 1), True)


def test_an_approval_moves_the_last_day_only(brands: dict[str, Brand]) -> None:
    terms = brands["bitpie"].terms
    without, needed = (
        pay_out(terms, Method.CRYPTO, date(2026, 9, 7), approval=approval)
        for approval in (False, True)
    )
    assert (without.from_date, without.to_date) == (date(2026, 9, 8), date(2026, 9, 10))
    assert (needed.from_date, needed.to_date) == (date(2026, 9, 8), date(2026, 9, 14))


def test_a_brand_s_overrides_move_its_promises(brands: dict[str, Brand]) -> None:
    terms = brands["kuailian"].terms
    closed = replace(terms, working_day_overrides={date(2026, 9, 8): False})
    assert pay_out(closed, Method.ALIPAY, date(2026, 9, 7), approval=False).from_date == date(
        2026, 9, 9
    )


def test_an_uncertain_promise_says_so_in_both_languages(ask) -> None:  # type: ignore[no-untyped-def]
    told = {"paid_at": "2026-12-28T10:00:00+08:00", "asked_at": "2026-12-29T10:00:00+08:00"}
    decision = ask(**told)
    assert decision.pay_out.provisional
    assert "尚未公布" in decision.explanation["zh"]
    assert "have not been published" in decision.explanation["en"]
