"""How a simulated customer says a thing: a sentence of their language, with their typing.

The sentences are data (``sentences/*.yml``). Facts in braces are never mistyped: who mistypes an
order number has given a wrong fact, and that is a trait of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from random import Random

import yaml
from opencc import OpenCC

LANGUAGES = ("zh", "en", "mixed", "hant")
ANSWERED_IN: Mapping[str, str] = {"zh": "zh", "en": "en", "mixed": "zh", "hant": "zh"}
"""The desk's language for what a customer writes; the mixed sentences are Chinese ones."""

FOLDER = Path(__file__).parent / "sentences"
_FACT = re.compile(r"(\{[a-z_]+\})")
_MISTAKEN = {
    **{"退款": "退宽", "订单": "定单", "邮箱": "油箱", "验证": "验正", "什么": "神马"},
    **{"可以": "可已", "账号": "帐号", "怎么": "怎莫", "收到": "受到", "退": "腿"},
    **{"訂單": "定單", "信箱": "信相", "退費": "退廢", "請問": "情問", "麻煩": "麻凡"},
}


@cache
def _to_simplified() -> OpenCC:
    return OpenCC("t2s")


def simplified(text: str) -> str:
    """So that what was told in Traditional can be compared with the records."""
    return str(_to_simplified().convert(text))


@cache
def sentences(language: str) -> Mapping[str, Sequence[str]]:
    """All sentences of a language by what they are to say."""
    found: Mapping[str, Sequence[str]] = yaml.safe_load(
        (FOLDER / f"{language}.yml").read_text("utf-8")
    )
    return found


def say(
    what: str, language: str, facts: Mapping[str, str], random: Random, typos: float = 0.0
) -> str:
    """One way to say it, mistyped with the chance ``typos``."""
    sentence = random.choice(list(sentences(language)[what]))
    parts = _FACT.split(sentence)
    if random.random() < typos:
        parts = [part if _FACT.fullmatch(part) else mistyped(part, random) for part in parts]
    return "".join(facts[p[1:-1]] if _FACT.fullmatch(p) else p for p in parts)


def mistyped(text: str, random: Random) -> str:
    """The text with one slip: a wrong character of the same sound, or two letters swapped."""
    wrong = [right for right in _MISTAKEN if right in text]
    if wrong:
        right = random.choice(wrong)
        return text.replace(right, _MISTAKEN[right], 1)
    words = list(re.finditer(r"[A-Za-z]{5,}", text))
    if not words:
        return text
    word = random.choice(words)
    at = random.randrange(word.start() + 1, word.end() - 2)
    if random.random() < 0.5:
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    return text[:at] + text[at + 1 :]
