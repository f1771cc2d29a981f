"""Opens an import file: which form it has, in which encoding, and how much of it has been read.

Knows how forms and encodings are told apart. Leaves each form to its own module.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from actions.domain.errors import Fault, ImportRefused
from actions.services.csv_file import csv_parts, is_table
from actions.services.import_parts import Parts
from actions.services.json_stream import has_lines, json_parts
from actions.services.json_text import NOT_UTF8

UTF8 = "utf-8-sig"
GB18030 = "gb18030"
CHUNK = 1 << 16


@dataclass(frozen=True, slots=True)
class ImportFile:
    """A file whose form and encoding are known."""

    path: Path
    encoding: str
    table: bool
    lines: bool

    @classmethod
    def at(cls, path: Path) -> ImportFile:
        """Look a file over. Raises ``ImportRefused`` where it is in no encoding known here."""
        wrong = _not_in(path, "utf-8")
        if wrong is None:
            table = is_table(path, UTF8)
            return cls(path, UTF8, table, not table and has_lines(path))
        # What Excel saves as CSV in Chinese, if the whole file is that and its header makes sense.
        if _not_in(path, GB18030) is None and is_table(path, GB18030):
            return cls(path, GB18030, table=True, lines=False)
        raise ImportRefused(Fault("", NOT_UTF8, wrong))

    @contextmanager
    def opened(self) -> Iterator[tuple[TextIO, Parts]]:
        """The open file, and its parts as they are read from it."""
        newline = "" if self.table else "\n"
        with self.path.open(encoding=self.encoding, newline=newline) as file:
            yield file, csv_parts(file) if self.table else json_parts(file, lines=self.lines)


def _not_in(path: Path, encoding: str) -> int | None:
    """The line of the first byte that is no text in ``encoding``; None if there is none."""
    decoder = codecs.getincrementaldecoder(encoding)()
    line = 1
    with path.open("rb") as file:
        while True:
            chunk = file.read(CHUNK)
            held = decoder.getstate()[0]
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                return line + (held + chunk).count(b"\n", 0, error.start)
            if not chunk:
                return None
            line += chunk.count(b"\n")
