"""Reasons for a refund: what was not received (goods are one; money, a code or an answer are none),
and what is a reason only as the answer to the question for it.
"""

from __future__ import annotations

import re

from bot.engine.nlu.facts.fact import Find

_MONEY_HAN = re.compile(
    r"(?<![付交花给充扣]了)(?<![付交花给充])"
    r"(?:退款|钱|款|提现|验证码|短信|邮件|回复|通知|发票)"
    r"(?:到现在|到今天|现在|目前|至今|一直|始终|从来|根本|明明|还是|仍然?|依然|怎么|[还都也就我们的是]|"
    r"[0-9一二三四五六七八九十]+[天周]|[个多]?月|过去|了|\s|,){0,6}$"
)
"""Money that is said just before not to have come; 付了钱没收到 is of goods."""

_CLAUSE = re.compile(
    r"[,.;!?\n]|(?<![a-z])(?:because|as|since|but|and|when|if|while|that)(?![a-z])", re.IGNORECASE
)
_MONEY = re.compile(
    r"(?<![a-z])(?:(?P<money>refunds?|money|cash|funds|withdrawals?|payouts?|reimbursement|payment|"
    r"transfer|deposit|codes?|otp|sms|e-?mails?|reply|answer|invoice|receipt)"
    r"(?: (?:for|of|on) (?:(?:the|this|that|my|our|your) )?[a-z]+)?|"
    r"orders?|parcels?|packages?|goods|items?|products?|deliver(?:y|ies)|shipment)(?![a-z])",
    re.IGNORECASE,
)
_IT = re.compile(
    r"\s(?:it|anything|them|that)(?: yet| so far| back| still)?\s?(?:$|[,.!?;])", re.IGNORECASE
)
_HEAD = 80

_ANSWERS = {
    "double_payment": r"[两二俩2](?:次|回|遍|笔)|重复|多[扣付收]|twice|double|two times|duplicate",
    "not_received": r"[没未](?:有|能)?(?:到|收|来|给|发|拿|见|开通)|不到账"
    r"|(?:never|not|n't|nothing|no)\b.{0,12}\b(?:arriv|receiv|c[ao]me|got|get|deliver|show|turn)",
    "wrong_operation": r"(?:点|按|选|弄|搞|操作|买|拍|下|付|click|tap|press)[^,。.!?]{0,3}错"
    r"|错[点按选买付]|失误|手[滑误快]|不小心"
    r"|mistake|accident|wrong (?:button|one|thing|plan)|mis-?click|oops",
    "dissatisfaction": r"不(?:太|怎么|大|是很)?(?:满意|喜欢|好|行|爽|值)"
    r"|难用|太差|很差|垃圾|失望|没用"
    r"|not (?:happy|satisf|good|great|worth)|unhappy|dissatisf|disappoint|rubbish|useless|terrible",
    "other": r"其[他它]|别的|都不是|以上都|\bother\b|none of|something else|not (?:listed|there)",
}
_ANSWERED = {kind: re.compile(way, re.IGNORECASE) for kind, way in _ANSWERS.items()}
LONGEST_ANSWER = 40
"""Characters: a longer answer is a story, and its words may be about anything."""


def answered_reason(text: str) -> str | None:
    """The kind of reason that a short answer to the question is; None if it is none, or several."""
    if len(text) > LONGEST_ANSWER:
        return None
    found = [kind for kind, way in _ANSWERED.items() if way.search(text)]
    return found[0] if len(found) == 1 else None


def is_of_goods(text: str, find: Find) -> bool:
    """Whether it is goods that the found words say were not received.

    In English the last thing named in the same clause counts; where what did not come is "it",
    the last one named before.
    """
    head = text[max(0, find.start - _HEAD) : find.start]
    if not text[find.start].isascii():
        return not _MONEY_HAN.search(head)
    if not _IT.match(text, find.end):
        head = _CLAUSE.split(head)[-1]
    named = list(_MONEY.finditer(head))
    return not named or not named[-1]["money"]
