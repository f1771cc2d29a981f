"""Which finds stand: of overlapping ones the surer, then the longer; and what is taken back.

"Not 001 but 002", 不是A是B, "A, sorry, B" and 打错了应该是B all reject A: it is kept, marked.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from bot.engine.nlu.facts.fact import Find, apart

TIES = (
    "secret",
    "email",
    "link_code",
    "tracking_number",
    "transaction_id",
    "wallet_address",
    "parcel_number",
    "plan",
    "date",
    "amount",
    "phone",
    "last_four",
    "payment_method",
    "order_number",
)
"""Of finds of one length the kind named first here stands; kinds not named come last."""

SPEAKS_FOR_ITSELF = frozenset(
    {"secret", "email", "link_code", "tracking_number", "transaction_id", "wallet_address"}
)
"""Kinds whose form alone leaves no doubt; nothing inside them is another fact."""

_FILLER = (
    r"(?:[的个这那一笔单第]|订单|单号|编号|尾号|号码?|电话|邮箱|日期|金额|用|在|是|付|\s|:){0,8}"
)
_NOT_HAN = re.compile(
    rf"(?:(?<!是)不是我?|并非|而非|而不是|不要|不用|不在|不叫|别用)"
    rf"{_FILLER}$|别再?[退打发寄充转付][到给去]?(?:我的|[这那]个)?$"
)
_UNDONE_HAN = re.compile(rf"(?:没有?|从没|未)(?:[用买选订开点付]|支付)(?:过|的是)?{_FILLER}$")
_UNDONE_EN = re.compile(
    r"(?<![a-z])(?:(?:did|does|do|has|have)(?:n'?t| not)|never) "
    r"(?:use|buy|bought|pay|paid|order|ordered|choose|chose|pick|picked|end|mean|want|say|said)"
    r"(?: (?:the|an?|my|it|by|for|with|in|on|to|via|using|is|was))*[ :#]{0,2}$",
    re.IGNORECASE,
)
"""What was not done: it is taken back only where something else of its kind was."""

_NOT_EN = re.compile(
    r"(?:(?<![a-z])(?:not|rather than|isn't|wasn't|ain't|never|forget|ignore|scratch|disregard))"
    r"(?: (?:the|an?|on|for|by|via|with|in|from|at|to|my|order|number|no|email|it's|under|is|"
    r"was|through|ending|card|number|:))*[ :#]{0,2}$",
    re.IGNORECASE,
)
_QUESTION = re.compile(r"[^,，。.!?]{0,4}[吗么]")
_WRONG_HAN = re.compile(
    r"\s?[,，。;；是]?\s?(?:那|这)?个?(?:不对|(?:打|写|发|填|说|输|弄|搞|给|报)错|错了|是错的|"
    r"不是这个|不算|作废|发的不对|是我朋友的)"
)
_WRONG_EN = re.compile(
    r"\s?[,;.-]?\s?(?:(?:that |plan |order |number |one |email |address |card |amount )?"
    r"(?:is|was|'s) (?:wrong|a typo|mistyped|incorrect|the old one|not right|my old|a mistake)|"
    r"scratch that|no wait|wrong one)",
    re.IGNORECASE,
)
_GONE = re.compile(r"\s?(?:已经?)?(?:不用|作废|停用|注销)了| (?:is )?no longer ", re.IGNORECASE)
_INSTEAD = re.compile(
    r"(?<![a-z])(?:sorry|no,? wait|wait,?|oops|whoops|i mean|i meant|correction|scratch that|"
    r"typo|make that|should (?:be|have been|read)|"
    r"(?:it'?s|it is|that'?s|it was) (?:actually|really|in fact)|actually|"
    r"no,? (?:it'?s|it is|that'?s)|or rather|my bad)"
    r"(?![a-z])|哦不|噢不|不对|不不|错了|(?:打|写|发|填|说|输|弄|搞|报)错|更正|说反|应该是|应为|"
    r"才对|改成|我是说",
    re.IGNORECASE,
)
_LONGEST_GAP = 40
_AFTER_ALL = re.compile(r"\s?(?:才对|才是对的)")


def chosen(finds: Iterable[Find]) -> list[Find]:
    """The finds that stand, in order; no two overlap."""
    return apart(finds, _rank, lambda find: (find.start, find.end))


def _rank(find: Find) -> tuple[bool, int, int, int, int]:
    tie = TIES.index(find.kind) if find.kind in TIES else len(TIES)
    return (find.kind not in SPEAKS_FOR_ITSELF, -find.sure, find.start - find.end, tie, find.start)


def with_rejected(text: str, finds: list[Find]) -> list[Find]:
    """The same finds, marked where the message takes them back."""
    following: dict[str, Find] = {}
    counts = Counter(find.kind for find in finds)
    marked = []
    for find in reversed(finds):
        after = following.get(find.kind)
        rejected = _is_rejected(text, find, after, alone=counts[find.kind] == 1)
        marked.append(replace(find, rejected=True) if rejected else find)
        following[find.kind] = find
    return marked[::-1]


_ANOTHER = re.compile(
    r"\s?(?:(?:说|打|写|填|输|发|报)错了?)?[,;，；、]?\s?"
    r"(?:而?不是|而是|应该是|是|还有|和|跟|以及|or|and(?: not)?|but(?: (?:it's|"
    r"it is|rather))?|not|rather than|it's|\+|&|/)\s?"
    r"(?P<next>(?=[A-Z-]{0,8}[0-9])[A-Z0-9][A-Z0-9-]*)(?![A-Z0-9@]|\.[0-9]|\s?(?:元|块|天|个|件|"
    r"点|号|月|年|days?|times?|usdt?|%))",
    re.IGNORECASE,
)
_SHAPED = frozenset({"order_number", "parcel_number", "last_four", "amount"})


def with_siblings(text: str, finds: list[Find]) -> list[Find]:
    """The same finds, and what stands beside one of them in its form: 尾号是0018不是0081."""
    found: list[Find] = []
    for index, find in enumerate(finds):
        if found and _is_parcel_too(text, found[-1], find):
            find = _like(found[-1], find.value, find.start, find.end)
        found.append(find)
        end = finds[index + 1].start if index + 1 < len(finds) else len(text)
        while find.kind in _SHAPED and (beside := _ANOTHER.match(text, find.end)):
            other = _like(find, beside["next"], *beside.span("next"))
            if other.end > end or not _alike(find, other):
                break
            find = other
            found.append(other)
    return found


def _is_parcel_too(text: str, before: Find, find: Find) -> bool:
    """Whether a number that looks like an order's corrects a courier's, or is told from one."""
    if before.kind != "parcel_number" or find.kind != "order_number":
        return False
    beside = _ANOTHER.match(text, before.end)
    return (
        beside is not None
        and beside.span("next") == (find.start, find.end)
        and _alike(before, _like(before, find.value, find.start, find.end))
    )


def _like(find: Find, written: str, start: int, end: int) -> Find:
    """What is written there, as a find of the same kind."""
    value = re.sub("-+", "", written.upper()) if find.kind == "parcel_number" else written
    return Find(find.kind, value, start, end)


def _alike(find: Find, other: Find) -> bool:
    """Whether the two have the same length (give or take one) and sort of characters."""
    off = abs(len(other.value) - len(find.value))
    return (
        off <= (0 if find.kind == "last_four" else 1)
        and other.value.isdigit() == find.value.isdigit()
    )


def _is_rejected(text: str, find: Find, following: Find | None, *, alone: bool) -> bool:
    """Whether the words beside take it back; ``following`` is the next find of its kind.

    ``alone`` if there is no other of its kind at all.
    """
    head = text[max(0, find.start - 40) : find.start]
    tail = text[find.end : find.end + 24]
    if (_NOT_HAN.search(head) or _NOT_EN.search(head)) and not _QUESTION.match(tail):
        return True
    if not alone and _GONE.match(tail):
        return True
    if following is None:
        return False
    if _WRONG_HAN.match(tail) or _WRONG_EN.match(tail):
        return True
    if _UNDONE_HAN.search(head) or _UNDONE_EN.search(head):
        return True
    if following.value == find.value or following.start - find.end > _LONGEST_GAP:
        return False
    return _INSTEAD.search(text, find.end, following.start) is not None
