"""What can be exported and how it is written; the words that the command line takes."""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What can be exported."""

    CASES = "cases"
    CONVERSATIONS = "conversations"
    MESSAGES = "messages"


class Format(StrEnum):
    """How it is written."""

    JSONL = "jsonl"
    CSV = "csv"
