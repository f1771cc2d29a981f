"""Reads a JSON or JSON Lines file as numbered objects, and finds the line of a path in one.

Knows both forms and how they are told apart. Leaves what the objects mean to the importer.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from actions.domain.errors import Fault, ImportRefused

LINES = (".jsonl", ".ndjson")
NOT_UTF8 = "不是 UTF-8 文本 · is not UTF-8 text"
TOO_DEEP = "嵌套太深 · is nested too deeply"

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+|\n', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Document:
    """One JSON value of a file, which begins at ``line``; ``text`` is as it stands there.

    ``broken`` says why it is no JSON, if it is none.
    """

    line: int
    text: str
    found: Any = None
    broken: Fault | None = None

    def located(self, faults: list[Fault]) -> list[Fault]:
        """The same faults, each with its own line of the file."""
        if "\n" not in self.text.rstrip("\n"):
            return [Fault(fault.path, fault.message, self.line) for fault in faults]
        lines = _lines_of(self.text)
        return [
            Fault(fault.path, fault.message, self.line + _nearest(fault.path, lines))
            for fault in faults
        ]


def documents(path: Path) -> Iterator[Document]:
    """The JSON values of a file one by one. Raises ``ImportRefused`` if it is not UTF-8."""
    if path.suffix in LINES or _has_a_value_a_line(path):
        for number, line in enumerate(_text_lines(path), start=1):
            if line.strip():
                yield _document(line, number)
    else:
        text = "".join(_text_lines(path))
        yield _document(text, 1)


def _has_a_value_a_line(path: Path) -> bool:
    """Whether the first line is a value by itself and others follow."""
    lines = (line for line in _text_lines(path) if line.strip())
    first, second = next(lines, ""), next(lines, "")
    try:
        json.loads(first)
    except (ValueError, RecursionError):
        return False
    return bool(second)


def _text_lines(path: Path) -> Iterator[str]:
    try:
        with path.open(encoding="utf-8-sig", newline="\n") as file:
            yield from file
    except UnicodeDecodeError:
        raise ImportRefused(Fault("", NOT_UTF8)) from None


def _document(text: str, line: int) -> Document:
    try:
        return Document(line, text, json.loads(text, parse_constant=_refuse))
    except json.JSONDecodeError as error:
        said = f"不是合法的 JSON(第 {error.colno} 列) · is not JSON (column {error.colno})"
        return Document(line, text, broken=Fault("", said, line + error.lineno - 1))
    except RecursionError:
        return Document(line, text, broken=Fault("", TOO_DEEP, line))
    except ValueError as error:
        said = f"{error} 不是合法的 JSON · {error} is not JSON"
        return Document(line, text, broken=Fault("", said, line))


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _nearest(path: str, lines: dict[str, int]) -> int:
    """The line of ``path``, or of the nearest thing around it that is there."""
    while path and path not in lines:
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    return lines.get(path, 0)


def _lines_of(text: str) -> dict[str, int]:
    """Where each value of a valid JSON text begins: path → lines from the text's first."""
    lines: dict[str, int] = {}
    line = 0
    path: list[str | int] = []  # of the value that comes next: keys, and places in lists
    key = ""
    for token in _TOKEN.findall(text):
        if token == "\n":
            line += 1
            continue
        if token in "}]":
            path.pop()
        elif token == ",":
            if isinstance(path[-1], int):
                path[-1] += 1
        elif token == ":":
            path[-1] = key
        else:
            key = json.loads(token) if token.startswith('"') else ""
            lines.setdefault(_written(path), line)
            if token == "{":
                path.append("")
            elif token == "[":
                path.append(0)
    return lines


def _written(path: list[str | int]) -> str:
    written = ""
    for step in path:
        if isinstance(step, int):
            written += f"[{step}]"
        elif step:
            written += f".{step}" if written else step
    return written
