"""Days as Chinese writes them: 9月1号, 上个月15号, 上周五, 大前天, 国庆, 三天前."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.engine.nlu.facts.calendar import DAY, FEASTS, day_of, latest, lunar, monday_of, month_of
from bot.engine.nlu.facts.days import (
    Moment,
    Rules,
    When,
    a_day,
    a_month,
    a_week,
    a_year,
    ago,
    day_of_this,
    days,
    month_day,
    months,
    moved,
    part_of_month,
    quarter,
    whole_month,
)
from bot.engine.nlu.facts.numerals import number
from bot.engine.nlu.facts.times import PERIOD

_N = "(?:[0-9]{1,2}|[一二三四五六七八九十廿]{1,3})"
_YEAR = "(?:[0-9]{4}|[0-9]{2}|[〇零一二三四五六七八九]{4})(?=\\s?年)|今|去|前|明|当"
_PART = {"初": "early", "上旬": "early", "中": "mid", "中旬": "mid"}
_PARTS = "月?初|上旬|中旬|月?中(?!国|文|旬|午|奖|的)|月?底|下旬|月?末"
_LIGHT = rf"(?:的?(?:{PERIOD})(?![上间晨]|\s?[0-9零一二两三四五六七八九十]))?"
_YEARS_BACK = {"今": 0, "当": 0, "去": -1, "前": -2, "明": 1}
_RELATIVE = {
    "大前": -3, "前": -2, "昨": -1, "今": 0, "明": 1, "后": 2, "大后": 3,
}  # fmt: skip
_WEEK = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6}
_UNITS = {
    "天": "day",
    "日": "day",
    "周": "week",
    "星期": "week",
    "礼拜": "week",
    "月": "month",
    "年": "year",
}


def _int(text: str) -> int:
    value = number(text.replace("廿", "二十"))
    return int(value) if value is not None else -1


def _year(said: str | None, moment: Moment) -> int | None:
    if not said:
        return None
    if said in _YEARS_BACK:
        return moment.today.year + _YEARS_BACK[said]
    year = _int(said)
    return year + 2000 if year < 100 else year


def _month_and_day(found: re.Match[str], moment: Moment) -> When | None:
    month, year = _int(found["month"]), _year(found["year"], moment)
    if found["lunar"]:
        day = lunar(month, _int(found["day"] or "0"))
        return a_day(day(year) if year else latest(day, moment.today, coming=moment.coming))
    if found["day"]:
        return month_day(moment, month, _int(found["day"]), year)
    whole = whole_month(moment, month, year)
    if whole and found["part"]:
        return part_of_month(whole.first.year, month, _PART.get(found["part"].lstrip("月"), "late"))
    return whole


def _months_off(said: str) -> int:
    return said.count("下") - said.count("上")


def _in_a_month(found: re.Match[str], moment: Moment) -> When | None:
    year, month = month_of(moment.today, _months_off(found["which"]))
    if found["day"]:
        return a_day(day_of(year, month, _int(found["day"])))
    if found["part"]:
        return part_of_month(year, month, _PART.get(found["part"].lstrip("月"), "late"))
    return a_month(year, month)


def _day_alone(found: re.Match[str], moment: Moment) -> When | None:
    day = _int(found["day"])
    return day_of_this(moment, day) if 1 <= day <= 31 else None


def _relative(found: re.Match[str], moment: Moment) -> When | None:
    return a_day(moment.today + _RELATIVE[found["which"]] * DAY)


def _ago(found: re.Match[str], moment: Moment) -> When | None:
    back = -1 if found["way"].endswith("前") else 1
    if found["half"]:
        return (
            a_day(moment.today + back * 15 * DAY)
            if "月" in found["half"]
            else moved(moment, "month", 6 * back)
        )
    count = _int(found["count"])
    when = moved(moment, _UNITS[found["unit"]], back * count) if count > 0 else None
    if when and found["more"]:  # 一个半月前
        return a_day(when.first + back * 15 * DAY)
    return when


def _hours_ago(found: re.Match[str], moment: Moment) -> When | None:
    count = 0.5 if found["count"] == "半" else _int(found["count"])
    count += 0.5 if found["more"] else 0
    return ago(moment, count * {"分钟": 1, "刻钟": 15}.get(found["unit"], 60))


def _weekday(found: re.Match[str], moment: Moment) -> When | None:
    which, day = found["which"] or "", found["day"]
    weeks = _months_off(which)
    if day == "末":
        saturday = monday_of(moment.today, weeks) + 5 * DAY
        if not which and saturday > moment.today and not moment.coming:
            saturday -= 7 * DAY
        return days(saturday, saturday + DAY)
    weekday = _WEEK.get(day, int(day) - 1 if day.isdigit() else 0)
    meant = monday_of(moment.today, weeks) + weekday * DAY
    if not which:
        if moment.coming and meant < moment.today:
            meant += 7 * DAY
        elif not moment.coming and meant > moment.today:
            meant -= 7 * DAY
    return a_day(meant, every="" if which else "week")


def _week(found: re.Match[str], moment: Moment) -> When | None:
    return a_week(moment, _months_off(found["which"]))


def _whole_year(found: re.Match[str], moment: Moment) -> When | None:
    year = _year(found["year"], moment)
    if year is None:
        return None
    part = found["part"]
    if not part:
        return a_year(year)
    if "半" in part:
        return months(year, 1, 6) if part == "上半年" else months(year, 7, 12)
    if "季" in part:
        return quarter(year, _int(part.lstrip("第")[0]))
    return a_month(year, 1 if part.endswith("初") else 12)


def _part_of_year(found: re.Match[str], moment: Moment) -> When | None:
    """第三季度, 上半年: the latest that has begun."""
    part, year = found["part"], moment.today.year
    make = (
        (lambda y: quarter(y, _int(part.lstrip("第")[0])))
        if "季" in part
        else (lambda y: months(y, 1, 6) if part == "上半年" else months(y, 7, 12))
    )
    when = make(year)
    return make(year - 1) if when and when.first > moment.today else when


def _feast(make: Callable) -> Callable[[re.Match[str], Moment], When | None]:
    def read(found: re.Match[str], moment: Moment) -> When | None:
        said = found["year"]
        if said:
            year = _year(said, moment)
            day = make(year) if year and 1900 <= year <= 2099 else None
        else:
            day = latest(make, moment.today, coming=moment.coming)
        if day and found["eve"]:
            return a_day(day - DAY if found["eve"].endswith("前一天") else day + DAY)
        if day and found["long"]:
            return days(day, day + 6 * DAY)
        return a_day(day)

    return read


def _bare_part(found: re.Match[str], moment: Moment) -> When | None:
    today = moment.today
    part = _PART.get(found["part"].lstrip("月"), "late")
    when = part_of_month(today.year, today.month, part)
    if when and not moment.coming and when.first > today:
        when = part_of_month(*month_of(today, -1), part)
    return when


FEAST_RULES: Rules = [
    (
        re.compile(
            rf"(?:(?P<year>{_YEAR})\s?年?的?)?(?<![0-9双初零一二三四五六七八九])(?:{han})节?"
            r"(?![零一二三四五六七八九])"
            r"(?:(?P<long>期间|假期|长假|黄金周)|(?P<eve>的?前一天|的?后一天))?"
        ),
        _feast(make),
    )
    for han, _, make in FEASTS
    if han
]


def _range(found: re.Match[str], moment: Moment) -> When | None:
    year = _year(found["year"], moment)
    last = month_day(moment, _int(found["month"]), _int(found["to"]), year)
    first = day_of(last.first.year, last.first.month, _int(found["day"])) if last else None
    return days(first, last.first) if last and first and first < last.first else None


def _days_alone(found: re.Match[str], moment: Moment) -> When | None:
    """3-5号: no month was said."""
    first, last = _day_alone(found, moment), _int(found["to"])
    if first is None or not 1 <= last <= 31:
        return None
    end = day_of(first.first.year, first.first.month, last)
    return days(first.first, end) if end and first.first < end else None


RULES: Rules = [
    (
        re.compile(
            rf"(?P<lunar>农历|阴历|旧历)?"
            rf"(?:(?<![0-9])(?P<year>{_YEAR})\s?年?的?\s?)?(?<![0-9个第一二三四五六七八九十每])"
            rf"(?P<month>1[0-2]|0?[1-9]|十[一二]?|[一二三四五六七八九])"
            rf"\s?月(?!卡|费|付(?!的|了|款)|租|度|供|票|饼|光|亮|薪|流|嫂|结)份?"
            rf"(?:的?\s?(?P<day>{_N})(?:\s?[日号](?!码|线)|(?![0-9个天次年月周点块元时%]))|"
            rf"(?P<part>{_PARTS}))?"
            rf"{_LIGHT}"
        ),
        _month_and_day,
    ),
    (
        re.compile(
            rf"(?:(?<![0-9])(?P<year>{_YEAR})\s?年?的?\s?)?(?<![0-9])(?P<month>1[0-2]|0?[1-9]|"
            rf"十[一二]?|[一二三四五六七八九])月"
            rf"(?P<day>{_N})\s?(?:-|~|–|到|至)\s?(?P<to>{_N})\s?[日号]"
        ),
        _range,
    ),
    (
        re.compile(
            rf"(?<!每)(?P<which>上上|下下|上|下|这|本|当)个?月(?!卡|费|付|租|度|供)份?"
            rf"(?:的?\s?(?P<day>{_N})\s?[日号](?!码|线)|(?P<part>{_PARTS}))?{_LIGHT}"
        ),
        _in_a_month,
    ),
    (
        re.compile(
            rf"(?<![0-9月第周期十一二三四五六七八九每~./-])(?<![a-z])(?P<day>{_N})"
            rf"\s?[日号](?!码|线|店|楼|院|门|机|桌|房|车|元|子|常|期|币|本|韩|用|志|历|内|之内|"
            rf"以内|"
            rf"仓|客|工|员|柜|出口|窗|套|选|球|位|上午?线){_LIGHT}",
            re.IGNORECASE,
        ),
        _day_alone,
    ),
    (
        re.compile(
            rf"(?<![0-9月第周期十一二三四五六七八九每~./-])(?<![a-z])(?P<day>{_N})"
            rf"\s?[-~–到至]\s?(?P<to>{_N})\s?[日号](?!码|线|店|楼|院|门|机|桌|房|车)",
            re.IGNORECASE,
        ),
        _days_alone,
    ),
    (
        re.compile(
            r"(?<![0-9一二三四五六七八九十上下个本这当每])(?P<part>月初|月中旬?(?!国)|月底|月末)"
        ),
        _bare_part,
    ),
    (
        re.compile(
            rf"(?<![以之然])(?P<which>大前|前|昨|今|明|大后|后)"
            rf"(?:天(?![天气才然])|日(?!子|常)|儿个?(?!子)|(?=[晚早晨夜](?![餐饭恋已上]上?)|晚上))"
            rf"(?:的?(?:{PERIOD}|[晚早晨夜]里?)(?![上间晨]|\s?[0-9零一二两三四五六七八九十]))?"
        ),
        _relative,
    ),
    (
        re.compile(
            r"(?:(?P<half>半个?月|半年)|(?P<count>[0-9]{1,4}|[一二两三四五六七八九十]{1,3}|"
            r"[一二三四五六七八九]?百)\s?个?(?P<more>半)?\s?(?P<unit>天|日|周|星期|礼拜|月|年))"
            r"(?:多|左右)?"
            r"(?P<way>之前|以前|前|之后|以后|后)(?!台|面|端|往|天)"
        ),
        _ago,
    ),
    (
        re.compile(
            r"(?P<count>[0-9]{1,3}|[一二两三四五六七八九十]{1,3}|半)\s?个?(?P<more>半)?"
            r"(?P<unit>小时|钟头|分钟|刻钟)(?:多|左右)?(?:之前|以前|前)(?!台|面)"
        ),
        _hours_ago,
    ),
    (
        re.compile(
            rf"(?<![每一两几0-9二三四五六七八九十双])(?P<which>上上|下下|上|下|这|本)?个?(?:周|"
            rf"星期|礼拜)(?P<day>[一二三四五六日天末]|[1-7](?![0-9天个]))(?!岁|年|边|报|刊|期|"
            rf"卡|[天次]){_LIGHT}"
        ),
        _weekday,
    ),
    (
        re.compile(
            r"(?P<which>上上|下下|上|下|这|本)个?(?:周|星期|礼拜)(?![一二三四五六日天末1-7卡])"
        ),
        _week,
    ),
    (
        re.compile(
            r"(?<![0-9每])(?P<year>[0-9]{4}(?=\s?年)|今(?=年)|去(?=年)|前(?=年)|明(?=年))"
            r"\s?年(?:的?(?P<part>上半年|下半年|年?底|年?初|第?[一二三四]季度))?"
            r"(?!级|代|会员|卡|费|付|度)"
        ),
        _whole_year,
    ),
    (re.compile(r"(?<!年)(?<!年的)(?P<part>上半年|下半年|第[一二三四]季度)"), _part_of_year),
]
