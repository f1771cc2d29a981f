"""Money is exact, in every currency's own decimals, and never mixed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.domain.errors import BadAmount, CurrencyMismatch, TooManyDecimals, UnknownCurrency
from actions.domain.money import DECIMALS, Money

currencies = st.sampled_from(sorted(DECIMALS))


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("299.00", "CNY", 29900),
        ("299", "CNY", 29900),
        ("299.5", "CNY", 29950),
        ("0.05", "USD", 5),
        ("500", "JPY", 500),
        ("1.234", "KWD", 1234),
        ("12.5", "USDT", 12_500_000),
        ("0.00000001", "BTC", 1),
        ("9.3", "ETH", 9_300_000_000_000_000_000),
    ],
)
def test_an_amount_is_read_in_its_currency_s_decimals(text: str, currency: str, minor: int) -> None:
    assert Money.parse(text, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    "text", ["", " 1", "1,000", "-1", "+1", "1e3", "1.", ".5", "NaN", "１", "1 00", "0x10", "1\n"]
)
def test_anything_but_digits_and_one_point_is_refused(text: str) -> None:
    with pytest.raises(BadAmount):
        Money.parse(text, "CNY")


@pytest.mark.parametrize("amount", [299.0, 299, None, True])
def test_only_text_is_read_as_an_amount(amount: object) -> None:
    with pytest.raises(BadAmount):
        Money.parse(amount, "CNY")  # type: ignore[arg-type]


@pytest.mark.parametrize("minor", [1.0, True, "1"])
def test_money_is_made_of_whole_units_only(minor: object) -> None:
    with pytest.raises(BadAmount):
        Money(minor, "CNY")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "currency"),
    [("1.001", "CNY"), ("1.0", "JPY"), ("1.0001", "BHD"), ("0.0000001", "TRX"), ("1.00000", "CLF")],
)
def test_more_decimals_than_the_currency_has_are_refused(text: str, currency: str) -> None:
    with pytest.raises(TooManyDecimals):
        Money.parse(text, currency)


@pytest.mark.parametrize("currency", ["", "cny", "RMB", "DOGE", "XXX"])
def test_an_unknown_currency_is_refused(currency: str) -> None:
    with pytest.raises(UnknownCurrency):
        Money.parse("1", currency)


def test_an_amount_that_storage_can_t_hold_is_refused() -> None:
    assert Money.parse("9" * 36, "CNY").minor == int("9" * 36 + "00")
    with pytest.raises(BadAmount):
        Money.parse("9" * 37, "CNY")


@given(st.integers(min_value=0, max_value=10**38 - 1), currencies)
def test_what_is_written_reads_back_as_the_same_money(minor: int, currency: str) -> None:
    money = Money(minor, currency)
    assert Money.parse(money.decimal_text(), currency) == money


def test_all_decimals_of_the_currency_are_written() -> None:
    texts = [Money(5, currency).decimal_text() for currency in ("CNY", "JPY", "KWD", "USDT")]
    assert texts == ["0.05", "5", "0.005", "0.000005"]
    assert Money(-123456, "CNY").decimal_text() == "-1234.56"
    assert str(Money(29900, "CNY")) == "299.00 CNY"


def test_sums_and_differences_are_exact() -> None:
    assert Money(10, "CNY") + Money(20, "CNY") - Money(5, "CNY") == Money(25, "CNY")


@pytest.mark.parametrize(
    "combine",
    [
        lambda a, b: a + b,
        lambda a, b: a - b,
        lambda a, b: a < b,
        lambda a, b: a <= b,
        lambda a, b: a > b,
        lambda a, b: a >= b,
    ],
)
def test_different_currencies_are_never_combined(combine) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(CurrencyMismatch):
        combine(Money(1, "CNY"), Money(1, "USD"))


def test_amounts_are_compared() -> None:
    less, more = Money(1, "CNY"), Money(2, "CNY")
    assert less < more
    assert less <= more
    assert more > less
    assert more >= less
    assert not Money.zero("CNY")
    assert less
