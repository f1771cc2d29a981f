"""Secrets in what people write, found and hidden before anything is stored.

One module a kind of secret, each a finder of spans; ``finding`` runs them all and writes the marks.
Knows texts only: what a conversation does about it is ``bot.gateway.caution``'s.
"""

from bot.gateway.redaction.finding import Found, find, is_same, redact, redact_label
from bot.gateway.redaction.marks import name_of
from bot.gateway.redaction.pieces import (
    MOST_MESSAGES,
    find_in_pieces,
    may_be_a_piece,
    may_be_a_piece_hidden_later,
)
from bot.gateway.redaction.spans import OPENS_A_WALLET, Kind
from bot.gateway.redaction.wordlists import words as load_word_lists

__all__ = [
    "MOST_MESSAGES",
    "OPENS_A_WALLET",
    "Found",
    "Kind",
    "find",
    "find_in_pieces",
    "is_same",
    "load_word_lists",
    "may_be_a_piece",
    "may_be_a_piece_hidden_later",
    "name_of",
    "redact",
    "redact_label",
]
