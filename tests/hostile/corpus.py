"""The corpora: what hostile text there is, and how the desk must have stored it.

Knows the files beside it and nothing of the desk. A line is a JSON object: ``text`` (repeated
``times`` times) or, for what is no text, the bytes in ``hex``; and a ``note`` that says why it is
there.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "corpora"
LONGEST = 4000
UNREADABLE = "\ufffd"
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True)
class Line:
    """One hostile message: where it stands, why, and what is said."""

    corpus: str
    number: int
    note: str
    text: str
    raw: bytes | None = None

    @property
    def stored(self) -> str:
        """The text as the transcript must have it: as said, but for what nothing can hold."""
        return _UNSTORABLE.sub(UNREADABLE, self.text)

    def __str__(self) -> str:
        return f"{self.corpus}:{self.number}: {self.note}"


def corpora() -> list[str]:
    """The names of all corpora."""
    return sorted(file.stem for file in FOLDER.glob("*.jsonl"))


def lines(*names: str) -> list[Line]:
    """Every line of these corpora, in order."""
    return [line for name in names for line in _read(name)]


def _read(name: str) -> list[Line]:
    rows = (FOLDER / f"{name}.jsonl").read_text("utf-8").splitlines()
    return [_line(name, number, json.loads(row)) for number, row in enumerate(rows, start=1)]


def _line(corpus: str, number: int, row: dict[str, str | int]) -> Line:
    note = str(row["note"])
    if "hex" in row:
        raw = bytes.fromhex(str(row["hex"]))
        return Line(corpus, number, note, raw.decode("utf-8", errors="replace"), raw)
    return Line(corpus, number, note, str(row["text"]) * int(row.get("times", 1)))
