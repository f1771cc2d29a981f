"""What the command line says: Chinese first, then English, short.

Knows how a line, an error and a file's tail look. Leaves to the callers what to say.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import NoReturn

import typer

TAIL_LINES = 25


class Trouble(Exception):
    """Something a person can put right; said in both languages, without a traceback."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(f"{zh}\n{en}")
        self.zh, self.en = zh, en


def say(zh: str, en: str) -> None:
    """One line for people, on standard output."""
    print(f"{zh} · {en}", flush=True)


def warn(zh: str, en: str) -> None:
    """One line for people that must not end up in a pipe."""
    print(f"{zh} · {en}", file=sys.stderr, flush=True)


def fail(trouble: Trouble, code: int = 1) -> NoReturn:
    """Say what is wrong and leave with ``code``."""
    print(f"错误：{trouble.zh}\nError: {trouble.en}", file=sys.stderr, flush=True)
    raise typer.Exit(code)


def tail(path: Path, lines: int = TAIL_LINES) -> str:
    """The last lines of a log, indented; empty if there is none."""
    if not path.exists():
        return ""
    text = path.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:]
    return "\n".join(f"    {line}" for line in text)
