"""Days as English names them: "Sept 1st", "in September", "the 15th", "Christmas"."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.engine.nlu.facts.calendar import DAY, FEASTS, day_of, latest, month_of
from bot.engine.nlu.facts.days import (
    Moment,
    Rules,
    When,
    a_day,
    a_year,
    day_of_this,
    days,
    month_day,
    part_of_month,
    quarter,
    whole_month,
)
from bot.engine.nlu.facts.days_en_relative import NOT_IN_WORD, OF_DAY, WEEKDAY, part_named

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary|urary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?![a-z])\.?"
)
_FULL = "january|february|april|june|july|august|september|october|november|december"
_DAY = r"(?:3[01]|[12][0-9]|0?[1-9])"
_ORDINALS = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
]
_YEAR = r"(?:19|20)[0-9]{2}(?![0-9])"
_NOUN = (
    "time|times|day|order|item|attempt|payment|floor|party|one|charge|person|email|e-mail|"
    "refund|message|agent|month|"
    "year|week|row|generation|gen|hand|edition|request|try|reminder|call|purchase|world|place|"
    "street|avenue|ave|option|"
    "digit|digits|line|page|step|line|transaction|instalment|installment|number|class|grade|"
    "birthday|anniversary"
)


def _month(name: str) -> int:
    return _MONTHS.index(name[:3].lower()) + 1


def _named_day(found: re.Match[str], moment: Moment) -> When | None:
    year = int(found["year"]) if found["year"] else None
    return month_day(moment, _month(found["month"]), int(found["day"]), year)


def _worded_day(found: re.Match[str], moment: Moment) -> When | None:
    year = int(found["year"]) if found["year"] else None
    return month_day(
        moment, _month(found["month"]), _ORDINALS.index(found["day"].lower()) + 1, year
    )


def _range(found: re.Match[str], moment: Moment) -> When | None:
    year = int(found["year"]) if found["year"] else None
    last = month_day(moment, _month(found["month"]), int(found["to"]), year)
    first = day_of(last.first.year, last.first.month, int(found["day"])) if last else None
    return days(first, last.first) if last and first and first < last.first else None


def _named_month(found: re.Match[str], moment: Moment) -> When | None:
    month, which = _month(found["month"]), (found["which"] or "").lower()
    year = int(found["year"]) if found["year"] else None
    if which.startswith("last") and month >= moment.today.month and year is None:
        year = moment.today.year - 1
    when = whole_month(moment, month, year)
    part = (found["part"] or "").strip(" -").lower()
    return part_of_month(when.first.year, month, part_named(part)) if when and part else when


def _ordinal(found: re.Match[str], moment: Moment) -> When | None:
    said = found["day"].lower()
    day = int(re.sub(r"\D", "", said)) if said[0].isdigit() else _ORDINALS.index(said) + 1
    which = (found["which"] or "").lower()
    if which:
        off = -1 if "last" in which else 1 if "next" in which else 0
        return a_day(day_of(*month_of(moment.today, off), day))
    return day_of_this(moment, day)


def _feast(make: Callable) -> Callable[[re.Match[str], Moment], When | None]:
    def read(found: re.Match[str], moment: Moment) -> When | None:
        if found["year"]:
            return a_day(make(int(found["year"])))
        if (found["which"] or "").lower() == "last":
            return a_day(latest(make, moment.today - DAY))
        coming = moment.coming or (found["which"] or "").lower() == "next"
        return a_day(latest(make, moment.today, coming=coming))

    return read


def _quarter(found: re.Match[str], moment: Moment) -> When | None:
    year = int(found["year"] or moment.today.year)
    return quarter(year, int(found["quarter"]))


MONTH_RULES: Rules = [
    (
        re.compile(
            rf"{NOT_IN_WORD}(?P<day>{'|'.join(_ORDINALS)}) of (?P<month>{_MONTH})(?:,? "
            rf"(?P<year>{_YEAR}))?",
            re.IGNORECASE,
        ),
        _worded_day,
    ),
    (
        re.compile(
            rf"{NOT_IN_WORD}(?:{WEEKDAY},? )?(?P<day>{_DAY})(?:st|nd|rd|th)?(?: of)?[ "
            rf"-]?(?P<month>{_MONTH})(?:,?[ -]?(?P<year>{_YEAR}))?{OF_DAY}(?![0-9])",
            re.IGNORECASE,
        ),
        _named_day,
    ),
    (
        re.compile(
            rf"{NOT_IN_WORD}(?P<day>{_DAY})(?:st|nd|rd|th)?(?:\s?[-–]\s?| to | and )(?:the )"
            rf"?(?P<to>{_DAY})(?:st|nd|rd|th)?(?: of)? (?P<month>{_MONTH})(?:,? "
            rf"(?P<year>{_YEAR}))?(?![0-9])",
            re.IGNORECASE,
        ),
        _range,
    ),
    (
        re.compile(
            rf"{NOT_IN_WORD}(?P<month>{_MONTH}) (?P<day>{_DAY})(?:st|nd|rd|th)?(?:\s?[-–]\s?| "
            rf"to )(?:the )?(?P<to>{_DAY})(?:st|nd|rd|th)?(?:,? (?P<year>{_YEAR}))?(?![0-9a-z]|"
            rf"[:-][0-9])",
            re.IGNORECASE,
        ),
        _range,
    ),
    (
        re.compile(
            rf"{NOT_IN_WORD}(?:{WEEKDAY},? )?(?P<month>{_MONTH})[ -]?(?:the )?(?P<day>{_DAY})"
            rf"(?:st|nd|rd|th)?(?:,? ?(?P<year>{_YEAR}))?{OF_DAY}(?![0-9a-z]|[:,][0-9]|"
            rf"\s?(?:days|items|times|a\.?m|p\.?m)(?![a-z]))",
            re.IGNORECASE,
        ),
        _named_day,
    ),
    (
        re.compile(
            rf"{NOT_IN_WORD}(?:(?P<part>early|late|mid|middle of|end of|beginning of|start of)"
            rf"[ -])?(?P<which>last |this |next )?(?P<month>{_MONTH})(?:,? (?:of )"
            rf"?(?P<year>{_YEAR}))?",
            re.IGNORECASE,
        ),
        lambda found, moment: _named_month(found, moment) if _is_month(found, moment) else None,
    ),
]

RULES: Rules = [
    (
        re.compile(rf"{NOT_IN_WORD}Q(?P<quarter>[1-4])(?: (?:of )?(?P<year>{_YEAR}))?(?![a-z0-9])"),
        _quarter,
    ),
    (
        re.compile(
            rf"(?<![a-z0-9])(?:(?<=on )|(?<=since )|(?<=by )|(?<=until )|(?<=from )|(?<=before )"
            rf"|(?<=after )|(?<=to )|(?<=and )|(?<=was )|(?<=dated )|"
            rf"(?P<the>(?:{WEEKDAY},? )?the )|"
            rf"(?={_DAY}(?:st|nd|rd|th) of (?:last|this|next) month))"
            rf"(?P<day>{_DAY}(?:st|nd|rd|th)|{'|'.join(_ORDINALS)})(?: of (?:the )"
            rf"?(?P<which>last month|this month|next month|month))?"
            rf"(?![a-z0-9]|\s(?:{_NOUN})(?![a-z])|-| of (?!last|this|next))",
            re.IGNORECASE,
        ),
        lambda found, moment: _ordinal(found, moment) if _is_ordinal(found, moment) else None,
    ),
    (
        re.compile(
            rf"(?<=in |of )(?P<year>{_YEAR})(?![-/.0-9]|\s?[a-z]*(?:usd|yuan|rmb|dollars))|"
            rf"(?<=during )(?P<other>{_YEAR})".replace(
                "(?<=in |of )", "(?:(?<=in )|(?<=of )|(?<=since )|(?<=from ))"
            ).replace("|(?<=during )(?P<other>" + _YEAR + ")", ""),
            re.I,
        ),
        lambda found, moment: a_year(int(found["year"])),
    ),
]

FEAST_RULES: Rules = [
    (
        re.compile(
            rf"{NOT_IN_WORD}(?P<which>last|this|next)?\s?(?:{english})(?: (?P<year>{_YEAR})"
            rf")?(?![a-z0-9])",
            re.IGNORECASE,
        ),
        _feast(make),
    )
    for _, english, make in FEASTS
    if english
]


def _is_month(found: re.Match[str], moment: Moment) -> bool:
    """A month's name alone: "may" and "march" are verbs unless a word beside says otherwise."""
    if found["year"] or found["which"] or found["part"]:
        return True
    name = found["month"].lower().rstrip(".")
    led = re.search(
        r"(?<![a-z])(?:in|since|of|during|until|till|by|from|before|after|for|to|through) $",
        moment.before(),
    )
    if name in ("may", "march", "mar", "sun", "dec", "sep", "oct"):
        return bool(led) and not (
            name == "may" and re.search(r"(?:of|for|to|by|that) $", moment.before())
        )
    return bool(led) or bool(re.fullmatch(_FULL, name))


def _is_ordinal(found: re.Match[str], moment: Moment) -> bool:
    """A day of the month, not the first order: words need "of" or "on" beside them."""
    if found["day"][0].isdigit():
        return not re.search(r"(?:every|each|my|your) (?:the )?$", moment.before())
    return bool(found["which"]) or bool(
        re.search(r"(?:on|by|since|until|before|after) $", moment.before()) and found["the"]
    )
