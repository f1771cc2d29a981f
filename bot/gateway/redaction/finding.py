"""All finders together: what is secret in a text, and the text with marks in its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.gateway.redaction.cards import find_cards
from bot.gateway.redaction.identity import find_identity_numbers
from bot.gateway.redaction.keys import find_keys
from bot.gateway.redaction.marks import MARK, mark_of
from bot.gateway.redaction.passwords import find_passwords
from bot.gateway.redaction.phrases import find_phrases
from bot.gateway.redaction.reading import Reading
from bot.gateway.redaction.spans import Finder, Kind, Span

FINDERS: Sequence[Finder] = (
    find_phrases,
    find_keys,
    find_cards,
    find_identity_numbers,
    find_passwords,
)
LANGUAGES = ("zh", "zh-Hant", "en")
_ORDER = list(Kind)
_MOST_ROUNDS = 8
_FILLER = re.compile(
    r"助[记記][词詞]|恢[复復][词詞]|种子|私[钥鑰]|密[码碼钥鑰]|口令|银行卡|信用卡|卡号|卡|安全码|"
    r"有效期|身份证|护照"
    r"|证件|号码|号|登录|登入|支付|交易|钱包|账户|账号|这|這|那|这里|就|是|为|我|的|您|你|好|给|"
    r"看|下|如|如下|"
    r"了|在|和|吧|啊|哦|呢|请|麻烦"
    r"|\b(?:recovery|seed|secret|backup|phrase|words?|mnemonic|private|key|priv|password|passwd|pwd"
    r"|pw|pin|card|number|no|code|cvv2?|cvc2?|exp(?:iry)?|date|login|account|wallet|id|passport|"
    r"visa"
    r"|mastercard|my|the|is|are|was|here|it|its|this|that|s|it's|and|ok|okay|hi|hello|please|for|"
    r"you"
    r"|to|of|wif|xprv|hex)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Found:
    """A text as it was written and the secrets in it, in order and without overlaps."""

    original: str
    spans: Sequence[Span]

    @property
    def kinds(self) -> frozenset[Kind]:
        """Which kinds of secrets there are."""
        return frozenset(span.kind for span in self.spans)

    def hidden(self, language: str) -> str:
        """The text with a mark in this language in the place of each secret."""
        parts, at = [], 0
        for span in self.spans:
            parts += [self.original[at : span.start], mark_of(span, language)]
            at = span.end
        return "".join([*parts, self.original[at:]])

    def says_nothing_else(self) -> bool:
        """Whether nothing is left without the secrets and the words that announce them."""
        rest = MARK.sub(" ", self.hidden("en"))
        return bool(self.spans) and not re.search(r"\w", _FILLER.sub(" ", rest).replace("_", ""))


def find(text: str) -> Found:
    """Find every secret in a text.

    What is found is covered and the rest read again, until there is nothing new: so a text that
    was redacted once holds nothing for a second time.
    """
    spans: list[Span] = []
    for _ in range(_MOST_ROUNDS):
        reading = Reading(text, spans)
        new = [span for finder in FINDERS for span in finder(reading)]
        if not new:
            break
        spans = _merged([*spans, *new])
    return Found(text, spans)


def redact(text: str, language: str) -> str:
    """The text without its secrets, marked in this language."""
    return find(text).hidden(language)


def redact_label(name: str) -> str:
    """A file's name without secrets; marked in Chinese if there is any Chinese in it."""
    return redact(name, "zh" if re.search(r"[\u4e00-\u9fff]", name) else "en")


def is_same(found: Found, stored: str) -> bool:
    """Whether this text, redacted in whatever language it then was, is what is stored."""
    return any(found.hidden(language) == stored for language in LANGUAGES)


def _merged(spans: Iterable[Span]) -> list[Span]:
    """The same secrets without overlaps; the graver kind names what two claim."""
    merged: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if merged and span.start < merged[-1].end:
            before = merged[-1]
            first = min(before, span, key=lambda each: _ORDER.index(each.kind))
            end = max(before.end, span.end)
            merged[-1] = Span(before.start, end, first.kind, first.tail)
        else:
            merged.append(span)
    return merged
