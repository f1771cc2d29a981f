"""Reads an import file in JSON or JSON Lines in constant memory, however large its lists are.

Knows both forms, how they are told apart, and what makes a text ambiguous or no JSON at all. Only
one record is held at a time. Leaves what the records mean to the importer.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Any, NoReturn

from actions.domain.errors import Fault
from actions.services.import_parts import LONGEST, TOO_LONG, End, Entry, Listed, Named, Parts
from actions.services.json_fields import NOT_LIST, NOT_OBJECT
from actions.services.json_places import joined, twice_in
from actions.services.json_text import LONG_NUMBER, TOO_DEEP, TWICE

LINES = (".jsonl", ".ndjson")
CHUNK = 1 << 16
NOT_JSON = "不是合法的 JSON（第 {0} 列） · is not JSON (column {0})"
NO_SUCH_VALUE = "{0} 不是合法的 JSON · {0} is not JSON"

_SPACE = re.compile(r"[ \t\r\n]*")

_LISTED = frozenset(map(str, Listed))

More = Callable[[], str]


class _Bad(Exception):
    """Here the text can't be read any further."""

    def __init__(self, message: str, line: int, path: str = "") -> None:
        self.fault = Fault(path, message, line)


def json_parts(file: IO[str], *, lines: bool) -> Parts:
    """The parts of a whole file. A line that is broken is a fault, and the next is read."""
    if not lines:
        yield from _document(_Window(lambda: file.read(CHUNK), 1))
        return
    number = 0
    while True:
        number += 1
        line = _Line(file)
        window = _Window(line.more, number)
        if window.peek():
            yield from _document(window)
        line.skip()
        if line.was_last:
            return


def has_lines(path: Path) -> bool:
    """Whether the file is JSON Lines: by its name, or by a first line that is whole in itself."""
    if path.suffix in LINES:
        return True
    with path.open(encoding="utf-8-sig", newline="\n") as file:
        first = 0
        while not (line := file.readline(CHUNK)).strip():
            if not line:
                return False
            first = file.tell() if line.endswith("\n") else first
        while line and not line.endswith("\n"):
            line = file.readline(CHUNK)
        if not any(piece.strip() for piece in iter(lambda: file.read(CHUNK), "")):
            return False
        file.seek(first)
        return not any(isinstance(part, Fault) for part in _document(_first_line(file)))


def _first_line(file: IO[str]) -> _Window:
    return _Window(_Line(file).more, 1)


