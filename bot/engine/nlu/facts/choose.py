"""Which finds stand: of overlapping ones the surer, then the longer; and what is taken back.

"Not 001 but 002", 不是A是B, "A, sorry, B" and 打错了应该是B all reject A: it is kept, marked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from bot.engine.nlu.facts.fact import Find

TIES = (
    "secret",
    "email",
    "link_code",
    "tracking_number",
    "transaction_id",
    "wallet_address",
    "parcel_number",
    "date",
    "amount",
    "phone",
    "last_four",
    "payment_method",
    "order_number",
)
"""Of finds of one length the kind named first here stands; kinds not named come last."""

SPEAKS_FOR_ITSELF = frozenset({"secret", "email", "link_code", "tracking_number", "transaction_id", "wallet_address"})
"""Kinds whose form alone leaves no doubt; nothing inside them is another fact."""

_FILLER = r"(?:[的个这那一笔单第]|订单|单号|编号|尾号|号码?|电话|邮箱|日期|金额|用|在|是|付|\s|:){0,8}"
_NOT_HAN = re.compile(rf"(?:不是|并非|而非|而不是|不要|别用|不用|不在){_FILLER}$")
_NOT_EN = re.compile(
    r"(?:(?<![a-z])(?:not|rather than|isn't|wasn't|ain't|never|forget|ignore|scratch|disregard))"
    r"(?: (?:the|an?|on|for|by|via|with|in|from|at|to|my|order|number|no|email|it's|under|is|was|through|ending|card|number|:))*[ :#]{0,2}$",
    re.IGNORECASE,
)
_QUESTION = re.compile(r"[^,，。.!?]{0,4}[吗么]")
_WRONG_HAN = re.compile(
    r"\s?[,，。;；是]?\s?(?:那|这)?个?(?:不对|(?:打|写|发|填|说|输|弄|搞|给|报)错|错了|是错的|不是这个|不算|作废|发的不对|是我朋友的)"
)
_WRONG_EN = re.compile(
    r"\s?[,;.-]?\s?(?:(?:that )?(?:is|was|'s) (?:wrong|a typo|mistyped|incorrect|the old one|not right|my old)|scratch that|no wait|wrong one)", re.IGNORECASE
)
_INSTEAD = re.compile(
    r"(?<![a-z])(?:sorry|no,? wait|wait,?|oops|whoops|i mean|i meant|correction|scratch that|typo|make that|should (?:be|have been|read)|"
    r"but (?:it'?s|it is) (?:actually|really)|no,? (?:it'?s|it is|that'?s)|or rather|my bad)(?![a-z])|哦不|噢不|不对|不不|错了|(?:打|写|发|填|说|输|弄|搞|报)错|更正|说反|应该是|应为|才对|改成|我是说",
    re.IGNORECASE,
)
_LONGEST_GAP = 40
_AFTER_ALL = re.compile(r"\s?(?:才对|才是对的)")


def chosen(finds: Iterable[Find]) -> list[Find]:
    """The finds that stand, in order; no two overlap."""
    standing: list[Find] = []
    for find in sorted(finds, key=_rank):
        if not any(find.overlaps(other) for other in standing):
            standing.append(find)
    return sorted(standing, key=lambda find: find.start)


def _rank(find: Find) -> tuple[bool, int, int, int, int]:
    tie = TIES.index(find.kind) if find.kind in TIES else len(TIES)
    return (find.kind not in SPEAKS_FOR_ITSELF, -find.sure, find.start - find.end, tie, find.start)


def with_rejected(text: str, finds: list[Find]) -> list[Find]:
    """The same finds, marked where the message takes them back."""
    return [replace(find, rejected=True) if _is_rejected(text, find, finds) else find for find in finds]


def _is_rejected(text: str, find: Find, finds: list[Find]) -> bool:
    head = text[max(0, find.start - 40) : find.start]
    tail = text[find.end : find.end + 24]
    if (_NOT_HAN.search(head) or _NOT_EN.search(head)) and not _QUESTION.match(tail):
        return True
    later = [other for other in finds if other.kind == find.kind and other.start >= find.end]
    if not later:
        return False
    if _WRONG_HAN.match(tail) or _WRONG_EN.match(tail):
        return True
    if later[0].value == find.value:
        return False
    gap = text[find.end : later[0].start]
    return len(gap) <= _LONGEST_GAP and _INSTEAD.search(gap) is not None
