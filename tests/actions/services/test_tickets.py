"""Tickets: one for one need, in the right queue, at the right place."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from actions.domain.errors import TicketNotFound
from actions.domain.ticket import Priority, TicketStatus
from actions.services.tickets import SUPPORT
from actions.storage.conversations import ConversationRow
from actions.testing.desk import DeskForTests


async def asks(desk: DeskForTests, conversation: str, priority: str = "normal") -> tuple[str, int]:
    desk.clock.forward(seconds=1)
    ticket = await desk.tickets.hand_over(
        conversation, "kuailian", language="zh", reason="asked", priority=priority
    )
    assert ticket.position is not None
    return ticket.id, ticket.position


async def test_customers_wait_in_the_order_they_came(desk: DeskForTests) -> None:
    assert [(await asks(desk, f"c{n}"))[1] for n in range(1, 4)] == [1, 2, 3]
    waiting = await desk.tickets.in_queue(SUPPORT, "kuailian")
    assert [ticket.conversation for ticket in waiting] == ["c1", "c2", "c3"]
    assert await desk.tickets.in_queue(SUPPORT, "bitpie") == []


async def test_asking_again_keeps_the_ticket_and_its_place(desk: DeskForTests) -> None:
    first = await asks(desk, "c1")
    await asks(desk, "c2")
    assert await asks(desk, "c1") == first


async def test_asking_at_once_opens_one_ticket(desk: DeskForTests) -> None:
    found = await asyncio.gather(*(asks(desk, "c1") for _ in range(5)))
    assert len(set(found)) == 1


async def test_a_threat_moves_a_customer_forward_and_nothing_moves_them_back(
    desk: DeskForTests,
) -> None:
    await asks(desk, "c1")
    ticket, place = await asks(desk, "c2")
    assert place == 2
    assert await asks(desk, "c2", "urgent") == (ticket, 1)
    assert await asks(desk, "c2", "normal") == (ticket, 1)
    assert (await desk.tickets.get(ticket)).priority is Priority.URGENT


async def test_the_chat_waits_for_a_person(desk: DeskForTests) -> None:
    now = desk.clock()
    async with desk.desk.sessions.begin() as session:
        for id, status in (("c1", "bot"), ("c2", "agent"), ("c3", "ended")):
            session.add(
                ConversationRow(
                    id=id,
                    brand="kuailian",
                    language="zh",
                    token_hash=id,
                    status=status,
                    started_at=now,
                    updated_at=now,
                )
            )
    for conversation in ("c1", "c2", "c3", "no such chat"):
        await asks(desk, conversation)
    async with desk.desk.storage.reading() as work:
        found = [(await work.session.get_one(ConversationRow, id)).status for id in ("c1", "c2")]
        ended = await work.session.get_one(ConversationRow, "c3")
    assert found == ["waiting", "agent"]
    assert ended.status == "ended"


async def test_a_hand_over_is_due_within_the_hours_promised(desk: DeskForTests) -> None:
    ticket, _place = await asks(desk, "c1")
    found = await desk.tickets.get(ticket)
    hours = desk.desk.brands["kuailian"].terms.reply_hours.value
    assert found.status is TicketStatus.OPEN
    assert found.due_at == found.opened_at + timedelta(hours=hours)
    assert found.first_response_due_at == found.opened_at + timedelta(minutes=30)


async def test_a_ticket_that_is_none_is_not_found(desk: DeskForTests) -> None:
    with pytest.raises(TicketNotFound):
        await desk.tickets.get("T-33333333")
