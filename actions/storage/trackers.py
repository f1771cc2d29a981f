"""Rasa's tracker store as a file: what it remembers of a conversation can be taken out of it.

Knows its one table and that Rasa may be writing meanwhile. Rasa 3.6 keeps no copy in memory: its
store asks the file at each turn, and only while saving fails does Rasa fall back to memory; so
locks here are short, a few conversations at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from actions.storage.scrub import opened, rewrite

AT_ONCE = 20

_THERE = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'events'"


class Trackers:
    """The tracker store at a path; none yet is fine."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def forget(self, conversations: Sequence[str]) -> int:
        """Delete all events of these conversations; how many there were. Raises ``StoreBusy``."""
        if not self._path.exists():
            return 0
        gone = 0
        with opened(self._path) as connection:
            if connection.execute(_THERE).fetchone() is None:
                return 0
            for start in range(0, len(conversations), AT_ONCE):
                some = conversations[start : start + AT_ONCE]
                marks = ", ".join("?" * len(some))
                gone += connection.execute(
                    f"DELETE FROM events WHERE sender_id IN ({marks})", some
                ).rowcount
        return gone

    def rewrite(self) -> bool:
        """See ``scrub.rewrite``."""
        return rewrite(self._path)

    def events(self, conversation: str) -> Iterator[dict[str, Any]]:
        """What Rasa remembers of a conversation, as its store has it, oldest first."""
        if not self._path.exists():
            return
        with opened(self._path) as connection:
            if connection.execute(_THERE).fetchone() is None:
                return
            rows = connection.execute(
                "SELECT type_name, timestamp, data FROM events WHERE sender_id = ? ORDER BY id",
                [conversation],
            )
            for type_name, timestamp, data in rows:
                yield {"type": type_name, "timestamp": timestamp, "data": data}
