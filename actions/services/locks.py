"""Wrong tries: how many there are before something rests, and for how long.

Knows the counting. Each service says what it counts and how strictly. A lock lies in the
database, so neither a restart nor a new conversation forgets it.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from actions.storage.tables import LockRow

FORGIVEN_AFTER = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Limit:
    """Every ``tries``-th wrong try in a row locks: at ``first`` for so long, then twice as long
    each time, ``longest`` at most. Tries are forgotten a day after the last.
    """

    tries: int
    first: timedelta
    longest: timedelta

    def count(self, lock: LockRow, now: datetime) -> bool:
        """Count a wrong try; True if that has locked."""
        if lock.failed_at is not None and now - lock.failed_at > FORGIVEN_AFTER:
            lock.failures = 0
        lock.failures += 1
        lock.failed_at = now
        if lock.failures % self.tries:
            return False
        doublings = min(lock.failures // self.tries - 1, 10)
        lock.locked_until = now + min(self.first * 2**doublings, self.longest)
        return True


def is_locked(lock: LockRow | None, now: datetime) -> bool:
    """Whether it rests now."""
    return lock is not None and lock.locked_until is not None and lock.locked_until > now


def forgive(lock: LockRow) -> None:
    """A right try: forget the wrong ones before it."""
    lock.failures, lock.failed_at, lock.locked_until = 0, None, None


def account_key(brand: str, account: str) -> str:
    """Where wrong codes for an account are counted; always locked after all other locks."""
    return key_of("account", brand, account)


def key_of(what: str, *about: str) -> str:
    """The key of what is counted; addresses and numbers in it can't be read from it."""
    digest = hashlib.sha256(json.dumps(about).encode()).hexdigest()
    return f"{what}:{digest}"
