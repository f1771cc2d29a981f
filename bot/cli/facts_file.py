"""Tells a file with one JSON value, over as many lines as it likes, from JSON Lines.

Knows lines only, and reads no more of them than it must. Leaves what is wrong with a value,
and what it means, to whoever reads it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import Any

Line = tuple[int, bytes]


@dataclass(frozen=True, slots=True)
class Texts:
    """The JSON texts of a file, each with the line it begins on; ``one`` if it is a single one."""

    one: bool
    numbered: Iterator[Line]


def texts_of(lines: Iterable[bytes]) -> Texts:
    """Look as far into ``lines`` as it takes. Blank lines count, and are no texts.

    A first line that is no JSON by itself is the beginning of a longer value if the whole
    file is one, or if no other line is an object by itself; else it is a broken line.
    """
    numbered = ((n, line) for n, line in enumerate(lines, start=1) if line.strip())
    first = next(numbered, None)
    if first is None:
        return Texts(True, iter([(1, b"")]))
    second = next(numbered, None)
    if second is None:
        return Texts(True, iter([first]))
    seen = [first, second]
    error = _error_in(first[1])
    if error is None:
        return Texts(False, chain(seen, numbered))
    if _goes_on(error, first[1]):
        seen += numbered
        if first[1].lstrip().startswith(b"[") or _error_in(_whole(seen)) is None:
            return Texts(True, iter([(1, _whole(seen))]))
    if _read_to_an_object(seen, numbered):
        return Texts(False, chain(seen, numbered))
    return Texts(True, iter([(1, _whole(seen))]))


def _read_to_an_object(seen: list[Line], more: Iterator[Line]) -> bool:
    """Whether a line after the first is an object by itself; those read are added to ``seen``."""
    if any(_is_object(line) for _, line in seen[1:]):
        return True
    for line in more:
        seen.append(line)
        if _is_object(line[1]):
            return True
    return False


def _whole(lines: list[Line]) -> bytes:
    """The lines as one text, the blank ones between them too: an error names its line."""
    text = bytearray()
    before = 0
    for number, line in lines:
        text += b"\n" * (number - before - 1) + line
        before = number
    return bytes(text)


def _error_in(text: bytes) -> Exception | None:
    try:
        json.loads(text.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        return error
    return None


def _goes_on(error: Exception, line: bytes) -> bool:
    """Whether a broken line could be mended by what follows: it breaks off at its end."""
    end = len(line.decode("utf-8-sig", errors="replace").rstrip())
    return isinstance(error, RecursionError) or (
        isinstance(error, json.JSONDecodeError) and error.pos >= end
    )


def _is_object(line: bytes) -> bool:
    try:
        found: Any = json.loads(line)
    except (ValueError, RecursionError):
        return False
    return isinstance(found, dict)
