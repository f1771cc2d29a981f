"""What must always hold of tickets. Reads them all, changes nothing; to say so is the doctor's."""

from __future__ import annotations

from collections.abc import AsyncIterator

from sqlalchemy import select

from actions.domain.refund_case import CLOSED
from actions.domain.ticket import Category, Task, TicketStatus
from actions.storage.tables import AuditRow, CaseRow, TicketRow
from actions.storage.work import Work

UNTIL_THE_CASE_IS_CLOSED = (Category.REVIEW, Category.APPEAL, Task.APPROVAL, Task.PAYOUT)
"""Tickets that ask for a step of their case: once it has taken its last, there is none left."""

_STATE_BY_NAME = {"ticket_opened": TicketStatus.OPEN, "ticket_closed": TicketStatus.CLOSED}
"""Of rows that don't say the state; the first desks wrote such."""

_MOVING = ("ticket_moved", *_STATE_BY_NAME)


async def tickets_astray(work: Work) -> AsyncIterator[tuple[str, str]]:
    """A code and the ticket: its state isn't what was audited, or its case has no use for it."""
    audited = await _audited_states(work)
    tickets = await work.session.stream(
        select(TicketRow.number, TicketRow.state, TicketRow.category, CaseRow.state.label("case"))
        .join(CaseRow, CaseRow.number == TicketRow.case_number, isouter=True)
        .order_by(TicketRow.number)
    )
    async for ticket in tickets:
        if audited.get(f"ticket:{ticket.number}") != ticket.state:
            yield "ticket_state_not_in_audit", ticket.number
        is_over = ticket.case in CLOSED and ticket.category in UNTIL_THE_CASE_IS_CLOSED
        if is_over and ticket.state != TicketStatus.CLOSED:
            yield "open_ticket_of_a_closed_case", ticket.number


async def _audited_states(work: Work) -> dict[str, str]:
    """What the trail says of each ticket's state, by its subject."""
    rows = await work.session.stream(
        select(AuditRow.subject, AuditRow.what, AuditRow.data)
        .where(AuditRow.what.in_(_MOVING))
        .order_by(AuditRow.subject, AuditRow.seq)
    )
    return {row.subject: row.data.get("state") or _STATE_BY_NAME[row.what] async for row in rows}
