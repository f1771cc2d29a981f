"""A clock that stands still until it is moved."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

START = datetime(2026, 9, 21, 2, 0, tzinfo=UTC)
"""A Monday, ten in the morning in Shanghai."""


class MovableClock:
    """Call it for the time; ``forward`` to let time pass."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **much: float) -> None:
        """Let time pass: ``forward(minutes=10)``."""
        self.now += timedelta(**much)
