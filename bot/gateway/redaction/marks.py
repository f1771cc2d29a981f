"""What stands in the place of a secret, in both languages, and how it is known again.

Traditional Chinese is written out here, unlike anywhere else: a mark has to be known again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.gateway.redaction.spans import Kind, Span

NAMES: Mapping[Kind, Mapping[str, str]] = {
    Kind.PHRASE: {"zh": "助记词", "zh-Hant": "助記詞", "en": "recovery phrase"},
    Kind.KEY: {"zh": "私钥", "zh-Hant": "私鑰", "en": "private key"},
    Kind.IDENTITY: {"zh": "证件号码", "zh-Hant": "證件號碼", "en": "identity number"},
    Kind.CARD: {"zh": "银行卡号", "zh-Hant": "銀行卡號", "en": "card number"},
    Kind.PASSWORD: {"zh": "密码", "zh-Hant": "密碼", "en": "password"},
    Kind.CARD_CODE: {"zh": "安全码", "zh-Hant": "安全碼", "en": "security code"},
    Kind.EXPIRY: {"zh": "卡有效期", "zh-Hant": "卡有效期", "en": "card expiry"},
}

WORDING: Mapping[str, tuple[str, str]] = {
    "zh": ("[{name}已隐藏]", "[{name}已隐藏，尾号 {tail}]"),
    "zh-Hant": ("[{name}已隱藏]", "[{name}已隱藏，尾號 {tail}]"),
    "en": ("[{name} removed]", "[{name} removed, ends in {tail}]"),
}
"""The mark without and with the secret's last digits."""


def _known_again(language: str, form: str) -> str:
    names = "|".join(re.escape(names[language]) for names in NAMES.values())
    return re.escape(form).replace(r"\{name\}", f"(?:{names})").replace(r"\{tail\}", "[0-9]{4}")


MARK = re.compile(
    "|".join(_known_again(language, form) for language, forms in WORDING.items() for form in forms)
)
_PHRASE_MARKS = tuple(f"[{name}" for name in NAMES[Kind.PHRASE].values())


def mark_of(span: Span, language: str) -> str:
    """The words in the brackets: ``[银行卡号已隐藏，尾号 4242]``, ``[password removed]``."""
    without, with_tail = WORDING[language]
    form = with_tail if span.tail else without
    return form.format(name=NAMES[span.kind][language], tail=span.tail)


def is_phrase_mark(mark: str) -> bool:
    """Whether this mark stands for a recovery phrase."""
    return mark.startswith(_PHRASE_MARKS)


def name_of(kind: Kind, language: str) -> str:
    """What this kind of secret is called."""
    return NAMES[kind][language]
