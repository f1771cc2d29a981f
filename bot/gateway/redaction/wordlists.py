"""The word lists of recovery phrases (BIP-39), as one dictionary for all languages.

Read from the ``mnemonic`` package once, at the first use; the gateway does it when it starts.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from mnemonic import Mnemonic

from bot.gateway.redaction.reading import fold_word

CHINESE = frozenset({"chinese_simplified", "chinese_traditional"})


@cache
def words() -> Mapping[str, Mapping[str, int]]:
    """Each word, folded, with the languages that have it and its number there (0 to 2047)."""
    found: dict[str, dict[str, int]] = {}
    for language in Mnemonic.list_languages():
        for number, word in enumerate(Mnemonic(language).wordlist):
            found.setdefault(fold_word(word), {})[language] = number
    return found
