"""The loop that drains the outbox: claims what is due, does it, reports what came of it. What has
to be done every so often is done in between.

Knows how jobs run side by side and when one has taken too long. Leaves what they mean to
``handlers`` and ``timers``, and when to try again to the outbox service.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from datetime import datetime

import structlog

from actions.bootstrap import Desk
from actions.domain.errors import DeliveryRefused, DeskError
from actions.services.outbox import LEASE, MOST_ATTEMPTS
from actions.storage.outbox import Job
from actions.worker.handlers import HANDLERS, Handler
from actions.worker.timers import TIMERS, Timer

POLL_SECONDS = 0.25
BEAT_SECONDS = 5.0
LONGEST_JOB_SECONDS = LEASE.total_seconds() * 0.75  # well before another may take it
LONGEST_PAUSE_SECONDS = 30.0

log = structlog.get_logger(__name__)


class NeverFinished(DeskError):
    """A job took its worker down with it each time; it only shows in the count of its claims."""


class Worker:
    """One worker; ``name`` is unique among those that run."""

    def __init__(
        self,
        desk: Desk,
        name: str,
        handlers: Mapping[str, Handler] = HANDLERS,
        timers: Mapping[str, Timer] = TIMERS,
    ) -> None:
        self._desk = desk
        self._name = name
        self._handlers = handlers
        self._timers = timers
        self._rests_until: dict[str, datetime] = {}

    async def run_once(self) -> int:
        """Do what is due now, jobs side by side; how many there were."""
        await self._look_at_the_clock()
        jobs = await self._desk.outbox.claim(self._name)
        await asyncio.gather(*(self._do(job) for job in jobs))
        return len(jobs)

    async def run(self, stop: asyncio.Event) -> None:
        """Work until ``stop`` is set; what has been begun is finished first."""
        await self._beat()
        beating = asyncio.create_task(self._keep_beating())
        try:
            await self._drain(stop)
        finally:
            beating.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await beating

    async def _drain(self, stop: asyncio.Event) -> None:
        pause = POLL_SECONDS
        while not stop.is_set():
            try:
                busy = await self.run_once() > 0
                pause = 0.0 if busy else POLL_SECONDS
            except Exception as error:  # the loop outlives a database that is away
                pause = min(max(pause, POLL_SECONDS) * 2, LONGEST_PAUSE_SECONDS)
                log.error("worker_cannot_work", error=_name_of(error), pause=pause)
            if pause:
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), pause)

    async def _look_at_the_clock(self) -> None:
        """Do what has to be done every so often; what fails is tried again next time."""
        now = self._desk.clock()
        for name, timer in self._timers.items():
            if self._rests_until.get(name, now) > now:
                continue
            self._rests_until[name] = now + timer.every
            try:
                async with asyncio.timeout(LONGEST_JOB_SECONDS):
                    await timer.do(self._desk)
            except Exception as error:
                log.warning("timer_failed", timer=name, error=_name_of(error))

    async def _do(self, job: Job) -> None:
        try:
            if job.attempts > MOST_ATTEMPTS:
                raise NeverFinished
            async with asyncio.timeout(LONGEST_JOB_SECONDS):
                await self._handlers[job.kind](self._desk, job.payload)
        except Exception as error:
            log.warning("job_failed", kind=job.kind, attempt=job.attempts, error=_name_of(error))
            for_good = isinstance(error, DeliveryRefused)
            await self._desk.outbox.failed(job, self._name, _name_of(error), for_good=for_good)
        else:
            await self._desk.outbox.done(job, self._name)

    async def _keep_beating(self) -> None:
        while True:
            await asyncio.sleep(BEAT_SECONDS)
            await self._beat()

    async def _beat(self) -> None:
        try:
            await self._desk.outbox.beat("worker")
        except Exception as error:
            log.error("heartbeat_failed", error=_name_of(error))


def _name_of(error: Exception) -> str:
    """What kind of error it was; its message might hold personal data."""
    return error.code if isinstance(error, DeskError) else type(error).__name__
