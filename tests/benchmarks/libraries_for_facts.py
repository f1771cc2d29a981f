"""Our own readers of days, sums and phone numbers against libraries that do the same.

Not a test: the libraries are in no lock. In an environment of their own (Python 3.10):

    pip install dateparser recognizers-text-suite "emoji<1.7" jionlp price-parser phonenumbers
    pip install lunardate spacy opencc pyyaml pytest hypothesis
    PYTHONPATH=. python tests/benchmarks/libraries_for_facts.py

Each is given the whole message and is right where it gives exactly the values of the tables in
``tests/bot/engine/test_facts.py``, which were written with our own readers at hand: take the
figures as what would be lost by a change, not as a contest.
"""

import importlib.util
import re
import sys
import time
from collections.abc import Callable
from pathlib import Path

from bot.engine.nlu.facts.amounts import find_amounts
from bot.engine.nlu.facts.choose import chosen
from bot.engine.nlu.facts.dates import find_dates
from bot.engine.nlu.facts.phones import find_phones

CASES = Path(__file__).parents[1] / "bot" / "engine" / "test_facts.py"


def tables() -> object:
    """The module with the tables."""
    spec = importlib.util.spec_from_file_location("cases", CASES)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def ours(find: Callable) -> Callable[[str, str], list[str]]:
    return lambda text, language: [found.value for found in chosen(find(text))]


def dateparser_search(text: str, language: str) -> list[str]:
    from dateparser.search import search_dates

    settings = {
        "RELATIVE_BASE": NOW.replace(tzinfo=None),
        "PREFER_DATES_FROM": "past",
        "DATE_ORDER": "DMY",
    }
    found = search_dates(text, languages=[language], settings=settings) or []
    return [
        when.strftime("%Y-%m-%dT%H:%M" if ":" in words or "点" in words else "%Y-%m-%d")
        for words, when in found
    ]


def dateparser_span(words: str, language: str) -> list[str]:
    import dateparser

    settings = {
        "RELATIVE_BASE": NOW.replace(tzinfo=None),
        "PREFER_DATES_FROM": "past",
        "DATE_ORDER": "DMY",
    }
    when = dateparser.parse(words, languages=[language], settings=settings)
    timed = re.search(r"[:点]|[0-9][ap]m", words)
    return [when.strftime("%Y-%m-%dT%H:%M" if timed else "%Y-%m-%d")] if when else []


def recognizers_dates(text: str, language: str) -> list[str]:
    from recognizers_date_time import recognize_datetime
    from recognizers_text import Culture

    culture = Culture.Chinese if language == "zh" else Culture.English
    told = []
    for found in recognize_datetime(text, culture, reference=NOW.replace(tzinfo=None)):
        values = [v for v in (found.resolution or {}).get("values", []) if v["type"] != "duration"]
        if values:
            first = values[0]
            value = first.get("value") or f"{first.get('start', '..')}/{first.get('end', '..')}"
            told.append(value.replace(" ", "T").removesuffix(":00"))
    return told


def jionlp_dates(text: str, language: str) -> list[str]:
    import jionlp

    base = {"year": NOW.year, "month": NOW.month, "day": NOW.day, "hour": NOW.hour}
    told = []
    for found in jionlp.ner.extract_time(text, time_base=base, with_parsing=True):
        start, end = found["detail"]["time"][:2]
        if start[:10] == end[:10]:
            told.append(start[:10] if end.endswith("23:59:59") else start[:16].replace(" ", "T"))
        else:
            told.append(f"{start[:10]}/{end[:10]}")
    return told


CODES = {"$": "USD", "£": "GBP", "¥": "CNY", "€": "EUR", "US$": "USD", "NT$": "TWD", "RM": "MYR"}


def recognizers_sums(text: str, language: str) -> list[str]:
    from recognizers_number_with_unit import recognize_currency
    from recognizers_text import Culture

    culture = Culture.Chinese if language == "zh" else Culture.English
    told = []
    for found in recognize_currency(text, culture):
        unit = found.resolution.get("isoCurrency") or found.resolution.get("unit", "")
        told.append(f"{found.resolution.get('value')} {CODES.get(unit, unit)}".strip())
    return told


def price_parser_sums(text: str, language: str) -> list[str]:
    from price_parser import Price

    price = Price.fromstring(text)
    if price.amount is None:
        return []
    amount = f"{price.amount:f}"
    amount = amount.rstrip("0").rstrip(".") if "." in amount else amount
    return [f"{amount} {CODES.get(price.currency, price.currency)}" if price.currency else amount]


def phonenumbers_phones(text: str, language: str) -> list[str]:
    import phonenumbers

    return [
        phonenumbers.format_number(found.number, phonenumbers.PhoneNumberFormat.E164)
        for found in phonenumbers.PhoneNumberMatcher(
            text, "CN", leniency=phonenumbers.Leniency.POSSIBLE
        )
    ]


def compare(kind: str, rows: list[tuple[str, str]], readers: dict[str, Callable]) -> None:
    """Print a line for each reader: right of all, milliseconds a message, for each language."""
    for name, read in readers.items():
        told = []
        for language in ("zh", "en"):
            mine = [
                row
                for row in rows
                if (re.search("[\u4e00-\u9fff]", row[0]) is not None) == (language == "zh")
            ]
            right = 0
            started = time.perf_counter()
            for message, facts in mine:
                expected = [
                    f.split("=")[1].split("@")[0]
                    for f in facts.split("|")
                    if f.startswith(kind + "=")
                ]
                try:
                    if name.endswith("(the words only)"):
                        words = [
                            f.split("@", 1)[1] for f in facts.split("|") if f.startswith(kind + "=")
                        ]
                        got = [value for w in words for value in read(w, language)]
                    else:
                        got = read(message, language)
                except Exception as fault:  # a library that fails on a message has not read it
                    got = [repr(fault)]
                right += got == expected
            spent = (time.perf_counter() - started) * 1000 / max(1, len(mine))
            told.append(f"{language} {right}/{len(mine)} {spent:.2f} ms")
        sys.stdout.write(f"{kind:7} {name:28} {'   '.join(told)}\n")


if __name__ == "__main__":
    cases = tables()
    NOW = cases.NOW
    compare(
        "date",
        cases.DATES,
        {
            "own": ours(lambda text: find_dates(text, NOW)),
            "dateparser search": dateparser_search,
            "dateparser (the words only)": dateparser_span,
            "recognizers-text": recognizers_dates,
            "jionlp": jionlp_dates,
        },
    )
    compare(
        "amount",
        cases.AMOUNTS,
        {
            "own": ours(find_amounts),
            "recognizers-text": recognizers_sums,
            "price-parser": price_parser_sums,
        },
    )
    compare(
        "phone", cases.CONTACTS, {"own": ours(find_phones), "phonenumbers": phonenumbers_phones}
    )
