"""Days and amounts as customers write them: 9月1号, "1 Sept", 昨天, "2,999 CNY", 299块.

Knows how people leave out the year or the currency, in both languages. Finding the words in a
message is left to ``bot/engine``; whether they are true, to the verification service.
"""

import re
import unicodedata
from datetime import date, timedelta

from actions.domain.errors import DeskError
from actions.domain.money import DECIMALS, Money

_MONTHS = {
    "jan": 1,
    "feb": 2,
    "mar": 3,
    "apr": 4,
    "may": 5,
    "jun": 6,
    "jul": 7,
    "aug": 8,
    "sep": 9,
    "oct": 10,
    "nov": 11,
    "dec": 12,
}
_DAYS_AGO = {
    "今天": 0,
    "今日": 0,
    "today": 0,
    "昨天": 1,
    "昨日": 1,
    "yesterday": 1,
    "前天": 2,
    "day before yesterday": 2,
    "大前天": 3,
}
_YEAR_FIRST = re.compile(r"(\d{4})\D{1,3}(\d{1,2})\D{1,3}(\d{1,2})\D*|(\d{4})(\d\d)(\d\d)")
_MONTH_AND_DAY = re.compile(r"(\d{1,2})月(\d{1,2})[日号]?")
_OF_A_MONTH = re.compile(r"(上个?月|这个?月|本月)?(\d{1,2})[日号]")
_DAY_THEN_NAME = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?(?:of)?-?([a-z]{3,9})(\d{4})?")
_NAME_THEN_DAY = re.compile(r"([a-z]{3,9})-?(\d{1,2})(?:st|nd|rd|th)?(\d{4})?")
_TWO_NUMBERS = re.compile(r"(\d{1,2})[./-](\d{1,2})(?:[./-](\d{4}))?")
_TENS = re.compile(r"([一二三]?)十([一二三四五六七八九]?)")
_DIGITS = {han: str(number) for number, han in enumerate("一二三四五六七八九", start=1)}

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_SAID_AS: dict[str, tuple[str, ...]] = {
    "人民币": ("CNY",),
    "RMB": ("CNY",),
    "YUAN": ("CNY",),
    "US$": ("USD",),
    "美元": ("USD",),
    "美金": ("USD",),
    "HK$": ("HKD",),
    "港币": ("HKD",),
    "港元": ("HKD",),
    "NT$": ("TWD",),
    "台币": ("TWD",),
    "S$": ("SGD",),
    "新币": ("SGD",),
    "A$": ("AUD",),
    "澳元": ("AUD",),
    "C$": ("CAD",),
    "加元": ("CAD",),
    "欧元": ("EUR",),
    "€": ("EUR",),
    "EURO": ("EUR",),
    "EUROS": ("EUR",),
    "英镑": ("GBP",),
    "£": ("GBP",),
    "POUND": ("GBP",),
    "POUNDS": ("GBP",),
    "QUID": ("GBP",),
    "日元": ("JPY",),
    "YEN": ("JPY",),
    "韩元": ("KRW",),
    "WON": ("KRW",),
    "₩": ("KRW",),
    "RM": ("MYR",),
    "RINGGIT": ("MYR",),
    "¥": ("CNY", "JPY"),
    **dict.fromkeys(("$", "DOLLAR", "DOLLARS", "BUCK", "BUCKS"), ("USD", "HKD", "TWD", "SGD")),
    **dict.fromkeys(("元", "圆", "块", "块钱"), ("CNY", "HKD", "TWD", "USD")),
}
"""What may be meant by a word or sign for money, the likeliest first."""


def read_day(text: str, today: date, language: str) -> date | None:
    """The day that is meant; without a year the latest that is not past ``today``.

    None where it is no day, or one of two: "3/4" is read month first in Chinese only.
    """
    words = _plain(text).lower()
    if words in _DAYS_AGO:
        return today - timedelta(days=_DAYS_AGO[words])
    words = re.sub(r"[\s,]+|\.(?=\D|$)", "", _in_digits(words))
    if found := _YEAR_FIRST.fullmatch(words):
        year, month, day = (int(part) for part in found.groups() if part)
        return _date(year, month, day)
    if found := _MONTH_AND_DAY.fullmatch(words):
        return _latest(int(found[1]), int(found[2]), today)
    if found := _OF_A_MONTH.fullmatch(words):
        return _of_a_month(found[1], int(found[2]), today)
    return _in_english(words, today) or _two_numbers(words, today, language)


def read_amount(text: str, currency: str) -> Money | None:
    """The amount that is meant; ``currency`` is taken where none, or a word for several, is said.

    None where it is no amount, or has more decimals than its currency.
    """
    words = _plain(text).upper().replace(",", "")
    number = _NUMBER.search(words)
    if number is None:
        return None
    said = (words[: number.start()] + words[number.end() :]).strip()
    could_be = (said,) if said in DECIMALS else _SAID_AS.get(said, (currency,))
    meant = currency if currency in could_be else could_be[0]
    try:
        return Money.parse(_exact(number[0], meant), meant)
    except DeskError:
        return None


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def _exact(number: str, currency: str) -> str:
    """The number without noughts past what the currency has: 40000.00 yen are 40000."""
    whole, _, fraction = number.partition(".")
    kept, rest = fraction[: DECIMALS[currency]], fraction[DECIMALS[currency] :]
    if rest.strip("0"):
        return number
    return f"{whole}.{kept}" if kept else whole


def _in_digits(words: str) -> str:
    """Chinese numbers up to 39 as digits: 十二月二十一号 is 12月21号."""
    tens = _TENS.sub(
        lambda found: _DIGITS.get(found[1], "1") + _DIGITS.get(found[2], "0"),
        words,
    )
    return "".join(_DIGITS.get(character, character) for character in tens)


def _of_a_month(which: str | None, day: int, today: date) -> date | None:
    first = today.replace(day=1)
    last_month = first - timedelta(days=1)
    if which and which.startswith("上"):
        return _date(last_month.year, last_month.month, day)
    if which or day <= today.day:
        return _date(today.year, today.month, day)
    return _date(last_month.year, last_month.month, day)


def _in_english(words: str, today: date) -> date | None:
    if found := _DAY_THEN_NAME.fullmatch(words):
        day, name, year = found.groups()
    elif found := _NAME_THEN_DAY.fullmatch(words):
        name, day, year = found.groups()
    else:
        return None
    month = _MONTHS.get(name[:3])
    if month is None:
        return None
    return _date(int(year), month, int(day)) if year else _latest(month, int(day), today)


def _two_numbers(words: str, today: date, language: str) -> date | None:
    found = _TWO_NUMBERS.fullmatch(words)
    if found is None:
        return None
    one, other, year = int(found[1]), int(found[2]), found[3]
    if language == "en" and one <= 12 and other <= 12 and one != other:
        return None  # 3/4 is a day in March to some, in April to others
    month, day = (other, one) if one > 12 else (one, other)
    return _date(int(year), month, day) if year else _latest(month, day, today)


def _latest(month: int, day: int, today: date) -> date | None:
    """This year's such day, or the last one there was."""
    for year in range(today.year, today.year - 5, -1):
        found = _date(year, month, day)
        if found is not None and found <= today:
            return found
    return None


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
