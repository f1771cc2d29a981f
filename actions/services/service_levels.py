"""A ticket's two clocks: by when it must be answered, and by when it must be done.

Knows what opening, pausing and a new priority make of them, by the ticket's brand. Leaves how
time is counted to the policy, and what is done about a late ticket to ``escalation``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from actions.domain.ticket import ClockState
from actions.policy.brand import Brand
from actions.policy.business_hours import Hours
from actions.policy.service_levels import Level, Target, after_pause, deadline, measured
from actions.policy.service_levels_file import KINDS
from actions.storage.tickets import QueuedTicket

SOON = 4
"""A ticket is due soon when no more than the fourth part of its time is left."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a ticket stands against its two promises at some instant."""

    first_response: ClockState
    resolution: ClockState


@dataclass(frozen=True, slots=True)
class _Promise:
    """What a brand promises of one ticket: the level of its category, at its priority."""

    level: Level
    hours: Hours
    percent: int

    def deadlines(self, since: datetime) -> tuple[datetime | None, datetime]:
        """By when a ticket that waits since then must be answered, and done."""
        answer, done = self.level.first_response, self.level.resolution
        return (
            deadline(answer, self.hours, since, self.percent) if answer else None,
            deadline(done, self.hours, since, self.percent),
        )

    def state(
        self,
        target: Target | None,
        ticket: QueuedTicket,
        due: datetime | None,
        *,
        met_at: datetime | None,
        now: datetime,
    ) -> ClockState:
        """How one of the ticket's clocks stands."""
        if target is None or due is None:
            return ClockState.NONE
        if met_at is not None:
            return ClockState.KEPT if met_at <= due else ClockState.MISSED
        if ticket.paused_at is not None:
            return ClockState.PAUSED
        if now > due:
            return ClockState.LATE
        whole = measured(target, self.hours, ticket.counts_from, due) - ticket.paused_for
        left = measured(target, self.hours, now, due)
        return ClockState.DUE_SOON if left * SOON <= whole else ClockState.RUNNING


class ServiceClocks:
    """Sets tickets' deadlines by their brands; a ticket of no known brand has none."""

    def __init__(self, brands: Mapping[str, Brand]) -> None:
        self._brands = brands

    def started(self, ticket: QueuedTicket) -> QueuedTicket:
        """With the deadlines of a ticket that has just been opened, or opened again."""
        promise = self._promise(ticket)
        if promise is None:
            return ticket
        answer, done = promise.deadlines(ticket.counts_from)
        if ticket.first_responded_at is not None:
            answer = ticket.first_response_due_at
        return replace(ticket, first_response_due_at=answer, due_at=done)

    def hurried(self, ticket: QueuedTicket, now: datetime) -> QueuedTicket:
        """With the deadlines of a more urgent priority than it had.

        Its new share of the time counts from now: it isn't late at once for not having been
        urgent before. No deadline moves back by it.
        """
        promise = self._promise(ticket)
        if promise is None:
            return ticket
        answer, done = promise.deadlines(ticket.paused_at or now)
        return replace(
            ticket,
            first_response_due_at=_earlier(ticket.first_response_due_at, answer),
            due_at=_earlier(ticket.due_at, done),
        )

    def eased(self, ticket: QueuedTicket, now: datetime) -> QueuedTicket:
        """With the deadlines of a less urgent priority than it had.

        They count as if it had always had that one, and none moves forward by it. One that lies
        ahead again may be missed, and noticed, again.
        """
        promise = self._promise(ticket)
        if promise is None:
            return ticket
        answer, done = promise.deadlines(ticket.counts_from)
        done = after_pause(promise.level.resolution, promise.hours, done, ticket.paused_for)
        answer = _later(ticket.first_response_due_at, answer) if answer else None
        done = _later(ticket.due_at, done)
        return replace(
            ticket,
            first_response_due_at=answer,
            first_response_escalated_at=_unless_ahead(
                answer, ticket.first_response_escalated_at, now
            ),
            due_at=done,
            escalated_at=_unless_ahead(done, ticket.escalated_at, now),
        )

    def resumed(self, ticket: QueuedTicket, now: datetime) -> QueuedTicket:
        """With its clock going again: what was left at the pause is left now."""
        promise, since, due = self._promise(ticket), ticket.paused_at, ticket.due_at
        ticket = replace(ticket, paused_at=None)
        if promise is None or since is None or due is None or due <= since:
            return ticket  # what was late before is late after
        resolution = promise.level.resolution
        pause = measured(resolution, promise.hours, since, now)
        return replace(
            ticket,
            due_at=after_pause(resolution, promise.hours, due, pause),
            paused_for=ticket.paused_for + pause,
        )

    def standing(self, ticket: QueuedTicket, now: datetime) -> Standing:
        """How it stands now; the warning comes before it is late."""
        promise = self._promise(ticket)
        if promise is None:
            return Standing(ClockState.NONE, ClockState.NONE)
        level, closed_at = promise.level, ticket.closed_at
        answer_due, answered_at = ticket.first_response_due_at, ticket.first_responded_at
        return Standing(
            promise.state(
                level.first_response, ticket, answer_due, met_at=answered_at or closed_at, now=now
            ),
            promise.state(level.resolution, ticket, ticket.due_at, met_at=closed_at, now=now),
        )

    def _promise(self, ticket: QueuedTicket) -> _Promise | None:
        brand, kind = self._brands.get(ticket.brand), KINDS.get(ticket.category)
        if brand is None or kind is None:
            return None
        levels = brand.service_levels
        return _Promise(levels.levels[kind], brand.hours, levels.percent_for(ticket.priority))


def _earlier(was: datetime | None, due: datetime | None) -> datetime | None:
    return min(was, due) if was and due else was or due


def _later(was: datetime | None, due: datetime) -> datetime:
    return max(was, due) if was else due


def _unless_ahead(
    due: datetime | None, noticed_at: datetime | None, now: datetime
) -> datetime | None:
    return None if due and due > now else noticed_at
