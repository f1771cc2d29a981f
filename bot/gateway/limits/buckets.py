"""Token buckets in this process' memory.

Knows the arithmetic: a bucket is one whole number, the moment (in microseconds) at which it will
be full again. Leaves what a key stands for to ``gate``. ``shared`` does the same in Redis.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.gateway.limits.table import Rate

MOST_KEYS = 100_000
"""Some 15 MB; then the bucket that was longest unused is forgotten, that is, full."""


@dataclass(frozen=True, slots=True)
class Want:
    """So much is wanted of one bucket; never more than its size."""

    key: str
    rate: Rate
    cost: int = 1


@dataclass(frozen=True, slots=True)
class Refusal:
    """Which of the buckets has too little, by its place, and for how many microseconds."""

    place: int
    wait: int

    @property
    def retry_after(self) -> int:
        """Whole seconds after which the same is let through, if nobody else comes first."""
        return max(1, -(-self.wait // 1_000_000))


class Buckets(Protocol):
    """Keeps count."""

    async def take(self, wants: Sequence[Want]) -> Refusal | None:
        """Take all or, where one bucket has too little, nothing.

        So what is refused to one conversation takes nothing from its brand.
        """

    async def close(self) -> None:
        """Let go of what was opened."""


def microseconds() -> int:
    """A clock that never goes back."""
    return time.monotonic_ns() // 1000


class MemoryBuckets:
    """Buckets of one process; gone when it ends."""

    def __init__(self, now: Callable[[], int] = microseconds, most_keys: int = MOST_KEYS) -> None:
        self._now, self._most_keys = now, most_keys
        self._full_at: OrderedDict[str, int] = OrderedDict()

    async def take(self, wants: Sequence[Want]) -> Refusal | None:
        """Take all or nothing; there is no await in here, so nobody comes between."""
        now = self._now()
        after = [
            max(self._full_at.get(want.key, 0), now) + want.cost * want.rate.interval
            for want in wants
        ]
        waits = [
            at - want.rate.size * want.rate.interval - now
            for at, want in zip(after, wants, strict=True)
        ]
        longest = max(waits, default=0)
        if longest > 0:
            return Refusal(waits.index(longest), longest)
        for at, want in zip(after, wants, strict=True):
            self._full_at[want.key] = at
            self._full_at.move_to_end(want.key)
        while len(self._full_at) > self._most_keys:
            self._full_at.popitem(last=False)
        return None

    async def close(self) -> None:
        """Nothing was opened."""
