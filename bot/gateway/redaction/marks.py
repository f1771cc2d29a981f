"""What stands in the place of a secret, in both languages, and how it is known again."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.gateway.redaction.spans import Kind, Span

NAMES: Mapping[Kind, Mapping[str, str]] = {
    Kind.PHRASE: {"zh": "助记词", "en": "recovery phrase"},
    Kind.KEY: {"zh": "私钥", "en": "private key"},
    Kind.IDENTITY: {"zh": "证件号码", "en": "identity number"},
    Kind.CARD: {"zh": "银行卡号", "en": "card number"},
    Kind.PASSWORD: {"zh": "密码", "en": "password"},
    Kind.CARD_CODE: {"zh": "安全码", "en": "security code"},
    Kind.EXPIRY: {"zh": "卡有效期", "en": "card expiry"},
}

_ZH, _EN = (
    "|".join(re.escape(names[language]) for names in NAMES.values()) for language in ("zh", "en")
)
MARK = re.compile(
    rf"\[(?:(?:{_ZH})已隐藏(?:，尾号 [0-9]{{4}})?|(?:{_EN}) removed(?:, ends in [0-9]{{4}})?)\]"
)
_PHRASE_MARKS = tuple(f"[{name}" for name in NAMES[Kind.PHRASE].values())


def mark_of(span: Span, language: str) -> str:
    """The words in the brackets: ``[银行卡号已隐藏，尾号 4242]``, ``[password removed]``."""
    name = NAMES[span.kind][language]
    if language == "zh":
        return f"[{name}已隐藏，尾号 {span.tail}]" if span.tail else f"[{name}已隐藏]"
    return f"[{name} removed, ends in {span.tail}]" if span.tail else f"[{name} removed]"


def is_phrase_mark(mark: str) -> bool:
    """Whether this mark stands for a recovery phrase."""
    return mark.startswith(_PHRASE_MARKS)


def name_of(kind: Kind, language: str) -> str:
    """What this kind of secret is called."""
    return NAMES[kind][language]