class _Line:
    """One line of a file, in pieces: a line may be as long as a file."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self._ended = False
        self.was_last = False

    def more(self) -> str:
        """The next piece, without what ends the line; nothing once it has ended."""
        if self._ended:
            return ""
        piece = self._file.readline(CHUNK)
        self.was_last = not piece
        self._ended = not piece or piece.endswith("\n")
        return piece.removesuffix("\n")

    def skip(self) -> None:
        """Leave out what is left of the line."""
        while self.more():
            pass


class _Window:
    """The part of a text that has been read and not been used, and where in the file it is."""

    def __init__(self, more: More, line: int) -> None:
        self._more = more
        self._text = ""
        self._at = 0
        self._before = 0  # characters of the first line here that are no longer held
        self._ended = False
        self._decoder = json.JSONDecoder(object_pairs_hook=self._object, parse_constant=_refuse)
        self._repeated = False
        self.line = line

    def peek(self) -> str:
        """The next character that is no space; empty at the end."""
        found = self._text[self._at : self._at + 1]
        if found > " ":
            return found
        while True:
            at = _SPACE.match(self._text, self._at).end()  # type: ignore[union-attr]
            self._go(at)
            if at < len(self._text) or not self._fill():
                return self._text[at : at + 1]

    def take(self, expected: str) -> str:
        """Go past the next character, one of ``expected``."""
        found = self.peek()
        if not found or found not in expected:
            raise _Bad(NOT_JSON.format(self._column(self._at)), self.line)
        self._at += 1
        return found

    def value(self, path: str) -> tuple[Any, str, int]:
        """Read one value: what it is, how it stands there, and its line."""
        self.peek()
        line = self.line
        while True:
            self._repeated = False
            try:
                found, end = self._decoder.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                if not self._fill():
                    place = self.line + self._text.count("\n", self._at, error.pos)
                    raise _Bad(NOT_JSON.format(self._column(error.pos)), place) from None
            except RecursionError:
                raise _Bad(TOO_DEEP, line, path) from None
            except _NoSuchValue as error:
                place = self._text.find(str(error), self._at)
                below = self._text.count("\n", self._at, max(place, self._at))
                raise _Bad(NO_SUCH_VALUE.format(error), line + below, path) from None
            except ValueError:
                raise _Bad(LONG_NUMBER, line, path) from None
            else:
                # A number may go on in what hasn't been read: "1", "1e+" are not "1e+9" yet.
                if end + 2 < len(self._text) or not self._fill():
                    break
            if len(self._text) - self._at > LONGEST:
                raise _Bad(TOO_LONG, line, path)
        text = self._text[self._at : end]
        self._go(end)
        return found, text, line

    def repeated(self, text: str, line: int, path: str) -> Iterator[Fault]:
        """What the value that was just read says twice: nobody could tell which one counts."""
        if self._repeated:
            for twice, below in twice_in(text):
                yield Fault(joined(path, twice), TWICE, line + below)

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            self._repeated = True
        return found

    def _fill(self) -> bool:
        piece = "" if self._ended else self._more()
        self._ended = not piece
        if piece:
            last = self._text.rfind("\n", 0, self._at)
            self._before = self._at - last - 1 if last >= 0 else self._before + self._at
            self._text = self._text[self._at :] + piece
            self._at = 0
        return bool(piece)

    def _go(self, at: int) -> None:
        self.line += self._text.count("\n", self._at, at)
        self._at = at

    def _column(self, at: int) -> int:
        last = self._text.rfind("\n", 0, at)
        return at - last if last >= 0 else self._before + at + 1


def _document(window: _Window) -> Parts:
    """The parts of one object; a fault ends it. Nothing at all has no parts."""
    first = window.peek()
    line = window.line
    if not first:
        return
    try:
        if first != "{":
            if first != "[":
                window.value("")
            raise _Bad(NOT_OBJECT, window.line)
        yield from _members(window)
        if window.peek():
            window.take("")
        yield End(line)
    except _Bad as bad:
        yield bad.fault


def _members(window: _Window) -> Parts:
    seen: set[str] = set()
    window.take("{")
    last = window.peek() == "}" and window.take("}")
    while last != "}":
        if window.peek() != '"':
            window.take('"')
        name, _text, line = window.value("")
        if name in seen:
            yield Fault(name, TWICE, line)
        seen.add(name)
        window.take(":")
        yield from _items(window, name) if window.peek() == "[" else _member(window, name)
        last = window.take(",}")


def _member(window: _Window, name: str) -> Parts:
    found, text, line = window.value(name)
    yield from window.repeated(text, line, name)
    if name == "brand" and found is not None:
        yield Named(found, line)
    elif name in _LISTED and found is not None:
        yield Fault(name, NOT_LIST, line)


def _items(window: _Window, name: str) -> Parts:
    """A list at the top is read item by item, whether it is known or not."""
    window.take("[")
    last = window.peek() == "]" and window.take("]")
    number = 0
    while last != "]":
        path = f"{name}[{number}]"
        found, text, line = window.value(path)
        yield from window.repeated(text, line, path)
        if name in _LISTED:
            yield Entry(Listed(name), found, line, path, text)
        elif name == "brand":
            yield Named([found], line)
        last = window.take(",]")
        number += 1


class _NoSuchValue(ValueError):
    """Python would take NaN and Infinity for JSON."""


def _refuse(constant: str) -> NoReturn:
    raise _NoSuchValue(constant)
