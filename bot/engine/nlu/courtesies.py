"""Takes the greeting off the front of a message and the thanks off its end: neither says what is
wanted, and a short wish drowns in them.

A message that is nothing but courtesy stays whole, and so does one with next to nothing beside it:
"ok thanks" takes its leave.
"""

from __future__ import annotations

import re

from bot.engine.nlu.normaliser import han_count, normalise

LEAST_HAN, LEAST_WORDS = 3, 2
"""So many Chinese characters or Latin words have to be left."""

_GAP = r"[\s,.!?~;:…、。-]*"
_WHOM_ZH = r"(?:亲+爱?的?|各位|客服|小姐姐|小哥哥?|老师|大家|美女|帅哥)"
_OPENINGS = re.compile(
    rf"(?:(?:{_WHOM_ZH}{_GAP})?(?:[你您]好(?!意思)|你们好(?!意思)|哈[喽啰罗]|嗨|早上好|上午好|下午好|晚上好|中午好"
    rf"|打扰(?:一下|了)|请问在吗|在吗|在不在|有人吗|在么){_WHOM_ZH}?[啊呀哈呢]?{_GAP}"
    rf"|{_WHOM_ZH}[\s,!~]+"
    r"|(?:hi+|hello+|hey+|hiya|good (?:morning|afternoon|evening|day)|greetings|dear)\b"
    r"(?:\s+(?:there|all|team|guys|everyone|sir or madam|sir/madam|sir|madam|ma'am|folks|support))*"
    rf"(?=[,.!?~;:…\s]){_GAP})+",
    re.I,
)
_THANKS_ZH = (
    r"(?:非常|多|十分|先)?(?:谢谢|感谢|多谢)(?:你们?|您|亲)?(?:了|啦|啊|哈)?"
    r"|(?:麻烦|辛苦|拜托)(?:你们?|您)?(?:了|啦)"
)
_THANKS_EN = (
    r"(?:(?:many )?thanks|thank (?:you|u)|thx|tks|ty|cheers|(?:(?:kind|best|warm) )?regards)"
    r"(?: (?:so much|very much|a lot|a million|again|all|guys|in advance|for your help))*"
)
_CLOSINGS = re.compile(
    rf"(?:[\s,.~;:…、。-]*(?:{_THANKS_ZH}|(?<![\w'])(?:{_THANKS_EN})(?![\w'])))+{_GAP}$", re.I
)


def core_of(text: str) -> str:
    """The message, normalised, without opening and closing courtesies; whole if little is left."""
    plain = normalise(text).text.strip()
    opened = _OPENINGS.match(plain)
    core = plain[opened.end() :] if opened else plain
    closed = _CLOSINGS.search(core)
    core = core[: closed.start()] if closed else core
    return core.strip() if _says_something(core) else plain


def _says_something(core: str) -> bool:
    return han_count(core) >= LEAST_HAN or len(re.findall(r"[\w']+", core)) >= LEAST_WORDS
