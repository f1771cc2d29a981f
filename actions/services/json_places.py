"""Where in a JSON text each value stands: its path, and the line that it begins on.

Knows texts that are valid JSON. Leaves what is wrong with a value to whoever found that out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence

from actions.domain.errors import Fault

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+|\n', re.DOTALL)


def located(faults: Iterable[Fault], text: str, line: int, under: str) -> list[Fault]:
    """The faults of a value that begins on ``line`` of a file, at the path ``under``: each with
    its own line and its path from the file's top.
    """
    lines: dict[str, int] = {}
    if "\n" in text:
        for path, below in _places(text):
            lines.setdefault(path, below)
    return [
        Fault(joined(under, fault.path), fault.message, line + _nearest(fault.path, lines))
        for fault in faults
    ]


def twice_in(text: str) -> Iterator[tuple[str, int]]:
    """Each path that the text has more than once, with its line, counted from the text's first."""
    seen: set[str] = set()
    for path, line in _places(text):
        if path in seen:
            yield path, line
        seen.add(path)


def joined(under: str, path: str) -> str:
    """A path that continues another."""
    return f"{under}.{path}" if under and path and not path.startswith("[") else under + path


def _nearest(path: str, lines: dict[str, int]) -> int:
    """The line of ``path``, or of the nearest thing around it that is there."""
    while path and path not in lines:
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    return lines.get(path, 0)


def _places(text: str) -> Iterator[tuple[str, int]]:
    """The path of each value of a valid JSON text, and its line, counted from the first."""
    line = 0
    path: list[str | int | None] = []  # keys, and places in lists; None where a key comes next
    for token in _TOKEN.findall(text):
        if token == "\n":
            line += 1
        elif token in "}]":
            path.pop()
        elif token == ",":
            path[-1] = path[-1] + 1 if isinstance(path[-1], int) else None
        elif path and path[-1] is None:
            path[-1] = str(json.loads(token))
            yield _written(path), line
        elif token != ":":
            if not path or isinstance(path[-1], int):
                yield _written(path), line
            if token in "{[":
                path.append(None if token == "{" else 0)


def _written(path: Sequence[str | int | None]) -> str:
    written = ""
    for step in path:
        if isinstance(step, int):
            written += f"[{step}]"
        elif step:
            written += f".{step}" if written else step
    return written
