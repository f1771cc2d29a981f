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
_NOT_HAN = re.compile(rf"(?:(?<!是)不是|并非|而非|而不是|不要|别用|不用|不在){_FILLER}$")
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


_ANOTHER = re.compile(
    r"\s?[,;，；、]?\s?(?:而?不是|而是|应该是|是|还有|和|跟|以及|or|and(?: not)?|but(?: (?:it's|it is|rather))?|not|rather than|it's|\+|&|/)\s?"
    r"(?P<next>(?=[A-Z-]{0,8}[0-9])[A-Z0-9][A-Z0-9-]*)(?![A-Z0-9@]|\.[0-9]|\s?(?:元|块|天|个|件|点|号|月|年|days?|times?|usdt?|%))",
    re.IGNORECASE,
)
_SHAPED = frozenset({"order_number", "last_four"})


def with_siblings(text: str, finds: list[Find]) -> list[Find]:
    """The same finds, and what stands beside one of them in its form: 尾号是0018不是0081."""
    found = list(finds)
    for find in finds:
        while find.kind in _SHAPED and (beside := _ANOTHER.match(text, find.end)):
            find = Find(find.kind, beside["next"], *beside.span("next"))
            if not _alike(find, found) or any(find.overlaps(other) for other in found):
                break
            found.append(find)
    return sorted(found, key=lambda f: f.start)


def _alike(find: Find, finds: list[Find]) -> bool:
    """Whether another find of the kind has the same length and sort of characters."""
    return any(
        other.kind == find.kind
        and abs(len(other.value) - len(find.value)) <= (0 if find.kind == "last_four" else 1)
        and other.value.isdigit() == find.value.isdigit()
        for other in finds
    )


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
