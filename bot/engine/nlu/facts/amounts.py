"""Sums of money: ¥299, 299块9, 五毛, "20 quid", 300u, "paid 299".

Finds them and gives the normal form, ``299 CNY``; a number that no word makes a sum is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from bot.engine.nlu.facts.amounts_comma import find_comma_amounts
from bot.engine.nlu.facts.currencies import CURRENCIES
from bot.engine.nlu.facts.fact import SURE, USUAL, WEAK, Find
from bot.engine.nlu.facts.numerals import ENGLISH_WORD, HAN, PLAIN, number, written


def _any(words: list[str]) -> str:
    longest_first = sorted(words, key=len, reverse=True)
    return "|".join(
        re.escape(word) + r"(?![a-z0-9])" * word[-1].isalpha() for word in longest_first
    )


_AFTER_ONLY = {"u", "sol", "buck", "won", "quid", "euros", "pounds", "dollars"}
_SIGNS = [w for w in CURRENCIES if not re.search(r"[\u4e00-\u9fff ]", w) and w not in _AFTER_ONLY]
_SIGNS_AFTER = _any([w for w in CURRENCIES if w == "zł" or not w[-1].isalpha()])
_BEFORE = "|".join(map(re.escape, sorted(_SIGNS, key=len, reverse=True))) + "|人民币|美元|美金"
_LATIN_AFTER = _any([w for w in CURRENCIES if w.isascii() and w[-1:].isalpha()])
_HAN_AFTER = "|".join(
    sorted((w for w in CURRENCIES if w[0] >= "\u4e00" and w not in ("元", "块")), key=len)[::-1]
)
_TIMES = (
    r"(?:\s?(?:[kw](?![a-z0-9])|[千万][0-9](?![0-9.])|[千百万]|"
    r"(?:grand|thousand|million|lakhs?)(?![a-z])))?"
)
_NUMBER = rf"{PLAIN}{_TIMES}"
_HAN_NUMBER = rf"{HAN}(?<!{HAN}{{2}})(?<![几数上近好][十百千万]){HAN}{{0,11}}(?:点{HAN}{{1,6}})?"
"""Not 几百, 上千: these say no number."""
_COUNTED = (
    "[个天次件月年号点张条岁位楼层级台套斤折时秒周季遍颗种集课节笔盒瓶间份箱袋双杯%]|"
    "部(?!分)|本(?![来人周金应])|包(?!邮|年|月|季|周|括|含|运)|单(?!独|价)|期(?!间|望)|"
    "回(?![来我到款给])|人(?!民|工)|只(?![退有给能是要收扣付])"
)
"""What a number before it counts: 元三笔 are three payments."""
_NO_THING = (
    r"(?!手?表|电池|屏|硬盘|布|板|肥皂|蛋糕|巧克力|砖|地|石|玉|显卡|主板|内存|肉|饼|儿|旦|宵|素|件)"
)

_SIGN_FIRST = re.compile(
    rf"(?<![a-z0-9])(?P<sign>{_BEFORE})\s?(?P<number>{PLAIN}(?:\s?[千百万]|\s?[kw](?![a-z0-9]))?)"
    rf"(?![0-9%]|\.[0-9])(?:\s?(?P<unit>{_LATIN_AFTER}|{_HAN_AFTER}|元|块钱?))?(?![a-z0-9])",
    re.IGNORECASE,
)
_UNIT_LAST = re.compile(
    rf"(?<![0-9.])(?<![a-z0-9][-_])(?:(?<![a-z])|(?<=rmb)|(?<=cny))"
    rf"(?P<number>{_NUMBER}|{_HAN_NUMBER})"
    rf"(?:\s?个(?=\s?(?:u(?![a-z])|usd|btc|eth|trx|比特|以太)))?\s?枚?\s?"
    rf"(?P<unit>{_LATIN_AFTER}|{_HAN_AFTER}|元整?|块钱|块|(?:{_SIGNS_AFTER})(?![0-9])){_NO_THING}",
    re.IGNORECASE,
)
_DIGIT = rf"[0-9]|{HAN}"
_TAIL = re.compile(
    rf"(?:零|又)?(?P<tenths>{_DIGIT})(?:[毛角](?:(?P<cents>{_DIGIT})分?)?|"
    rf"(?!{_COUNTED})(?=[^0-9{HAN[1:-1]}.]|$))钱?"
    rf"|(?P<cents_only>{_DIGIT}{{1,2}})分(?!钟)钱?"
)
_SMALL = re.compile(
    rf"(?<![0-9.{HAN[1:-1]}])(?:(?P<tenths>[0-9]{{1,2}}|{HAN})(?:毛(?!病|巾|衣|笔|利|孩)|"
    rf"角(?!度|形|星|落|色|钱))"
    rf"(?:(?P<cents>{_DIGIT})分?)?|(?P<cents_only>[0-9]{{1,2}}|{HAN}{{1,2}})分(?=钱))钱?"
)
_ENGLISH_MONEY = (
    "(?:dollars?|bucks?|quid|pounds|euros|yuan|rmb|usdt|usd|ringgit|yen|eth|btc|trx)(?![a-z])"
)
_ENGLISH_SUM = re.compile(
    rf"(?<![a-z-])(?P<number>{ENGLISH_WORD}(?:(?:[ -]|\sand\s){ENGLISH_WORD}){{0,5}})\s(?:of\s)?"
    rf"(?:u\.?s\.? )"
    rf"?(?P<unit>"
    rf"{_ENGLISH_MONEY}"
    rf")"
    rf"(?: and (?P<cents>[0-9]{{1,2}}|{ENGLISH_WORD}(?:[ -]{ENGLISH_WORD})?) cents?(?![a-z]))?",
    re.IGNORECASE,
)
_CENTS = re.compile(
    rf"(?<![0-9a-z.-])(?<!and )(?:(?P<number>[0-9]{{1,2}}|{ENGLISH_WORD}) ?cents?|"
    r"(?P<pence>[0-9]{1,2})p)(?![a-z0-9])",
    re.IGNORECASE,
)
_PAID = re.compile(
    r"(?:(?:实|应|已|多|少|预|代|先|只|又|才|共)?(?:付|扣|存|押|花|充|转|收|退|刷|汇|交|缴|划|充值|"
    r"支付|退还|退回|补)"
    r"|价格|价钱|售价|标价|金额|总额|余额|总价|原价|现价|总共|一共|合计|共计|到账|贵|便宜|少|多|"
    r"差价?|罚|亏|押金|定金|订金|运费|手续费|月费|年费|学费|会费|房租|租金|票价|费用|本金|就|给)"
    r"(?:款|费|值|钱)?(?:掉|走|出|回|进|给)?[了过]?(?:一共|总共|大概|差不多|不是|只有|[一两二三]笔|我们?|你们?|"
    r"他们?|才|的|是|为|共|又|只|也|就|[:,]|\s){0,4}"
    rf"(?P<number>{_NUMBER}|{HAN}{{2,12}}(?:点{HAN}{{1,4}})?)"
    rf"(?!\s?(?:[-0-9a-z%:/_个天日号月年次件单张条岁人位楼层级期份台部本瓶盒套间斤折倍点时分秒小"
    rf"周星季遍回颗种包集课节笔{HAN[1:-1]}]|只(?![退有给能是要收扣付])|多|\.[0-9]))",
    re.IGNORECASE,
)
_PAID_EN = re.compile(
    r"(?<![a-z])(?:paid|pay|paying|charged?|charging|costs?|spent|sent|refund(?:ed)?|got(?: "
    r"back)?|received|took|taken|"
    r"deposited|transferred|price|amount|total|worth|billed|deducted|debited|keyed|withdrew|"
    r"topped up|top up|"
    r"fee|balance|owe[sd]?|returned(?= (?:me |us |only )*[0-9]{2})|instead of|credited|donated)"
    r"(?: (?:me|us|you|him|her|about|around|exactly|only|just|another|is|was|of|it|for|like|"
    r"over|nearly|almost|back)|\s?[:=]){0,3}"
    rf"\s?(?P<number>(?:{PLAIN})(?:k(?![a-z0-9])| (?:grand|thousand)(?![a-z]))?)"
    r"(?![0-9a-z%:/_-]|[.,][0-9]|\s?%)"
    r"(?!\s(?!(?:and|but|for|to|on|in|from|by|via|with|at|yesterday|today|last|twice|instead|"
    r"back|now|when|so|not|or|"
    r"each|per|a|through|using|into|already|again|total|please|this|then|rather|after|before|"
    r"the|my|i|you|it)(?![a-z]))[a-z])",
    re.IGNORECASE,
)
_END = r"\s?(?:$|[,.!?，。！？;；](?![0-9]))"
_TWO_DECIMALS = re.compile(
    r"(?<![0-9a-z.,@/_-])(?<!v )(?<!version )(?P<number>(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)"
    r"\.[0-9]{2}"
    r"|[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?)(?![0-9a-z@_]|[.,:/-][0-9]|\s?(?:%|折|版|号|晚会|"
    r"gb|mb|"
    r"kg|分|a\.?m|p\.?m))",
    re.IGNORECASE,
)
_ALONE = re.compile(
    rf"(?<!{HAN})(?<![0-9a-z.第@/_-])(?P<number>{HAN}{{1,3}}[百千万]{HAN}{{1,8}}|(?:{PLAIN})"
    rf"\s?(?:万[0-9]?(?![0-9.])|[kw](?![a-z0-9])))(?={_END}|[吧吗的了交付花扣退充转没])",
    re.IGNORECASE,
)
_ROUND = re.compile(rf"(?:^|(?<=[,.;!?\s]))(?P<number>{HAN}{{1,3}}[百千万])(?={_END})")
_BARE = (
    (_PAID, USUAL),
    (_PAID_EN, USUAL),
    (_TWO_DECIMALS, WEAK),
    (_ALONE, WEAK),
    (_ROUND, WEAK),
)
_VAGUE_HAN = re.compile("[一二三四五六七八九两][一二三四五六七八九两][十百千万]")
_VAGUE_EN = re.compile(r"(?<![a-z])(?:few|several|some|many|couple|couple of) $", re.IGNORECASE)
"""两三百, "a few hundred", "a couple of bucks" say no number."""
_NO_SUM = re.compile(
    r"(?:版本|version|第|错误|error|代码|code|每|ver\.?)\s?(?:是|is|:)?\s?$", re.IGNORECASE
)
_FIRST_PIECE = re.compile(r"(?:付|花|扣|才|就|收|给|退|充)了?我?$")
_MIGHT = re.compile(rf"[0-9]|{HAN}[元圆块毛角分百千万刀u个{HAN[1:-1]}]")
_LONG = re.compile("(?!rmb|cny)[a-z]+(?:[0-9]{6}|0[0-9])", re.IGNORECASE)
_NOTHING_MORE = re.compile(r"\s?(?:$|[,.!?，。！？;；])")


def find_amounts(text: str) -> Iterator[Find]:
    """The sums of a normalised text, overlapping ones included; of equal ones the first stands."""
    yield from find_comma_amounts(text)
    if _MIGHT.search(text):
        yield from _signed(text)
        yield from _with_unit(text)
        yield from _small(text)
    for found in _ENGLISH_SUM.finditer(text):
        value, cents = number(found["number"]), number(found["cents"] or "0")
        if value is not None and not _is_vague(text, found):
            value += (cents or 0) / Decimal(100)
            yield Find(
                "amount", f"{written(value)} {CURRENCIES[found['unit'].lower()]}", *found.span()
            )
    for found in _CENTS.finditer(text):
        value = number(found["number"] or found["pence"])
        if value is not None:
            code = "GBP" if found["pence"] else "USD"
            yield Find("amount", f"{written(value / 100)} {code}", *found.span())
    yield from _bare(text)


def _signed(text: str) -> Iterator[Find]:
    for found in _SIGN_FIRST.finditer(text):
        sign, unit = (
            CURRENCIES[found["sign"].lower()],
            CURRENCIES.get((found["unit"] or "").lower()),
        )
        # "$20 USDT" is tokens; ¥299元 says the same twice; "RMB 300u" is left to the reader.
        value = number(found["number"])
        if found["sign"].isalpha() and _LONG.match(found[0]):
            continue  # BTC937120012 is an order
        if value is not None:
            code = unit if unit and unit != "CNY" else sign
            yield Find("amount", f"{written(value)} {code}", *found.span(), sure=SURE)


def _with_unit(text: str) -> Iterator[Find]:
    for found in _UNIT_LAST.finditer(text):
        unit = found["unit"].lower()
        value, end = number(found["number"]), found.end()
        if value is None or _VAGUE_HAN.match(found["number"]):
            continue
        if unit in ("块", "元", "块钱"):
            tail = _TAIL.match(text, end) if unit != "块钱" else None
            if found["number"] == "一" and unit == "块" and not tail and not _lone(text, found):
                continue
            if tail:
                value, end = value + _part(tail), tail.end()
        yield Find("amount", f"{written(value)} {CURRENCIES[unit]}", found.start(), end, sure=SURE)


def _is_vague(text: str, found: re.Match[str]) -> bool:
    """Whether English words say only about how much."""
    head = text[max(0, found.start() - 12) : found.start()]
    return "couple" in found["number"].lower() or bool(_VAGUE_EN.search(head))


def _lone(text: str, found: re.Match[str]) -> bool:
    """一块 is a coin when something is paid or nothing follows; else it is "together"."""
    alone = not text[max(0, found.start() - 24) : found.start()].strip() and _NOTHING_MORE.match(
        text, found.end()
    )
    return bool(alone or _FIRST_PIECE.search(text[max(0, found.start() - 24) : found.start()]))


def _small(text: str) -> Iterator[Find]:
    for found in _SMALL.finditer(text):
        value = _part(found)
        if value:
            yield Find("amount", f"{written(value)} CNY", *found.span())


def _part(found: re.Match[str]) -> Decimal:
    """The share of a 元 that 毛 and 分 make."""
    tenths, cents = number(found["tenths"] or "0"), number(found["cents"] or "0")
    only = number(found["cents_only"] or "0")
    return (tenths or 0) / Decimal(10) + ((cents or 0) + (only or 0)) / Decimal(100)


def _bare(text: str) -> Iterator[Find]:
    for pattern, sure in _BARE:
        for found in pattern.finditer(text):
            value, start = number(found["number"]), found.start("number")
            if value is None or _is_long(found["number"]) or _VAGUE_HAN.match(found["number"]):
                continue
            if not _NO_SUM.search(text[max(0, start - 24) : start]):
                yield Find("amount", written(value), *found.span("number"), sure=sure)


def _is_long(digits: str) -> bool:
    """Whether these are more digits in a row than a sum without its currency has."""
    return re.match("[0-9]{7}|0[0-9]", digits) is not None
