"""SQLite files from which rows were deleted, so that their bytes are gone from the disk too.

Knows that deleting overwrites (``secure_delete``), that the write-ahead log has to be emptied, and
that pages which SQLite once rearranged may hold copies that only a rewrite of the file removes.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from actions.domain.errors import StoreBusy

BUSY_SECONDS = 5.0
"""Both the desk and Rasa wait for a lock as long as this; nothing here holds one longer."""
MOST_REWRITTEN = 256 * 1024 * 1024
"""Bytes of a file that are rewritten while the desk runs: about a second. A larger one is for
the operator to rewrite while the desk stands still.
"""


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that overwrites what it deletes; each statement is its own transaction.

    Raises:
        StoreBusy: others have held the file for too long.
    """
    try:
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        with closing(connection):
            connection.execute("PRAGMA secure_delete=ON")
            yield connection
    except sqlite3.OperationalError as error:
        if "locked" not in str(error) and "busy" not in str(error):
            raise
        raise StoreBusy() from error


def rewrite(path: Path) -> bool:
    """Rewrite the file without what was deleted, and empty its log; False if it is too large
    for that, and only the log was emptied.

    Raises:
        StoreBusy: others have held the file for too long.
    """
    if not path.exists():
        return True
    small = path.stat().st_size <= MOST_REWRITTEN
    with opened(path) as connection:
        if small:
            connection.execute("VACUUM")
        busy, _pages, _moved = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        if busy:
            raise StoreBusy()
    return small
