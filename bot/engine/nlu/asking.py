"""How a part of a message is meant: asked for, told or refused. Words only, both languages.

What it is that is asked for is the intent model's to say, and what follows from it ``wishes``'.
"""

from __future__ import annotations

import re

_ASKS = re.compile(
    # a question
    r"\?|[吗呢嘛没]\W*$|怎么|如何|怎样|为什么|为啥|凭什么|多少|多久|几[天个点时]|哪|什么时候"
    r"|[能可][不否以]|是不是|有没有|[到退批过好]了?没"
    r"|\b(?:how|where|when|what|who|why|which)\b|^(?:is|are|do|does|did|has|have|will|any)\b"
    # a want
    r"|(?<![不没])(?:[我还]要|想|希望|需要|申请|要求)|\b(?:need|want|wanna|like to|i'd like)\b"
    # an order
    r"|请|帮|麻烦|给我|[叫让]你|[叫找喊]个?(?:人|真人|客服|经理)|[把将]"
    r"|^(?:退|取消|关|开|查|转|改|换|停|补)|\b(?:please|pls|can|could|would)\b"
    r"|^(?:(?:ok|so|just|actually|now|hi|hello|kindly),? )*(?:refund|cancel|send|give|get|let|stop"
    r"|turn|change|update|check|tell|transfer|connect|put|delete|unlock|return|switch|close"
    r"|correct|set|don't|process|make|invoice)\b",
    re.I,
)
_ASKED_OTHERWISE = r"^(?!.*(?:想|要|请|帮|把|吗|怎么))"
_TOLD = re.compile(
    _ASKED_OTHERWISE + r".{0,6}(?:已经|昨天|前天|上个?[周月]|之前|刚才?|早就)"
    r".{0,8}(?:取消|申请|退|问|找|投诉|关)"
    r"|" + _ASKED_OTHERWISE + r".*(?:取消|申请|投诉)(?:过|了)"
    r"|^.{0,20}\b(?:i|we)(?:'ve| have| had)?(?: just| already)? (?:cancel+ed|asked|requested"
    r"|applied|contacted|called|e-?mailed|returned|submitted|complained|spoke|told)\b",
    re.I,
)
_REFUSED = re.compile(
    r"(?:不是|不用|不要|不想|没想|没说|别)(?:要|想|给我)?(?:退款|退钱|换货|人工|发票|取消|投诉)"
    r"|(?:n't|\bnot|\bnever|\bno longer) (?:want|wanna|need|ask|asking|looking|say|after)\b"
    r"(?!.{0,30}renew)",
    re.I,
)
_COMPLAINS = re.compile(r"投诉|举报|\bcomplain|\breport\b", re.I)
_RUNS_ON = re.compile(
    r"续|自动|订阅|会员|包[月年周]|月[卡费]|年[卡费]|套餐|扣费|试用"
    r"|renew|subscri|member|plan\b|trial|auto",
    re.I,
)


def asks(text: str) -> bool:
    """It is a question, an order or a want; a bare statement is more often a story."""
    return bool(_ASKS.search(text))


def is_told(text: str) -> bool:
    """It says what its writer has done before: 昨天取消了, "I already asked"."""
    return bool(_TOLD.search(text))


def is_refused(text: str) -> bool:
    """It says what is not wanted: 我不是要换货, "I'm not asking for a refund"."""
    return bool(_REFUSED.search(text))


def complains(text: str) -> bool:
    """It names a complaint; anger alone asks for nothing."""
    return bool(_COMPLAINS.search(text))


def runs_on(text: str) -> bool:
    """It is about something that goes on until it is stopped: a subscription, a trial."""
    return bool(_RUNS_ON.search(text))
