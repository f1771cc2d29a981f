"""Whether a message holds two wishes: 退款到哪了？另外发票怎么开.

A second wish that is none annoys more than one that is missed: so it has to be sure, a wish of its
own, and not the first one's reason, story or other half. What ``Reading`` a part gets is the intent
model's to say; what is done with two wishes, the dialogue's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from bot.engine.nlu.parts import Part

SURE = 0.7
"""From this confidence on a part's reading is believed."""

A_PERSON = "contact_human"
REFUND = "request_refund"
CANCEL = "cancel_subscription"
COMPLAINT = "complaint"
WRONG_PAYMENT = "report_double_charge_or_wrong_payment"

WISHES = frozenset(
    {
        "account_problem",
        "appeal_or_dispute",
        CANCEL,
        "change_contact",
        "change_language",
        COMPLAINT,
        A_PERSON,
        "fees_or_partial_refund",
        "how_long",
        "invoice",
        "order_status",
        "payment_problem",
        "refund_policy",
        "refund_status",
        WRONG_PAYMENT,
        REFUND,
        "security_question",
    }
)
"""Intents that ask the desk for something by themselves."""

TAKES_IN: dict[str, frozenset[str]] = {
    REFUND: frozenset(
        {
            "account_problem",
            "appeal_or_dispute",
            COMPLAINT,
            "order_status",
            "payment_problem",
            "refund_policy",
            "refund_status",
            WRONG_PAYMENT,
        }
    ),
    "refund_status": frozenset({"how_long", "appeal_or_dispute", COMPLAINT, "order_status"}),
    "order_status": frozenset({"how_long", COMPLAINT, "payment_problem"}),
    "appeal_or_dispute": frozenset({COMPLAINT, "fees_or_partial_refund", "refund_policy", WRONG_PAYMENT}),
    WRONG_PAYMENT: frozenset({"payment_problem", "fees_or_partial_refund", "security_question", COMPLAINT}),
    "account_problem": frozenset({"payment_problem", "security_question", "change_contact", COMPLAINT}),
    "payment_problem": frozenset({COMPLAINT, "how_long", "security_question"}),
    "fees_or_partial_refund": frozenset({COMPLAINT}),
}
"""Wish -> what is, beside it, its reason, story or other half unless the writer says that it comes
on top: "it never arrived, I want my money back" is one wish."""


class Reading(NamedTuple):
    """What the intent model makes of a part."""

    intent: str
    confidence: float


class Wish(NamedTuple):
    """An intent that the message asks for, with its confidence."""

    intent: str
    confidence: float


_TOLD = re.compile(
    r"(?:已经|昨天|前天|上个?[周月]|之前|刚才?|早就).{0,8}(?:取消|申请|退|问|找|投诉|关|开)|(?:取消|申请|投诉)(?:过|了(?!吗|没))"
    r"|\b(?:i|we)(?:'ve| have| had)?(?: just| already)? (?:cancel+ed|asked|requested|applied|contacted"
    r"|called|emailed|e-mailed|returned|submitted|complained|spoke|told)\b|\bit was supposed\b",
    re.I,
)
"""What was done before is told, not asked for."""
_NOT_WANTED = re.compile(
    r"(?:不是|不用|不要|不想|没想|没说|别)(?:要|想|给我)?(?:退款|退钱|换货|人工|发票|取消|投诉)"
    r"|(?:n't|not|never|no longer) (?:want|wanna|need|ask|asking|looking|say|after)\b(?!.{0,30}renew)",
    re.I,
)
_COMPLAINS = re.compile(r"投诉|举报|\bcomplain|\breport\b", re.I)
"""Anger is no wish; a complaint that is to be filed is."""
_ASKS = re.compile(
    r"\?|[吗呢嘛]\W*$|怎么|如何|怎样|多少|多久|几[天个点时]|哪|什么时候|[能可][不否以]|是不是|有没有|[到退批过好][了没]+没"
    r"|(?<!不)(?<!没)(?:[我还]要|想|希望|需要|申请|要求)|请|帮|麻烦|给我|[把将]|^(?:退|取消|关|开|查|转|改|换|停|补)"
    r"|\b(?:how|where|when|what|who|why|which|please|pls|can|could|would|need|want|wanna|like to|i'd like)\b"
    r"|^(?:is|are|do|does|did|has|have|will|any|refund|cancel|send|give|get|let|stop|turn|change|update|check"
    r"|tell|transfer|connect|put|delete|unlock|return|switch|close|correct|set|don't|process|make|invoice)\b",
    re.I,
)
"""How a part asks: as a question, an order or a want. A bare statement is more often a story."""
_RUNS_ON = re.compile(
    r"续|自动|订阅|会员|包[月年周]|月[卡费]|年[卡费]|套餐|扣费|试用|renew|subscri|member|plan\b|trial|auto", re.I
)
"""What goes on until it is stopped; a booking that is cancelled and paid back is one wish."""


def two_wishes(parts: Sequence[Part], readings: Sequence[Reading]) -> tuple[Wish, Wish] | None:
    """The first two wishes in the order of the message, but a person is always the first.

    None if there are not two that are sure.
    """
    found = [
        (part, Wish(*reading))
        for part, reading in zip(parts, readings, strict=True)
        if _is_wish(part.text, reading)
    ]
    kept: list[tuple[Part, Wish]] = []
    for part, wish in found:
        _add(kept, part, wish)
    if len(kept) < 2:
        return None
    wishes = sorted((wish for _, wish in kept), key=lambda wish: wish.intent != A_PERSON)
    return wishes[0], wishes[1]


def _is_wish(text: str, reading: Reading) -> bool:
    if reading.intent not in WISHES or reading.confidence < SURE:
        return False
    if reading.intent == COMPLAINT and not _COMPLAINS.search(text):
        return False
    return not (_TOLD.search(text) or _NOT_WANTED.search(text))


def _add(kept: list[tuple[Part, Wish]], part: Part, wish: Wish) -> None:
    """Keep the wish unless it belongs to one that is kept; if one belongs to it, in its place."""
    for place, (before, other) in enumerate(kept):
        if other.intent == wish.intent:
            return
        if part.added and not before.added:
            continue
        if not (_ASKS.search(part.text) and _ASKS.search(before.text)):
            if not _ASKS.search(before.text): kept[place] = (part, wish)
            return
        if wish.intent in TAKES_IN.get(other.intent, ()):
            return
        if other.intent in TAKES_IN.get(wish.intent, ()):
            kept[place] = (part, wish)
            return
        if {other.intent, wish.intent} == {CANCEL, REFUND} and not _goes_on(before, part):
            kept[place] = (part if wish.intent == REFUND else before, wish if wish.intent == REFUND else other)
            return
    kept.append((part, wish))


def _goes_on(one: Part, other: Part) -> bool:
    return bool(_RUNS_ON.search(f"{one.text} {other.text}"))
