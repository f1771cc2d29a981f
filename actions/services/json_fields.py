"""Reads one JSON object field by field, and names every fault by its path, in both languages.

Knows text, times, dates, flags, choices and amounts. Leaves which fields there are to
``records_json``.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from actions.domain.errors import BadAmount, Fault, MoneyError, TooManyDecimals, UnknownCurrency
from actions.domain.money import DECIMALS, MOST_DIGITS, Money

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")

MISSING = "缺少此项 · is missing"
NOT_OBJECT = "必须是一个对象 · must be an object"
NOT_LIST = "必须是一个列表 · must be a list"
NOT_TEXT = "必须是非空文本 · must be text and not empty"
NOT_FREE_TEXT = "必须是文本或 null · must be text or null"
TOO_LONG = "过长 · is too long"
NUL = "含有 NUL 字符 · holds a NUL character"
HALF_CHARACTER = "含有残缺的字符 · holds half of a character (a lone surrogate)"
NOT_FLAG = "必须是 true 或 false · must be true or false"
NOT_DATE = "必须是日期，如 2026-09-01 · must be a date such as 2026-09-01"
NOT_TIME = (
    "必须是带时区的时间，如 2026-09-01T10:00:00+08:00"
    " · must be a time with its offset, such as 2026-09-01T10:00:00+08:00"
)
FIRST_YEAR, LAST_TIME_YEAR, LAST_DATE_YEAR = 1970, 2999, 9999
"""Between these, no zone takes an instant out of the calendar; a term may be for ever."""
TIME_OUT_OF_RANGE = (
    f"年份必须在 {FIRST_YEAR} 至 {LAST_TIME_YEAR} 之间"
    f" · must be in a year from {FIRST_YEAR} to {LAST_TIME_YEAR}"
)
DATE_OUT_OF_RANGE = f"不能早于 {FIRST_YEAR} 年 · must not be before {FIRST_YEAR}"
AMOUNT_FAULTS: dict[type[MoneyError], str] = {
    BadAmount: '必须是文本形式的金额，如 "299.00" · must be an amount as text, such as "299.00"',
    TooManyDecimals: "小数位超过该币种的位数 · has more decimals than its currency",
    UnknownCurrency: "未知币种 · is not a currency the desk knows",
}

LONGEST_AMOUNT = MOST_DIGITS + 1
NO_CURRENCY = "CNY"
MOST_DECIMALS = max(DECIMALS, key=DECIMALS.__getitem__)
"""Stands in for a faulty currency, so that the amount beside it is looked at all the same."""


class Fields:
    """One JSON object at ``path``; what is wrong with it is added to ``faults``."""

    def __init__(self, found: Any, path: str, faults: list[Fault]) -> None:
        self._path = path
        self._faults = faults
        self.good = isinstance(found, dict)
        self._found: dict[str, Any] = found if isinstance(found, dict) else {}
        if not self.good:
            faults.append(Fault(path, NOT_OBJECT))

    def fault(self, name: str, message: str) -> None:
        """Add a fault of field ``name``."""
        self._faults.append(Fault(self.path_of(name), message))

    def path_of(self, name: str) -> str:
        """The path of field ``name`` from the top of the document."""
        return f"{self._path}.{name}" if self._path else name

    def has(self, name: str) -> bool:
        """Whether the field is there and not null."""
        return self._found.get(name) is not None

    def text(self, name: str, longest: int = 4000) -> str:
        """Text that must be there; empty if it was faulty."""
        if not self.has(name):
            self._missing(name)
            return ""
        return self.maybe_text(name, longest) or ""

    def maybe_text(self, name: str, longest: int = 4000) -> str | None:
        """Text, or None where it is absent."""
        if not self.has(name):
            return None
        value = self._found[name]
        if not isinstance(value, str) or not value.strip():
            self.fault(name, NOT_TEXT)
        elif fault := _fault_of_text(value, longest):
            self.fault(name, fault)
        else:
            return value.strip()
        return None

    def free_text(self, name: str, longest: int) -> str | None:
        """What somebody wrote, just as they did; None where it is absent or blank."""
        value = self._found.get(name)
        if value is None:
            return None
        if not isinstance(value, str):
            self.fault(name, NOT_FREE_TEXT)
        elif fault := _fault_of_text(value, longest):
            self.fault(name, fault)
        elif value.strip():
            return value
        return None

    def choice(self, name: str, choices: type[E], default: E) -> E:
        """One of the words of ``choices``; ``default`` only fills in for a faulty one."""
        if not self.has(name):
            self._missing(name)
            return default
        try:
            return choices(self._found[name])
        except ValueError:
            words = " | ".join(choices)
            self.fault(name, f"只能是 {words} · must be one of {words}")
            return default

    def flag(self, name: str) -> bool | None:
        """True or false, or None where it is absent."""
        if not self.has(name):
            return None
        value = self._found[name]
        if not isinstance(value, bool):
            self.fault(name, NOT_FLAG)
            return None
        return value

    def time(self, name: str) -> datetime | None:
        """An instant, or None where it is absent."""
        value = self._parsed(name, datetime.fromisoformat, NOT_TIME)
        if value is None:
            return None
        if value.tzinfo is None:
            self.fault(name, NOT_TIME)
            return None
        if not FIRST_YEAR <= value.year <= LAST_TIME_YEAR:
            self.fault(name, TIME_OUT_OF_RANGE)
            return None
        return value

    def needed_time(self, name: str) -> datetime | None:
        """An instant that must be there; None only if it was faulty."""
        if not self.has(name):
            self._missing(name)
        return self.time(name)

    def date(self, name: str) -> date | None:
        """A calendar day, or None where it is absent."""
        value = self._parsed(name, date.fromisoformat, NOT_DATE)
        if value is not None and value.year < FIRST_YEAR:
            self.fault(name, DATE_OUT_OF_RANGE)
            return None
        return value

    def money(self, amount: str = "amount", currency: str = "currency") -> Money:
        """The amount in one field and its currency in another; nothing if either was faulty."""
        code = self.text(currency, 8)
        if code and code not in DECIMALS:
            self.fault(currency, AMOUNT_FAULTS[UnknownCurrency])
            code = ""
        if not self.has(amount):
            self._missing(amount)
            return Money.zero(NO_CURRENCY)
        value = self._found[amount]
        if isinstance(value, str) and len(value) > LONGEST_AMOUNT:
            self.fault(amount, TOO_LONG)
            return Money.zero(NO_CURRENCY)
        try:
            return Money.parse(value, code or MOST_DECIMALS)
        except MoneyError as error:
            self.fault(amount, AMOUNT_FAULTS[type(error)])
        return Money.zero(NO_CURRENCY)

    def within(self, name: str) -> Fields:
        """The object in field ``name``, which must be there."""
        if not self.has(name):
            self._missing(name)
            return Fields({}, self.path_of(name), [])  # one fault says it all
        return Fields(self._found.get(name), self.path_of(name), self._faults)

    def each(self, name: str) -> list[Fields]:
        """The objects of the list in field ``name``; none where it is absent."""
        found = self._found.get(name)
        if found is None:
            return []
        if not isinstance(found, list):
            self.fault(name, NOT_LIST)
            return []
        path = self.path_of(name)
        return [Fields(item, f"{path}[{n}]", self._faults) for n, item in enumerate(found)]

    def _missing(self, name: str) -> None:
        if self.good:
            self.fault(name, MISSING)

    def _parsed(self, name: str, parse: Callable[[str], T], message: str) -> T | None:
        if not self.has(name):
            return None
        value = self._found[name]
        try:
            return parse(value)
        except (TypeError, ValueError):
            self.fault(name, message)
            return None


def _fault_of_text(value: str, longest: int) -> str | None:
    """What keeps ``value`` from being stored and shown."""
    if "\0" in value:
        return NUL
    if len(value) > longest:
        return TOO_LONG
    try:
        value.encode()
    except UnicodeEncodeError:
        return HALF_CHARACTER
    return None
