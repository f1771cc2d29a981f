"""Passwords and PINs: only the value is hidden, and only where somebody states one.

"密码是 …", "pwd: …" and "my password is …" state one. "我忘记密码了", "密码错误" and
"reset my password" only speak of one. Codes that the desk itself sends are answers, not passwords.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.gateway.redaction.reading import Reading
from bot.gateway.redaction.spans import Kind, Span

_LOOKS = re.compile(r"密[码碼]|口令|pass|pwd|passwd|\bpw|pin")
_NAME_ZH = r"(?:(?<!验证)(?<!驗證)密[码碼]|口令)"
_NAME_EN = (
    r"(?<![a-z])(?:passwords?|passwd|passcode|passphrase|pass ?word|pwd|psw|pw|pin(?: ?code| number"
    r"|[码碼])?)(?![a-z])"
)
_STATED = (
    r"(?:(?:就|都|現|现|现在|現在)?(?:是|为|為|叫|用的是)|(?:改|设|設|设置|設置|换|換|填)(?:成|为|"
    r"為|的是|了)?(?:了)?|[:=]|->|→)"
)
_STATED_EN = r"(?:is now|is still|is|was|are|being|set to|changed to|[:=]|->|→)"
_QUOTED = re.compile(
    r"[\"'“”‘’「『《【`]{1,2}([^\"'“”‘’」』》】`\n\ue000\ue001]{1,64})[\"'“”‘’」』》】`]"
)
_VALUE = re.compile(r"[!-~]{3,128}")
_AFTER_STATED = re.compile(
    rf"\s{{0,3}}(?:(?:i|we) (?:use|used|set|have) )?({_STATED}|{_STATED_EN})"
    r"\s{0,3}(?:[:=]\s{0,3})?"
)
_NAME = re.compile(rf"{_NAME_ZH}|{_NAME_EN}")
_BOTH = re.compile(
    r"(?:账号|帳號|账户|用户名|邮箱|郵箱|email|username|user|login)(?:和|及|与|/|、|\+| and | & )?"
    r"(?:密[码碼]|password|pwd|pw)\s{0,3}(?:分别)?(?:是|为|is|are|:)?\s{0,3}"
    r"[!-~]{3,64}?[\s,/、|;和]{1,3}([!-~]{4,64})"
)
_ONE_TIME = re.compile(
    r"(?:动态|動態|一次性|短信|随机|验证|驗證|临时|one[- ]?time|otp|sms|temporary|verification) ?$"
)
_ABOUT = re.compile(
    r"(?:忘[记記]?了?|找回|重[置设設]|修改|更改|改|输[入错]了?|錯|不记得|没有|忘|reset|resetting|"
    r"forgot"
    r"|forgotten|forget|change|changing|wrong|lost|recover|incorrect|invalid)"
    r"(?:的|了|my|the|your|a|我的|钱包|支付|登录|account|wallet|login| ){0,4}$"
)
_ORDINARY_TEXT = (
    "wrong right correct incorrect invalid valid ok okay fine good bad not no being the a an "
    "my your our his her their its same still never always now lost gone forgotten expired old "
    "new weak strong short long too very really also just only what where how who why when "
    "which required needed safe unsafe secure insecure leaked hacked stolen compromised broken "
    "different unknown missing blank empty there here this that these those it yes true false "
    "working useless in on at to from for with and or but so because if email e-mail app wifi "
    "reset error failed failure rejected refused changed accepted stored saved visible shown "
    "hidden needs need must should can cannot can't could would will won't isn't doesn't does "
    "do did done something anything nothing everything null none optional mine yours out "
    "locked blocked both all one https http www ssl login account support paypal alipay wechat "
    "google apple facebook"
)
_ORDINARY = frozenset(_ORDINARY_TEXT.split())
_UNIT = re.compile(
    r"\s?(?:[位个個次天年月日元块分小号遍种条笔]|times|days|digits|characters|chars|attempts|"
    r"minutes|hours)"
)
_NOT_A_SECRET = re.compile(
    r"[^@\s]+@[^@\s]+\.[a-z]{2,}|https?://.*|rf-?[0-9a-z]{10}|[a-z]{1,4}[0-9]{8,14}"
    r"|(?:0x)?[0-9a-f]{64}|(?:19|20)[0-9]{2}[-/.][0-9]{1,2}[-/.][0-9]{1,2}|[*.•xX?_-]+"
)
_TRAILING = ".,;?)]}>\"'，。；？）"
_HAN_ORDINARY = re.compile(r"错误|不正确|无效|不对|不符|錯誤|过期|為空|为空|什么")
_LOOK_BACK = 24


def find_passwords(reading: Reading) -> Iterator[Span]:
    """The values of all passwords stated."""
    text = reading.folded
    if not _LOOKS.search(text):
        return
    for both in _BOTH.finditer(text):
        start, end = _trimmed(text, *both.span(1))
        if not _NOT_A_SECRET.fullmatch(text, start, end) and not _UNIT.match(text, end):
            yield reading.span(Kind.PASSWORD, start, end)
    for name in _NAME.finditer(text):
        found = _value_after(text, name)
        if found is not None:
            yield reading.span(Kind.PASSWORD, *found)


def _value_after(text: str, name: re.Match[str]) -> tuple[int, int] | None:
    before = text[max(0, name.start() - _LOOK_BACK) : name.start()]
    if _ONE_TIME.search(before):
        return None
    stated = _AFTER_STATED.match(text, name.end())
    if stated is not None:
        return _stated_value(text, stated, before)
    if _ABOUT.search(before):
        return None
    gap = re.compile(r"\s{0,3}").match(text, name.end())
    assert gap is not None
    quoted = _QUOTED.match(text, gap.end())
    if quoted is not None and _VALUE.fullmatch(quoted[1]) and _is_telling(quoted[1]):
        return quoted.span(1)
    value = _VALUE.match(text, gap.end())
    if value is None or (gap.end() == name.end() and name[0].isascii()):
        return None
    start, end = _trimmed(text, *value.span())
    return (start, end) if _is_telling(text[start:end]) and _may_be(text, start, end) else None


def _stated_value(text: str, stated: re.Match[str], before: str) -> tuple[int, int] | None:
    at, sign = stated.end(), stated[1]
    quoted = _QUOTED.match(text, at)
    if quoted is not None:
        value = quoted[1]
        ordinary = value.strip() in _ORDINARY or _HAN_ORDINARY.search(value)
        return None if ordinary else quoted.span(1)
    value = _VALUE.match(text, at)
    if value is None:
        return None
    start, end = _trimmed(text, *value.span())
    if not _may_be(text, start, end):
        return None
    word = text[start:end]
    if not re.search(r"[^a-z]", word.strip("'-")):
        return (start, end) if _is_a_plain_word_password(text, word, end, sign, before) else None
    if re.fullmatch(r"[a-z]+(?:['’/-][a-z]+)+", word) and sign not in (":", "="):
        return None
    return start, end


def _is_a_plain_word_password(text: str, word: str, end: int, sign: str, before: str) -> bool:
    """Letters alone may be a password, and may be how the sentence goes on."""
    if word in _ORDINARY:
        return False
    if sign in (":", "=", "->", "→"):
        return len(word) >= 3 and not re.match(r" [a-z]+ [a-z]", text[end : end + 24])
    if not sign.isascii():
        return len(word) >= 5 and not re.match(r"\s?(?:的|发|错|里|上|找|登)", text[end : end + 2])
    ends = re.match(
        r"\s*(?:$|[.,;!?\n，。；！？]|and\b|but\b|can you\b|please\b)", text[end : end + 16]
    )
    own = re.search(r"\b(?:my|our|login|account|wallet|email|wifi)\s+(?:\w+\s+)?$", before)
    grammar = word.endswith(("ed", "ing", "ly", "able", "ible", "ful", "less", "ten"))
    return bool(ends and own) and len(word) >= 5 and not grammar


def _is_telling(word: str) -> bool:
    """Whether a word right after "password" shows by itself that it is one."""
    digits = sum(char.isdigit() for char in word)
    if word.isdigit():
        return 4 <= len(word) <= 12
    return digits >= 1 and len(word) >= 5 and not re.fullmatch(r"[0-9]+[-~/.][0-9]+", word)


def _may_be(text: str, start: int, end: int) -> bool:
    word = text[start:end]
    if len(word) < 3 or _NOT_A_SECRET.fullmatch(word):
        return False
    return not (re.fullmatch(r"[0-9]+(?:[-~][0-9]+)?", word) and _UNIT.match(text, end))


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Without the punctuation of the sentence at the end, unless that is all."""
    kept = len(text[start:end].rstrip(_TRAILING))
    return start, start + kept if kept >= 3 else end
