"""What customers write of a day and of an amount, and what is meant by it."""

from datetime import date

import pytest

from actions.domain.money import Money
from actions.domain.payment_words import read_amount, read_day

TODAY = date(2026, 10, 8)


@pytest.mark.parametrize(
    ("words", "language", "day"),
    [
        ("9月1号", "zh", date(2026, 9, 1)),
        ("９月１日", "zh", date(2026, 9, 1)),
        ("2026年9月1日", "zh", date(2026, 9, 1)),
        ("2026-09-01", "en", date(2026, 9, 1)),
        ("2026/9/1", "zh", date(2026, 9, 1)),
        ("20260901", "zh", date(2026, 9, 1)),
        ("九月一号", "zh", date(2026, 9, 1)),
        ("十二月二十一日", "zh", date(2025, 12, 21)),
        ("12月31号", "zh", date(2025, 12, 31)),
        ("2月29号", "zh", date(2024, 2, 29)),
        ("9/1", "zh", date(2026, 9, 1)),
        ("9.1", "zh", date(2026, 9, 1)),
        ("1号", "zh", date(2026, 10, 1)),
        ("28号", "zh", date(2026, 9, 28)),
        ("上个月5号", "zh", date(2026, 9, 5)),
        ("昨天", "zh", date(2026, 10, 7)),
        ("大前天", "zh", date(2026, 10, 5)),
        ("1 Sept", "en", date(2026, 9, 1)),
        ("1st of September", "en", date(2026, 9, 1)),
        ("Sept. 1", "en", date(2026, 9, 1)),
        ("March 3rd, 2025", "en", date(2025, 3, 3)),
        ("3 Mar 2025", "en", date(2025, 3, 3)),
        ("yesterday", "en", date(2026, 10, 7)),
        ("day before yesterday", "en", date(2026, 10, 6)),
        ("25/9", "en", date(2026, 9, 25)),
        ("9/25/2026", "en", date(2026, 9, 25)),
    ],
)
def test_a_day_is_read_as_it_is_meant(words: str, language: str, day: date) -> None:
    assert read_day(words, TODAY, language) == day


@pytest.mark.parametrize("words", ["9/1", "1.9.2026", "31 Sept", "13月1号", "soon", ""])
def test_what_is_no_day_or_could_be_two_is_not_guessed(words: str) -> None:
    assert read_day(words, TODAY, "en") is None


@pytest.mark.parametrize(
    ("words", "currency", "amount"),
    [
        ("2999元", "CNY", Money(299900, "CNY")),
        ("２，９９９．００", "CNY", Money(299900, "CNY")),
        ("2,999 CNY", "CNY", Money(299900, "CNY")),
        ("¥2999", "CNY", Money(299900, "CNY")),
        ("¥40000", "JPY", Money(40000, "JPY")),
        ("40000.00", "JPY", Money(40000, "JPY")),
        ("$49.99", "USD", Money(4999, "USD")),
        ("$500", "HKD", Money(50000, "HKD")),
        ("500块", "HKD", Money(50000, "HKD")),
        ("49.99 usd", "CNY", Money(4999, "USD")),
        ("300 USDT", "USDT", Money(300_000_000, "USDT")),
        ("299", "EUR", Money(29900, "EUR")),
    ],
)
def test_an_amount_is_read_in_the_currency_that_is_said_or_else_the_orders(
    words: str, currency: str, amount: Money
) -> None:
    assert read_amount(words, currency) == amount


@pytest.mark.parametrize("words", ["", "many", "2.999", "1" * 60])
def test_what_is_no_amount_is_none(words: str) -> None:
    assert read_amount(words, "CNY") is None
