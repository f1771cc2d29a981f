"""The check-up finds tickets that were changed behind the desk, or that nobody needs any more."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import delete, update

from actions.domain.events import Actor, Role
from actions.domain.ticket import TicketOutcome
from actions.storage.tables import AuditRow, CaseRow, TicketRow
from actions.testing.desk import DeskForTests

WANG = Actor(Role.AGENT, "wang")


async def reviewed(desk: DeskForTests) -> str:
    """A ticket for a review, on somebody's desk; the ticket's id."""
    await desk.has_order("KL1", days_ago=40)
    case = await desk.refunds.request(await desk.verified(), "KL1")
    [ticket] = await desk.tickets.of_case(case.number)
    await desk.tickets.claim(ticket.id, by=WANG)
    return ticket.id


async def astray(desk: DeskForTests) -> list[tuple[str, str]]:
    return [
        (finding.code, finding.subject)
        for finding in await desk.desk.doctor.findings()
        if "ticket" in finding.code
    ]


async def change(desk: DeskForTests, *statements: Any) -> None:
    async with desk.desk.storage.writing() as work:
        for statement in statements:
            await work.session.execute(statement)


async def test_tickets_that_moved_as_they_should_are_not_found(desk: DeskForTests) -> None:
    id = await reviewed(desk)
    assert await astray(desk) == []
    await desk.tickets.wait_on_customer(id, by=WANG)
    await desk.tickets.close(id, TicketOutcome.SOLVED, by=WANG)
    assert await astray(desk) == []
    await desk.tickets.reopen(id, by=WANG)
    assert await astray(desk) == []


@pytest.mark.parametrize(
    "statement",
    [
        update(TicketRow).values(state="open"),
        update(TicketRow).values(state="closed"),
        delete(AuditRow).where(AuditRow.what == "ticket_moved"),
        delete(AuditRow).where(AuditRow.what.startswith("ticket")),
    ],
)
async def test_a_ticket_whose_state_is_not_in_its_trail_is_found(
    desk: DeskForTests, statement: Any
) -> None:
    id = await reviewed(desk)
    await change(desk, statement)
    assert await astray(desk) == [("ticket_state_not_in_audit", id)]


@pytest.mark.parametrize("state", ["paid", "withdrawn"])
async def test_an_open_review_of_a_case_that_is_over_is_found(
    desk: DeskForTests, state: str
) -> None:
    id = await reviewed(desk)
    await change(desk, update(CaseRow).values(state=state))
    assert await astray(desk) == [("open_ticket_of_a_closed_case", id)]
    await desk.tickets.close(id, TicketOutcome.SETTLED, by=WANG)
    assert await astray(desk) == []


async def test_trails_of_the_first_desks_are_understood(desk: DeskForTests) -> None:
    id = await reviewed(desk)
    await desk.tickets.close(id, TicketOutcome.SOLVED, by=WANG)
    closed = (AuditRow.subject == f"ticket:{id}", AuditRow.what == "ticket_moved")
    await change(
        desk,
        update(AuditRow).where(*closed, AuditRow.seq == 3).values(what="ticket_closed", data={}),
        update(AuditRow).where(AuditRow.what == "ticket_opened").values(data={}),
    )
    assert await astray(desk) == []
    await change(desk, delete(AuditRow).where(AuditRow.what != "ticket_opened"))
    assert await astray(desk) == [("ticket_state_not_in_audit", id)]
