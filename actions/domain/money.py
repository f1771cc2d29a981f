"""Money as whole smallest units with a currency; never a float.

Knows each currency's decimals (ISO 4217, and the coins the wallet deals in) and exact
arithmetic. How an amount is shown to people of each language is left to ``notices``.
"""

import re
from dataclasses import dataclass
from typing import Self

from actions.domain.errors import (
    BadAmount,
    CurrencyMismatch,
    TooManyDecimals,
    UnknownCurrency,
)

_TWO = """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN
BZD CAD CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP
GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP
LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR
NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN
SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR
ZMW ZWG
"""
_ZERO = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THREE = "BHD IQD JOD KWD LYD OMR TND"
_FOUR = "CLF UYW"
COINS = {"USDT": 6, "USDC": 6, "TRX": 6, "BTC": 8, "ETH": 18}
"""What a wallet deals in besides money, with the digits after the point."""

DECIMALS: dict[str, int] = {
    **dict.fromkeys(_ZERO.split(), 0),
    **dict.fromkeys(_TWO.split(), 2),
    **dict.fromkeys(_THREE.split(), 3),
    **dict.fromkeys(_FOUR.split(), 4),
    **COINS,
}
"""Digits after the point, by currency code."""

MOST_DIGITS = 38
"""Digits of smallest units that storage holds: NUMERIC(38, 0)."""

_AMOUNT = re.compile(r"([0-9]+)(?:\.([0-9]+))?")


def decimals_of(currency: str) -> int:
    """How many digits follow the point in ``currency``. Raises ``UnknownCurrency``."""
    try:
        return DECIMALS[currency]
    except KeyError:
        raise UnknownCurrency(f"The desk does not know the currency {currency!r}.") from None


@dataclass(frozen=True, slots=True)
class Money:
    """``minor`` smallest units of ``currency``: ``Money(29900, "CNY")`` is 299 yuan."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise BadAmount("Money is counted in whole smallest units.")
        decimals_of(self.currency)

    @classmethod
    def parse(cls, text: str, currency: str) -> Self:
        """Read "299.00". Raises ``BadAmount``, ``TooManyDecimals`` or ``UnknownCurrency``.

        Signs, spaces, separators and anything but text are refused.
        """
        decimals = decimals_of(currency)
        found = _AMOUNT.fullmatch(text) if isinstance(text, str) else None
        if found is None:
            raise BadAmount()
        whole, fraction = found[1], found[2] or ""
        if len(fraction) > decimals:
            raise TooManyDecimals(f"{currency} has {decimals} decimals, not {len(fraction)}.")
        digits = (whole + fraction.ljust(decimals, "0")).lstrip("0") or "0"
        if len(digits) > MOST_DIGITS:
            raise BadAmount("The amount is too large.")
        return cls(int(digits), currency)

    @classmethod
    def zero(cls, currency: str) -> Self:
        """Nothing, in ``currency``."""
        return cls(0, currency)

    def decimal_text(self) -> str:
        """The amount with all decimals of its currency and no code: "299.00"."""
        decimals = decimals_of(self.currency)
        sign, digits = (
            "-" * (self.minor < 0),
            str(abs(self.minor)).rjust(decimals + 1, "0"),
        )
        if not decimals:
            return sign + digits
        return f"{sign}{digits[:-decimals]}.{digits[-decimals:]}"

    def _same(self, other: "Money") -> int:
        if self.currency != other.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency} can't be combined.")
        return other.minor

    def __add__(self, other: "Money") -> Self:
        return type(self)(self.minor + self._same(other), self.currency)

    def __sub__(self, other: "Money") -> Self:
        return type(self)(self.minor - self._same(other), self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.minor < self._same(other)

    def __le__(self, other: "Money") -> bool:
        return self.minor <= self._same(other)

    def __gt__(self, other: "Money") -> bool:
        return self.minor > self._same(other)

    def __ge__(self, other: "Money") -> bool:
        return self.minor >= self._same(other)

    def __bool__(self) -> bool:
        return self.minor != 0

    def __str__(self) -> str:
        return f"{self.decimal_text()} {self.currency}"
