"""Promised days follow the Chinese calendar, a brand's overrides, and say when unsure."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from actions.domain.decision import Closure, Promise
from actions.domain.order import Method
from actions.policy.brand import Brand
from actions.policy.promises import handling, is_working_day, pay_out, working_day_after


@pytest.mark.parametrize(
    ("day", "working", "certain"),
    [
        ("2026-09-29", True, True),
        ("2026-10-01", False, True),
        ("2026-10-10", True, True),
        ("2026-10-11", False, True),
        ("2027-01-04", True, False),
        # The law fixes these dates; Spring Festival follows the moon.
        ("2027-01-01", False, False),
        ("2027-05-03", True, False),
        ("2029-05-02", False, False),
        ("2029-10-03", False, False),
        ("2027-02-08", True, False),
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
    assert (after.to_date, after.provisional) == (date(2027, 1, 4), True)


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


def test_a_person_has_decided_within_the_brand_s_working_days(brands: dict[str, Brand]) -> None:
    asked_on = date(2026, 9, 11)  # a Friday
    wallet, shop = (handling(brands[name].terms, asked_on) for name in ("bitpie", "kuailian"))
    assert (wallet.from_date, wallet.to_date) == (date(2026, 9, 14), date(2026, 9, 16))
    assert (shop.from_date, shop.to_date) == (asked_on, date(2026, 9, 16))


# --- the holidays in between ---------------------------------------------------------------

Promised = Callable[..., Promise]


@pytest.fixture
def promised(brands: dict[str, Brand]) -> Promised:
    """What is asked for on a day and takes one to three working days; a brand may have its own."""

    def promised(asked_on: str, own_days: dict[str, bool] | None = None) -> Promise:
        days = {date.fromisoformat(day): working for day, working in (own_days or {}).items()}
        terms = replace(brands["kuailian"].terms, working_day_overrides=days)
        return pay_out(terms, Method.ALIPAY, date.fromisoformat(asked_on), approval=False)

    return promised


def closure(first: str, last: str, zh: str, en: str) -> Closure:
    return Closure(date.fromisoformat(first), date.fromisoformat(last), {"zh": zh, "en": en})


@pytest.mark.parametrize(
    ("asked_on", "first", "last", "zh", "en"),
    [
        ("2025-12-30", "2026-01-01", "2026-01-03", "元旦", "New Year's Day"),
        ("2026-02-13", "2026-02-15", "2026-02-23", "春节", "Spring Festival"),
        ("2026-04-03", "2026-04-04", "2026-04-06", "清明节", "Tomb-Sweeping Day"),
        ("2026-04-30", "2026-05-01", "2026-05-05", "劳动节", "Labour Day"),
        ("2026-06-18", "2026-06-19", "2026-06-21", "端午节", "Dragon Boat Festival"),
        ("2026-09-24", "2026-09-25", "2026-09-27", "中秋节", "Mid-Autumn Festival"),
        ("2026-09-30", "2026-10-01", "2026-10-07", "国庆节", "National Day"),
        ("2015-09-02", "2015-09-03", "2015-09-04", "法定节假日", "a public holiday"),
        (
            "2025-09-30",
            "2025-10-01",
            "2025-10-08",
            "国庆节、中秋节",
            "National Day and Mid-Autumn Festival",
        ),
    ],
)
def test_a_holiday_in_between_is_named_from_its_first_day_to_its_last(
    promised: Promised, asked_on: str, first: str, last: str, zh: str, en: str
) -> None:
    assert promised(asked_on).closures == (closure(first, last, zh, en),)


@pytest.mark.parametrize(
    ("asked_on", "to"),
    [("2026-09-21", "2026-09-24"), ("2026-09-27", "2026-09-30"), ("2026-10-07", "2026-10-10")],
)
def test_a_holiday_that_ends_before_or_begins_after_is_not_spoken_of(
    promised: Promised, asked_on: str, to: str
) -> None:
    promise = promised(asked_on)
    assert (promise.to_date.isoformat(), promise.closures) == (to, ())


def test_a_holiday_is_named_whole_to_somebody_who_asks_in_the_midst_of_it(
    promised: Promised,
) -> None:
    expected = closure("2026-10-01", "2026-10-07", "国庆节", "National Day")
    assert promised("2026-10-04").closures == (expected,)


def test_two_holidays_apart_are_named_one_after_the_other(brands: dict[str, Brand]) -> None:
    promise = pay_out(brands["kuailian"].terms, Method.CARD, date(2026, 9, 23), approval=False)
    assert promise.to_date == date(2026, 10, 10)
    assert [closed.name["zh"] for closed in promise.closures] == ["中秋节", "国庆节"]


def test_a_day_that_was_worked_in_its_year_is_no_holiday_though_the_law_now_has_it(
    promised: Promised,
) -> None:
    promise = promised("2017-05-01")
    assert (promise.from_date, promise.closures) == (date(2017, 5, 2), ())


def test_a_weekend_is_no_holiday(promised: Promised) -> None:
    promise = promised("2026-09-11")
    assert (promise.to_date, promise.closures) == (date(2026, 9, 16), ())


def test_a_day_on_which_the_brand_alone_is_closed_is_named_as_its_own(promised: Promised) -> None:
    promise = promised("2026-09-07", {"2026-09-08": False, "2026-09-09": False})
    assert promise.from_date == date(2026, 9, 10)
    assert promise.closures == (
        closure("2026-09-08", "2026-09-09", "本店休息日", "our own closing day"),
    )


def test_a_day_of_its_own_beside_a_holiday_is_part_of_the_same_rest(promised: Promised) -> None:
    promise = promised("2026-09-29", {"2026-09-30": False})
    names = ("本店休息日、国庆节", "our own closing day and National Day")
    assert promise.closures == (closure("2026-09-30", "2026-10-07", *names),)


def test_a_holiday_on_which_the_brand_works_is_none(promised: Promised) -> None:
    promise = promised("2026-09-30", {"2026-10-03": True})
    assert promise.from_date == date(2026, 10, 3)
    assert promise.closures == (
        closure("2026-10-01", "2026-10-02", "国庆节", "National Day"),
        closure("2026-10-04", "2026-10-07", "国庆节", "National Day"),
    )
