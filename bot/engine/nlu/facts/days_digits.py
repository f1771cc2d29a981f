"""Days in digits alone, in either language: 2026/9/1, 15/9, 9.1号, 20260901.

Two numbers, or eight digits, are a day only with words beside that say so.
"""

from __future__ import annotations

import re

from bot.engine.nlu.facts.calendar import day_of
from bot.engine.nlu.facts.days import Moment, Rules, When, a_day, a_month, numbered


def _full(found: re.Match[str], moment: Moment) -> When | None:
    return a_day(day_of(int(found["year"]), int(found["month"]), int(found["day"])))


_COUNTED = re.compile(
    r"\s?(?:(?:working|business|calendar|bank|more|full)\s)?(?:days?|weeks?|months?|years?|hours?|hrs?|"
    r"minutes?|mins?|seconds?|times|people|persons?|items?|pieces?|pcs|orders?)(?![a-z])|"
    r"\s?(?:个|天|周|年|小时|分钟|工作日|次|件|人|倍|位|元|块)",
    re.IGNORECASE,
)


def _slashed(found: re.Match[str], moment: Moment) -> When | None:
    if found["sign"] == "-" and not found["year"] and _COUNTED.match(moment.text, found.end()):
        return None  # 3-5 working days
    one, other, year = int(found["one"]), int(found["other"]), found["year"]
    if not year and not _told_as_day(found, moment):
        return None
    if found["sign"] == "-" and found[0][-1] in "日号" and one < other and not year:
        return None  # 3-5号 are three days
    if year:
        full = int(year) + (2000 if len(year) == 2 else 0)
        return numbered(moment, one, other, full)
    return numbered(moment, one, other, None)


_DAY_BEFORE = re.compile(
    r"(?:(?<![a-z])(?:on|from|dated?|since|until|till|by|before|after|and|of|is|was|at|"
    r"purchased|bought|paid|ordered|charged)\s?:?\s?(?:the )?|日期[是为:]?\s?|"
    r"[在从到至于,，]\s?|时间[是为:]?\s?)$"
)
_DAY_AFTER = re.compile(
    r"\s?(?:[日号]|付(?!成)|[买扣订购下充退申开那的收到转签坏寄]|支付|续费|扣款|-|~|至)"
)


def _told_as_day(found: re.Match[str], moment: Moment) -> bool:
    """Whether the words beside say that two numbers are a day: 9.1 may be a price or a version."""
    before, after = moment.before(14), moment.after(4)
    if found[0][-1] in "日号":
        return True
    if moment.chinese and found["sign"] == "." and not _DAY_AFTER.match(after):
        return bool(re.search(r"日期[是为:]?\s?$|[从于]\s?$", before))
    if _DAY_AFTER.match(after) and moment.chinese:
        return True
    if _DAY_BEFORE.search(before) and found["sign"] != ".":
        return True
    one, other = int(found["one"]), int(found["other"])
    return found["sign"] == "/" and other != 7 and (13 <= one <= 31 or one <= 12 < other <= 31)


def _eight_digits(found: re.Match[str], moment: Moment) -> When | None:
    before, after = moment.before(14), moment.after(3)
    if re.search(
        r"(?:单号?|编号|号码?|order|no\.?|number|id|ref\w*)\s?(?:[是为:#]|is|was)?\s?$", before
    ):
        return None
    told = re.search(
        r"(?:日期|时间)[是为:]?\s?$|(?<![a-z])(?:on|dated?|since|from)\s?(?:is|was|of)?:?\s?$|"
        r"[在于从]\s?$",
        before,
    )
    if told or re.match(r"\s?[日号买付扣购订充续那]", after):
        return _full(found, moment)
    return None


def _year_and_month(found: re.Match[str], moment: Moment) -> When | None:
    return a_month(int(found["year"] or found["last"]), int(found["month"] or found["first"]))


RULES: Rules = [
    (
        re.compile(
            r"(?<![0-9a-z.,@/_-])(?:(?P<year>20[0-9]{2})[-/](?P<month>0[1-9]|1[0-2])|"
            r"(?P<first>0[1-9]|1[0-2])/(?P<last>20[0-9]{2}))(?![0-9a-z]|[-/.:][0-9a-z])",
            re.IGNORECASE,
        ),
        _year_and_month,
    ),
    (
        re.compile(
            r"(?<![0-9a-z.@-])(?P<year>(?:19|20)[0-9]{2})\s?[-/.年]\s?(?P<month>1[0-2]|0?[1-9])"
            r"\s?[-/.月]\s?(?P<day>3[01]|[12][0-9]|0?[1-9])"
            r"(?:\s?[日号])?(?![0-9]|[-/.][0-9a-z])",
            re.IGNORECASE,
        ),
        _full,
    ),
    (
        re.compile(
            r"(?<![0-9a-z.@/_-])(?P<one>[0-9]{1,2})(?P<sign>[-/.])(?P<other>[0-9]{1,2})"
            r"(?:(?P=sign)(?P<year>(?:19|20)[0-9]{2}|[0-9]{2}))?(?:\s?[日号])?"
            r"(?![0-9%]|[-/.:][0-9a-z]|\s?(?:[ap]\.?m(?![a-z])|点))",
            re.IGNORECASE,
        ),
        _slashed,
    ),
    (
        re.compile(
            r"(?<![0-9a-z.-])(?P<year>20[0-9]{2}|19[0-9]{2})(?P<month>0[1-9]|1[0-2])"
            r"(?P<day>0[1-9]|[12][0-9]|3[01])[日号]?(?![0-9a-z-])",
            re.I,
        ),
        _eight_digits,
    ),
]
