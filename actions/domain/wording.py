"""How money and days are said in the desk's two languages, "zh" and "en".

Digits follow ISO 4217 (not what a locale prefers to round to), symbols are used where they
can't be mistaken, days are dates of a zone that the caller has chosen. Whole sentences are
left to ``policy`` and ``notices``.
"""

from datetime import date

from actions.domain.money import COINS, Money

_SYMBOLS = {
    "zh": {"CNY": "¥", "USD": "US$", "EUR": "€", "GBP": "£", "HKD": "HK$", "TWD": "NT$"},
    "en": {"CNY": "CN¥", "USD": "US$", "EUR": "€", "GBP": "£", "HKD": "HK$", "TWD": "NT$"},
}
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def money_text(money: Money, language: str) -> str:
    """¥1,299.00 (zh), CN¥1,299.00 (en), 1,299 JPY, 9.3 ETH (a coin's last zeros dropped)."""
    sign, whole, fraction = _parts(money)
    digits = f"{int(whole):,}" + (f".{fraction}" if fraction else "")
    symbol = _SYMBOLS.get(language, _SYMBOLS["en"]).get(money.currency)
    return f"{sign}{symbol}{digits}" if symbol else f"{sign}{digits} {money.currency}"


def _parts(money: Money) -> tuple[str, str, str]:
    text = money.decimal_text()
    sign = "-" if text.startswith("-") else ""
    whole, _, fraction = text.removeprefix("-").partition(".")
    return sign, whole, fraction.rstrip("0") if money.currency in COINS else fraction


def date_text(day: date, language: str) -> str:
    """2026年9月1日 (zh), 1 September 2026 (en)."""
    if language == "zh":
        return f"{day.year}年{day.month}月{day.day}日"
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"


def date_range_text(first: date, last: date, language: str) -> str:
    """2026年9月23日至9月29日 (zh), 23 to 29 September 2026 (en); one day alone is itself."""
    if first == last:
        return date_text(first, language)
    if language == "zh":
        end = date_text(last, "zh") if last.year != first.year else f"{last.month}月{last.day}日"
        return f"{date_text(first, 'zh')}至{end}"
    start = date_text(first, "en")
    if last.year == first.year:
        start = start.rpartition(" ")[0]
        if last.month == first.month:
            start = str(first.day)
    return f"{start} to {date_text(last, 'en')}"
