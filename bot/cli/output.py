"""What programs read: JSON on standard output, always valid and always UTF-8.

Knows terminals, pipes and readers who leave. Leaves words for people to ``say``.
"""

from __future__ import annotations

import io
import json
import os
import sys
import unicodedata
from typing import Any


class ForPrograms:
    """Within: standard output as programs expect it, and a reader may leave (``| head``)."""

    def __enter__(self) -> None:
        if isinstance(sys.stdout, io.TextIOWrapper):
            # Half a character from somebody's input becomes \udc00, which JSON reads back.
            sys.stdout.reconfigure(encoding="utf-8", errors="backslashreplace")

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> bool:
        try:
            sys.stdout.flush()
        except BrokenPipeError as broken:
            error = error or broken
        if not isinstance(error, BrokenPipeError):
            return False
        # What is still buffered has nowhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return True


def print_json(value: Any, *, indent: int | None = None) -> None:
    """One JSON value, at once; on one line unless indented."""
    print(json.dumps(value, ensure_ascii=False, indent=indent), flush=True)


def for_people_or_programs() -> int | None:
    """The indent that suits whoever reads: people at a terminal, programs elsewhere."""
    return 2 if sys.stdout.isatty() else None


def padded(text: str, width: int) -> str:
    """``text`` filled up to ``width`` columns of a terminal, where Han characters take two."""
    return text + " " * (width - columns(text))


def columns(text: str) -> int:
    """How many columns of a terminal ``text`` takes."""
    if text.isascii():
        return len(text)
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)
