"""A fact, and a find that may become one."""

from __future__ import annotations

from dataclasses import dataclass

SURE, USUAL, WEAK = 2, 1, 0
"""How much a find's own words say for its kind; of overlapping finds the surer one stands."""


@dataclass(frozen=True)
class Fact:
    """A fact of a message; ``start`` and ``end`` are positions in the original text.

    ``value`` is the normal form, ``text`` what was written (folded: no full-width forms);
    ``rejected`` where the message takes it back.
    """

    kind: str
    value: str
    start: int
    end: int
    text: str = ""
    rejected: bool = False


@dataclass(frozen=True)
class Find:
    """What an expression or a reader found; positions are those of the normalised text."""

    kind: str
    value: str
    start: int
    end: int
    sure: int = USUAL
    rejected: bool = False

    def overlaps(self, other: Find) -> bool:
        """Whether the two share a character."""
        return self.start < other.end and other.start < self.end
