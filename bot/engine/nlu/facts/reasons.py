"""What was not received: goods are a reason for a refund, money, a code or an answer are none."""

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
