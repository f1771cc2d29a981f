"""The watch: looks at the database for what other processes wrote, or left unanswered.

Knows how often to look. News within this process travels at once by ``delivery``; this is for all
the rest: another gateway's answers, a person's message from the console, a dead process' work.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress

import structlog

from bot.gateway.delivery import Fanout
from bot.gateway.inbox import Inbox
from bot.gateway.transcript import Transcript
from bot.gateway.turns import Turns

log = structlog.get_logger("gateway.watch")


class Watch:
    """A loop; ``run`` it as a task and ``stop`` it."""

    def __init__(
        self, transcript: Transcript, turns: Turns, inbox: Inbox, fanout: Fanout, every: float
    ) -> None:
        self._transcript, self._turns, self._inbox = transcript, turns, inbox
        self._fanout, self._every = fanout, every
        self._heads: dict[str, tuple[object, ...]] = {}
        self._stopped = asyncio.Event()

    def stop(self) -> None:
        """End ``run`` after the look under way."""
        self._stopped.set()

    async def run(self) -> None:
        """Look again and again, whatever happens to the database."""
        while not self._stopped.is_set():
            try:
                await self.look()
            except Exception as error:  # a loop's outermost boundary: the next look may succeed
                log.error("watch_failed", error=type(error).__name__)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopped.wait(), self._every)

    async def look(self) -> None:
        """Wake the inbox for what is unanswered, and listeners of what has changed."""
        await self._inbox.renew()
        self._inbox.recover(await self._turns.waiting())
        heads = await self._transcript.heads(self._fanout.listened())
        for conversation, head in heads.items():
            # One never looked at may have changed since its listener read it: wake that, too.
            if self._heads.get(conversation) != head:
                self._fanout.publish(conversation)
        self._heads = heads
