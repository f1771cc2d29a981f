"""Spans, open times and moments ago, in both languages."""

from collections.abc import Callable

import pytest

OPEN = [
    ("please ring after 6pm", "T18:00/..@after 6pm"),
    ("before noon", "../T12:00@before noon"),
    ("not before nine o'clock", "T09:00/..@not before nine o'clock"),
    ("tomorrow after 6pm", "2026-11-26T18:00/..@tomorrow after 6pm"),
    ("until noon on Friday", "../2026-11-27T12:00@until noon on Friday"),
    ("七点以后打给我", "T07:00/..@七点以后"),
    ("上午十点前", "../T10:00@上午十点前"),
    ("晚上八点之后", "T20:00/..@晚上八点之后"),
    ("18:30以后", "T18:30/..@18:30以后"),
    ("明天下午3点前", "../2026-11-26T15:00@明天下午3点前"),
]

SPANS = [
    ("between 2 and 4pm", "T14:00/T16:00@between 2 and 4pm"),
    ("call me between 9am and 5pm", "T09:00/T17:00@between 9am and 5pm"),
    ("the 4-6pm slot", "T16:00/T18:00@4-6pm"),
    ("yesterday from 9:30 to 11am", "2026-11-24@yesterday|T09:30/T11:00@9:30 to 11am"),
    ("9点到11点", "T09:00/T11:00@9点到11点"),
    ("在3-5点之间", "T03:00/T05:00@3-5点"),
    ("上午9点到11点半在", "T09:00/T11:30@上午9点到11点半"),
    ("下午三点到五点", "T15:00/T17:00@下午三点到五点"),
    ("晚上十点到十二点", "T22:00/T00:00@晚上十点到十二点"),
    ("昨晚8点到凌晨2点", "2026-11-24T20:00/2026-11-25T02:00@昨晚8点到凌晨2点"),
    ("from the 3rd to the 5th", "2026-11-03/2026-11-05@the 3rd to the 5th"),
    ("Monday to Friday", "2026-11-23/2026-11-27@Monday to Friday"),
    ("between Monday and Wednesday", "2026-11-23/2026-11-25@between Monday and Wednesday"),
    ("Nov 20 to Nov 30", "2026-11-20/2026-11-30@Nov 20 to Nov 30"),
    ("January to March 2025", "2025-01/2025-03@January to March 2025"),
    ("3号到5号", "2026-11-03/2026-11-05@3号到5号"),
    ("3-5号", "2026-11-03/2026-11-05@3-5号"),
    ("25号到3号", "2026-11-25/2026-12-03@25号到3号"),
    ("周一到周三", "2026-11-23/2026-11-25@周一到周三"),
    ("1月到3月都扣了", "2026-01/2026-03@1月到3月"),
]

AGO = [
    ("ten minutes ago", "2026-11-25T18:20@ten minutes ago"),
    ("an hour ago", "2026-11-25T17:30@an hour ago"),
    ("half an hour ago", "2026-11-25T18:00@half an hour ago"),
    ("3 hrs back", "2026-11-25T15:30@3 hrs back"),
    ("an hour and a half ago", "2026-11-25T17:00@an hour and a half ago"),
    ("半小时前提交的", "2026-11-25T18:00@半小时前"),
    ("十分钟前", "2026-11-25T18:20@十分钟前"),
    ("两个小时前", "2026-11-25T16:30@两个小时前"),
    ("一个半小时前", "2026-11-25T17:00@一个半小时前"),
    ("一刻钟之前", "2026-11-25T18:15@一刻钟之前"),
]

DAYS = [
    ("今早9点刚买", "2026-11-25T09:00@今早9点"),
    ("去年11月付的", "2025-11@去年11月"),
    ("前年买的", "2024@前年"),
    ("tonight at 8", "2026-11-25T20:00@tonight at 8"),
    ("15th of last month", "2026-10-15@15th of last month"),
    ("we came on Good Friday", "2026-04-03@Good Friday"),
    ("复活节买的", "2026-04-05@复活节"),
]

NONE = [
    "早一点退款",
    "晚一点再说",
    "两点建议",
    "三点后面的",
    "儿童座椅",
    "劳动仲裁",
    "手机一三八零零一三八零零九",
    "monday.com",
    "a few minutes ago",
]


@pytest.mark.parametrize(("message", "days"), [*OPEN, *SPANS, *AGO, *DAYS])
def test_days_and_times(told: Callable[[str], str], message: str, days: str) -> None:
    assert told(message) == "|".join(f"date={day}" for day in days.split("|"))


@pytest.mark.parametrize("message", NONE)
def test_what_only_looks_like_a_time_is_none(told: Callable[[str], str], message: str) -> None:
    assert told(message) == ""
