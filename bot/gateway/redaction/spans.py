"""What the finders of secrets speak in: kinds, spans, and the one thing that each of them is."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.gateway.redaction.reading import Reading


class Kind(StrEnum):
    """A kind of secret. Where two overlap, the one named first here names the whole."""

    PHRASE = "recovery_phrase"
    KEY = "private_key"
    IDENTITY = "identity_number"
    CARD = "card_number"
    PASSWORD = "password"
    CARD_CODE = "card_code"
    EXPIRY = "card_expiry"


OPENS_A_WALLET = frozenset({Kind.PHRASE, Kind.KEY})
"""Whoever has one of these has the money, at once and for good."""


@dataclass(frozen=True, slots=True)
class Span:
    """A secret's place in a text, from ``start`` up to ``end``, and what may stay readable."""

    start: int
    end: int
    kind: Kind
    tail: str = ""
    """The last four digits of a card: payments are told apart by them."""


Finder = Callable[["Reading"], Iterable[Span]]
"""Finds one kind of secret. Its spans may overlap each other and those of other finders."""
