"""What the worker does every so often, besides what was promised: each a thin line to a service.

Each may be run by several workers at once, and again after a crash: the services see to it that
nothing is done twice.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta

import structlog

from actions.bootstrap import Desk

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Timer:
    """Something to do, and how long to wait before it is done again."""

    every: timedelta
    do: Callable[[Desk], Awaitable[None]]


async def escalate_late_tickets(desk: Desk) -> None:
    """Make tickets more urgent that were not answered, or not done, in time."""
    missed = await desk.escalation.sweep()
    if missed:
        log.info("tickets_escalated", deadlines=missed)


async def let_go_of_what_is_past_its_time(desk: Desk) -> None:
    """Go on with erasures that were interrupted, and erase what no brand keeps any longer."""
    finished = await desk.privacy.finish_all()
    swept = await desk.retention.sweep()
    if finished or swept.total:
        log.info("retention_swept", finished=finished, **asdict(swept))


TIMERS: Mapping[str, Timer] = {
    "late_tickets": Timer(timedelta(seconds=10), escalate_late_tickets),
    "retention": Timer(timedelta(minutes=10), let_go_of_what_is_past_its_time),
}
