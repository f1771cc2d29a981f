"""Who is waiting for news of which conversation.

News carries no content: listeners read the transcript from where they are, so nothing piles up
for a slow one and order is the database's. This is the in-memory kind; ``Fanout`` is all that
the rest of the gateway relies on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol


class Listener:
    """One waiter. ``news`` never misses what was published since the last call."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self._changed = True

    def wake(self, *, changed: bool) -> None:
        """There is news; ``changed`` if the transcript has more to say than before."""
        self._changed = self._changed or changed
        self._event.set()

    def changed(self) -> bool:
        """Whether the transcript must be read (again); ask just before reading it."""
        changed, self._changed = self._changed, False
        return changed

    async def news(self, seconds: float) -> bool:
        """Wait; False when nothing changed for so long."""
        try:
            async with asyncio.timeout(max(0.0, seconds)):
                await self._event.wait()
        except TimeoutError:
            return False
        self._event.clear()
        return True


class Fanout(Protocol):
    """Tells every listener of a conversation that it has changed."""

    closed: bool

    def listen(self, conversation: str) -> AbstractContextManager[Listener]:
        """A listener for as long as the ``with`` lasts."""

    def listened(self) -> list[str]:
        """The conversations somebody is waiting on here."""

    def publish(self, conversation: str) -> None:
        """Its messages or its state changed."""

    def typing(self, conversation: str, on: bool) -> None:
        """The bot began or ended to think of an answer."""

    def is_typing(self, conversation: str) -> bool:
        """The bot is thinking of an answer now."""

    def close(self) -> None:
        """Wake everybody for the last time; ``closed`` says that it is over."""


class MemoryFanout:
    """Fan-out within one process."""

    def __init__(self) -> None:
        self.closed = False
        self._listeners: dict[str, set[Listener]] = {}
        self._typing: set[str] = set()

    @contextmanager
    def listen(self, conversation: str) -> Iterator[Listener]:
        """A listener for as long as the ``with`` lasts."""
        listener = Listener()
        self._listeners.setdefault(conversation, set()).add(listener)
        if self.closed:
            listener.wake(changed=False)
        try:
            yield listener
        finally:
            others = self._listeners[conversation]
            others.discard(listener)
            if not others:
                del self._listeners[conversation]

    def listened(self) -> list[str]:
        """The conversations somebody is waiting on here."""
        return list(self._listeners)

    def publish(self, conversation: str) -> None:
        """Its messages or its state changed."""
        self._wake(conversation, changed=True)

    def typing(self, conversation: str, on: bool) -> None:
        """The bot began or ended to think of an answer."""
        (self._typing.add if on else self._typing.discard)(conversation)
        self._wake(conversation, changed=False)

    def is_typing(self, conversation: str) -> bool:
        """The bot is thinking of an answer now."""
        return conversation in self._typing

    def close(self) -> None:
        """Wake everybody for the last time; ``closed`` says that it is over."""
        self.closed = True
        for conversation in self.listened():
            self._wake(conversation, changed=False)

    def _wake(self, conversation: str, *, changed: bool) -> None:
        for listener in self._listeners.get(conversation, ()):
            listener.wake(changed=changed)
