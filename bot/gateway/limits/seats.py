"""How many things may stay open at once: streams, long polls, uploads.

Counts in this process alone: what is open holds a connection and memory here. The newest is
refused, not the oldest closed: whoever is in a chat stays in it, and tabs beyond the limit don't
push each other out for ever.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from bot.gateway.errors import ChatError
from bot.gateway.limits.table import Scope
from bot.gateway.metrics import Metrics

RETRY_SECONDS = 5
"""A guess: nobody knows when another will go."""


class Seats:
    """``most`` for each scope; ``is_open`` when limits are off."""

    def __init__(
        self,
        kind: str,
        most: Mapping[Scope, int],
        metrics: Metrics,
        *,
        reason: str = "too_many_requests",
        is_open: bool = False,
    ) -> None:
        self._kind, self._most, self._metrics = kind, most, metrics
        self._reason, self._is_open = reason, is_open
        self._taken: Counter[tuple[Scope, str]] = Counter()

    @contextmanager
    def one(self, who: Mapping[Scope, str | None]) -> Iterator[None]:
        """One seat for as long as the ``with`` lasts. Raises ``ChatError`` when all are taken."""
        wanted = [(scope, name) for scope in self._most if (name := who.get(scope)) is not None]
        for seat in () if self._is_open else wanted:
            if self._taken[seat] >= self._most[seat[0]]:
                self._metrics.refused.labels(self._kind, seat[0]).inc()
                raise ChatError(self._reason, headers={"Retry-After": str(RETRY_SECONDS)})
        self._taken.update(wanted)
        try:
            yield
        finally:
            self._taken.subtract(wanted)
            for seat in wanted:
                if not self._taken[seat]:
                    del self._taken[seat]
