"""How often somebody may ask: one token bucket for each key, in this process' memory.

Knows time and counting. Leaves what a key stands for to its callers.
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable

from bot.gateway.errors import ChatError

MOST_KEYS = 50_000


class Limiter:
    """Lets ``a_minute`` calls a minute through for each key, and that many at once."""

    def __init__(self, a_minute: int, *, now: Callable[[], float] = time.monotonic) -> None:
        self._size = float(a_minute)
        self._rate = a_minute / 60
        self._now = now
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str) -> None:
        """Count one call.

        Raises:
            ChatError: too many; ``Retry-After`` says in how many seconds one more is let through.
        """
        now = self._now()
        left, since = self._buckets.pop(key, (self._size, now))
        left = min(self._size, left + (now - since) * self._rate)
        allowed = left >= 1
        self._buckets[key] = (left - 1 if allowed else left, now)
        if len(self._buckets) > MOST_KEYS:
            self._buckets.popitem(last=False)
        if not allowed:
            wait = max(1, math.ceil((1 - left) / self._rate))
            raise ChatError("too_many_requests", headers={"Retry-After": str(wait)})
