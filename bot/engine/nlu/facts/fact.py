"""A fact, and a find that may become one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

SURE, USUAL, WEAK = 2, 1, 0
"""How much a find's own words say for its kind; of overlapping finds the surer one stands."""

Placed = TypeVar("Placed")


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


def apart(
    finds: Iterable[Placed],
    rank: Callable[[Placed], Any],
    place: Callable[[Placed], tuple[int, int]],
) -> list[Placed]:
    """Of overlapping finds the one that ranks first, in the order of the text.

    Takes time in proportion to the text, however many there are.
    """
    ranked = sorted(finds, key=rank)
    taken = bytearray(max((place(find)[1] for find in ranked), default=0))
    standing = []
    for find in ranked:
        start, end = place(find)
        if not any(taken[start:end]):
            taken[start:end] = b"\1" * (end - start)
            standing.append(find)
    return sorted(standing, key=place)
