"""Which language a message is in, and which one the customer is answered in.

An explicit wish comes first ("in English please", or the switch of the chat window), then a
language that the message shows beyond doubt, then what it was before. Order numbers, addresses,
brand names and words that both languages use ("OK", "VPN") say nothing about the language.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from opencc import OpenCC

from bot.engine.nlu.normaliser import han_count, normalise

CHINESE, ENGLISH = "zh", "en"
SIMPLIFIED, TRADITIONAL, MIXED, NONE = "zh-Hans", "zh-Hant", "mixed", "none"
DEFAULT = CHINESE

_NO_LANGUAGE = re.compile(
    r"https?://[!-~]+|[A-Za-z0-9._%+*-]+@[A-Za-z0-9.*-]+|[A-Za-z]*\d[A-Za-z0-9_-]*|[A-Z]{2,}(?![a-z])"
)
_ENGLISH_WORD = re.compile(r"[A-Za-z]+(?:'[a-z]+)?")
_SHARED = (
    "alipay app apple bitpie btc bye email emo eth google hello hey hi id kuailian ok okay pay "
    "paypal pin plus pro usdt vip visa vpn wechat"
)
_CHINESE_NAMES = re.compile("快连|比特派|支付宝|微信")
_SHARED_WORDS = frozenset(_SHARED.split())
_ALONE = (
    "agent bill billing cancel charge charged chargeback complaint confirm confirmed contact "
    "correct did dispute english evidence goodbye help how human invoice login money no nope never "
    "order password payment person please proof question receipt refund refunded refunds repeat "
    "return robot scam sorry speak start status stop sure thanks thx track unsubscribe wait what "
    "when where which who why withdraw wrong yeah yes yep you"
)
_ENOUGH_ALONE = frozenset(_ALONE.split())
"""English words that show the language by themselves; any other single word may be a typing error,
a name or pinyin."""
_NAMES = {
    ENGLISH: re.compile(r"english|\beng\b|英文|英语", re.IGNORECASE),
    CHINESE: re.compile(
        r"chinese|mandarin|cantonese|中文|汉语|普通话|国语|华语|华文", re.IGNORECASE
    ),
}
_SCRIPT_NAMES = {
    "Hant": re.compile(r"traditional|繁体|正体|繁中|繁", re.IGNORECASE),
    "Hans": re.compile(r"simplified|简体|简中", re.IGNORECASE),
}
_NOT = re.compile(
    r"(?:n't|\bnot|\bno|\bnever|\bcannot|\bdont|\bcant)\s+(?:\w+\s+){0,2}$|[不别没]\S{0,2}$|不太\S{0,3}$",
    re.I,
)
_ASKED_FOR = re.compile(r"(?:用|换|改|切)\S{0,2}$")
"""Before a name: a wish for it, whatever is said of another one behind: 用简体，繁体看着累."""


def wished_language(text: str) -> str | None:
    """The language that a wish for another one names; "I don't read Chinese" wishes for English.

    A script is Chinese, whatever else is not wanted: "I can't read simplified Chinese".
    """
    best = _best_wish(text, _NAMES)
    if wished_script(text) and not (best and best[0]):
        return CHINESE
    return best[1] if best else None


def wished_script(text: str) -> str | None:
    """How Chinese is to be written, Hans or Hant; "I can't read simplified" wishes for Hant."""
    best = _best_wish(text, _SCRIPT_NAMES)
    return best[1] if best else None


def _best_wish(text: str, names: dict[str, re.Pattern[str]]) -> tuple[bool, str] | None:
    """Whether one of two things is wished for, rather than the other one refused; and which.

    The last wish counts, and one in so many words more than a mere mention.
    """
    readable = normalise(text).text
    wishes = []
    for wished, pattern in names.items():
        (other,) = set(names) - {wished}
        for name in pattern.finditer(readable):
            before = readable[: name.start()]
            unwanted = _NOT.search(before) is not None
            asked = _ASKED_FOR.search(before) is not None
            wishes.append((not unwanted, asked, name.start(), other if unwanted else wished))
    best = max(wishes, default=None)
    return (best[0], best[3]) if best else None


def language_of(text: str) -> str | None:
    """``zh`` or ``en`` where the message shows it beyond doubt, else None."""
    words_only = _NO_LANGUAGE.sub(" ", normalise(text).text)
    han = han_count(words_only)
    english = [
        word for word in _ENGLISH_WORD.findall(words_only) if word.lower() not in _SHARED_WORDS
    ]
    if han:
        return CHINESE if han >= len(english) else ENGLISH
    if len(english) >= 2 or any(word.lower() in _ENOUGH_ALONE for word in english):
        return ENGLISH
    return None


def tag_of(text: str) -> str:
    """The language and script of a message: zh-Hans, zh-Hant, en, mixed or none.

    Mixed is Chinese with at least one English word that is no name; none is what shows no language:
    numbers, addresses, pictures, words of other languages' scripts.
    """
    words_only = _NO_LANGUAGE.sub(" ", normalise(text).text)
    if han_count(_CHINESE_NAMES.sub(" ", words_only)):
        english = [
            word
            for word in _ENGLISH_WORD.findall(words_only)
            if word.islower() and len(word) > 2 and word not in _SHARED_WORDS
        ]
        return MIXED if english else _script_of(text)
    return language_of(text) or NONE


def _script_of(text: str) -> str:
    traditional = simplified = 0
    for character in text:
        traditional += _converted("t2s", character) != character
        simplified += _converted("s2t", character) != character
    return TRADITIONAL if traditional > simplified else SIMPLIFIED


@lru_cache(maxsize=8192)
def _converted(direction: str, character: str) -> str:
    if not "\u3400" <= character <= "\u9fff":
        return character
    return str(_converter(direction).convert(character))


@lru_cache(maxsize=2)
def _converter(direction: str) -> OpenCC:
    return OpenCC(direction)


def language_to_answer_in(text: str, *, so_far: str | None, locked: bool) -> str:
    """The language of the next answer, by the order that the module names."""
    if locked and so_far:
        return so_far
    if so_far == CHINESE and _is_chinese_beside(text):
        return CHINESE
    return language_of(text) or so_far or DEFAULT


_BESIDE = 3
"""So many English words, or fewer, beside each Chinese character are Chinese with foreign words in
it: order KL2026…，email …，要 refund."""


def _is_chinese_beside(text: str) -> bool:
    words_only = _NO_LANGUAGE.sub(" ", normalise(text).text)
    english = _ENGLISH_WORD.findall(words_only)
    return 0 < len(english) <= _BESIDE * han_count(_CHINESE_NAMES.sub(" ", words_only))


def other_than(so_far: str | None, shown: str) -> str:
    """A change that names no language: to the one the message is in, else to the other one."""
    if shown != so_far:
        return shown
    return ENGLISH if so_far == CHINESE else CHINESE


def language_entity(language: str) -> dict[str, Any]:
    """The language as an entity, which is how it reaches the ``language`` slot."""
    return {
        "entity": "language",
        "value": language,
        "start": 0,
        "end": 0,
        "extractor": "LanguageTagger",
    }
