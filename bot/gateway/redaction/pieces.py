"""A recovery phrase sent in pieces: word by word, or in two halves.

Knows a customer's last messages as texts, oldest first. Leaves reading them from the database and
writing the marks into it to ``bot.gateway.transcript``.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.gateway.redaction.finding import Found, find
from bot.gateway.redaction.marks import MARK, is_phrase_mark
from bot.gateway.redaction.phrases import CUE, part_language
from bot.gateway.redaction.reading import Reading
from bot.gateway.redaction.spans import Kind, Span

MOST_MESSAGES = 26
"""How far back to look: 24 words, each by itself, and what announced them."""


def may_be_a_piece(text: str) -> bool:
    """Whether this text is nothing but a few recovery words."""
    return part_language(text) is not None


def find_in_pieces(earlier: Sequence[str], text: str) -> list[Found]:
    """The same texts, and the new one last, with the parts of phrases that go through them.

    Only texts that are nothing but words of a phrase are joined, and the one that announced them.
    """
    joined = [text]
    for before in reversed(earlier):
        joined.insert(0, before)
        if not may_be_a_piece(before) and not _is_hidden_phrase(before):
            if not CUE.search(Reading(before).folded):
                joined.pop(0)
            break
    spans = [span for span in find("\n".join(joined)).spans if span.kind is Kind.PHRASE]
    found, at = [Found(before, ()) for before in earlier[: len(earlier) + 1 - len(joined)]], 0
    for part in joined:
        cut = [_cut(span, at, at + len(part)) for span in spans]
        found.append(Found(part, [span for span in cut if span.start < span.end]))
        at += len(part) + 1
    return found


def may_be_a_piece_hidden_later(text: str, stored: str) -> bool:
    """Whether ``stored`` may be what was left of ``text`` once its other pieces had come."""
    return may_be_a_piece(text) and _is_hidden_phrase(stored)


def _is_hidden_phrase(text: str) -> bool:
    mark = MARK.search(text)
    return mark is not None and is_phrase_mark(mark[0])


def _cut(span: Span, start: int, end: int) -> Span:
    """The part of a span that lies in one of the texts, in that text's own places."""
    return Span(max(span.start, start) - start, min(span.end, end) - start, span.kind)
