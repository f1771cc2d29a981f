"""What a customer's message is warned about, and what of it may be kept.

Knows which warning a message gets (one at most) and when the warning is answer enough. Leaves
finding secrets to ``redaction``, impostors to ``impostor`` and storing to ``transcript``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.gateway import words
from bot.gateway.impostor import is_about_an_impostor
from bot.gateway.redaction import OPENS_A_WALLET, Found, Kind, find, name_of

REDACTED_RESPONSE = "desk_redacted"
IMPOSTOR_RESPONSE = "desk_impostor"
WARNINGS = (REDACTED_RESPONSE, IMPOSTOR_RESPONSE)
NOTHING_TO_ADD = frozenset({"utter_not_understood", "utter_out_of_scope", "utter_which_of_two"})
"""Answers of the bot's that say less than a warning given already."""

_NEEDED_IN_A_FORM = frozenset({Kind.CARD, Kind.EXPIRY, Kind.CARD_CODE})
"""A card's last four digits may be what was asked for: then Rasa has to see them."""


@dataclass(frozen=True)
class Warning:
    """What the customer is told at once."""

    response: str
    text: str


@dataclass(frozen=True)
class Read:
    """A message as it was written, read with care."""

    found: Found
    impostor: bool

    @classmethod
    def of(cls, text: str) -> Read:
        """Read a text; takes longer than a look, so do it outside of transactions."""
        return cls(find(text), is_about_an_impostor(text))

    def warning(self, language: str) -> Warning | None:
        """The one warning that this message gets."""
        kinds = self.found.kinds
        if not kinds:
            return self._about_impostors(language)
        text = _redacted(kinds, language)
        if self.impostor and not kinds & OPENS_A_WALLET:
            text = f"{text}\n{words.IMPOSTOR[language]}"
        return Warning(REDACTED_RESPONSE, text)

    def _about_impostors(self, language: str) -> Warning | None:
        return Warning(IMPOSTOR_RESPONSE, words.IMPOSTOR[language]) if self.impostor else None

    def is_answered_by_its_warning(self, *, asked: bool) -> bool:
        """Whether nothing is left to answer. ``asked``: the bot was waiting for some fact."""
        needed = asked and self.found.kinds <= _NEEDED_IN_A_FORM
        return not needed and self.found.says_nothing_else()


def _redacted(kinds: frozenset[Kind], language: str) -> str:
    wallet = [kind for kind in Kind if kind in kinds & OPENS_A_WALLET]
    told: Sequence[Kind] = wallet or [kind for kind in Kind if kind in kinds]
    names = words.LIST_SIGN[language].join(name_of(kind, language) for kind in told)
    if wallet:
        return words.REDACTED_WALLET[language].format(names=names)
    about = words.REDACTED_PASSWORD if Kind.PASSWORD in kinds else words.REDACTED_DATA
    return about[language].format(names=names)
