"""The shipped brand files as texts, a way to change them, and what is then wrong with them."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from actions.domain.errors import BrandFileRefused, Fault
from actions.policy.brand import BRANDS_FOLDER, read_brand

KUAILIAN = (BRANDS_FOLDER / "kuailian.yml").read_text(encoding="utf-8")
BITPIE = (BRANDS_FOLDER / "bitpie.yml").read_text(encoding="utf-8")

GLOSSARY = {
    "is not YAML: {}": "不是合法的 YAML",
    "the file is empty": "文件是空的",
    "holds no brand file": "里没有品牌文件",
    "must be {}, as the file": "必须是 {}，与文件名相同",
    # values
    "must not be empty": "不能为空",
    "must be text (put numbers and dates in quotes)": "必须是文本（数字和日期要加引号）",
    "must be a whole number": "必须是整数",
    "must be a whole number from {} to {}": "必须是 {} 到 {} 之间的整数",
    "must be true or false": "必须是 true 或 false",
    "must be a date such as 2026-10-01": "必须是日期，如 2026-10-01",
    "must be one of {}": "只能是 {} 之一",
    "must be a list with at least one entry": "必须是至少有一项的列表",
    "must be a mapping of keys to values": "必须是键和值的对应",
    "is not a regular expression: {}": "不是正则表达式",
    "must be three letters": "必须是三个字母",
    # keys
    "stands here twice": "重复出现",
    "is missing": "缺少此项",
    "is not a known key; known are {}": "没有这个键；可用的是 {}",
    "says nothing of {}": "没有写 {}",
    # a brand
    "must be a short lower-case name": "必须是小写短名",
    "must be a time zone such as Asia/Shanghai": "必须是时区，如 Asia/Shanghai",
    "example matches none of the patterns": "example 与所有 patterns 都不符",
    'must be a colour as "#0a7cff"': '必须是颜色，如 "#0a7cff"',
    "must be an intent as /request_refund": "必须是意图，如 /request_refund",
    "must be an id as K-1": "必须是编号，如 K-1",
    "the clause {} stands here twice": "条款 {} 重复出现",
    "there is no clause {}": "没有条款 {}",
    "names no clause for {}": "没有给 {} 指定条款",
    "must be a list": "必须是列表",
    "must have at most {} entries": "最多 {} 项",
    "there is no advice.{}": "没有 advice.{}",
    "the terms have no {}": "terms 里没有 {}",
    "zh and en must name the same numbers": "中英文中的数字必须相同",
    "advice goes with refusal codes only": "advice 只能写给拒绝代码",
    # its terms
    "money_back and with_purchase need {}": "money_back 和 with_purchase 需要 {}",
    "with_reason needs time_limit_days": "with_reason 需要 time_limit_days",
    "required goes with the treatment with_reason, and only with it": (
        "required 与处理方式 with_reason 必须同时出现"
    ),
    "at least one reason must be accepted": "至少要接受一个原因",
    "a reason is either accepted or put to a person": "同一个原因不能既接受又交人工",
    "refused_as goes with the treatment never, and only with it": (
        "refused_as 与处理方式 never 必须同时出现"
    ),
    "refused_as must be a refusal code": "refused_as 必须是拒绝代码",
    "An amount is digits with at most one point, such as 299.00.": "不是该币种的金额",
    "The desk does not know the currency {}.": "不是该币种的金额",
    "{} has {} decimals, not {}.": "不是该币种的金额",
    "each limit must be higher than the one before": "每个限额都必须高于前一个",
    "least must not be more than most": "least 不能大于 most",
    "{} stands here twice": "{} 重复出现",
    # its trust
    "must be an origin such as https://www.example.com": (
        "必须是网址来源，如 https://www.example.com"
    ),
    "must begin with https://": "必须以 https:// 开头",
    # its hours and service levels
    "must be open or closed": "必须是 open 或 closed",
    'must be a time as "{}"': '必须是时间，如 "{}"',
    "closes must be later than opens": "closes 必须晚于 opens",
    "overlaps with another on the same day": "与同一天的另一段重叠",
    "is later than the terms promise": "比 terms 中的承诺还晚",
    "needs a clause, or assumption: true": "需要 clause，或 assumption: true",
    "must have exactly one of {}": "必须正好有一项：{}",
}
"""What a policy owner is told of a fault in English, and in Chinese before it."""


def changed(old: str, new: str, text: str = KUAILIAN) -> str:
    """The text with one piece of it replaced, which must stand there once."""
    assert text.count(old) == 1, f"{old!r} must stand in the file once"
    return text.replace(old, new)


def line_of(text: str, piece: str) -> int:
    """The line on which a piece of the text begins."""
    return text[: text.index(piece)].count("\n") + 1


def faults_of(text: str) -> tuple[Fault, ...]:
    """The faults for which this text is refused, in English."""
    with pytest.raises(BrandFileRefused) as refused:
        read_brand(text)
    return tuple(map(in_english, refused.value.faults))


def in_english(fault: Fault) -> Fault:
    """The fault with the English half of its message; the Chinese one must say the same."""
    chinese, _, english = fault.message.partition(" · ")
    assert chinese in set(in_chinese(english)), fault.message
    return replace(fault, message=english)


def in_chinese(english: str) -> Iterator[str]:
    """The message in Chinese, by each entry of the glossary that has it."""
    for ours, theirs in GLOSSARY.items():
        gaps = re.fullmatch(re.escape(ours).replace(r"\{\}", "(.+)"), english, re.DOTALL)
        if gaps:
            yield theirs.format(*gaps.groups())
