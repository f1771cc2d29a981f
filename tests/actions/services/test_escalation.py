"""Late tickets: noticed once for each deadline, and made more urgent."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

from actions.domain.events import Actor, Role
from actions.domain.ticket import Category, ClockState, Priority, TicketOutcome
from actions.services.escalation import Escalation, escalate
from actions.services.tickets import SUPERVISORS, SUPPORT, NewTicket
from actions.testing.desk import DeskForTests

WANG = Actor(Role.AGENT, "wang")


async def asked(
    desk: DeskForTests, conversation: str = "c1", category: Category = Category.HAND_OVER
) -> str:
    """Of kuailian's: a hand-over is to be answered in 30 minutes and done in 24 hours."""
    new = NewTicket(
        "kuailian", category, "asked", key=f"{category}:{conversation}", conversation=conversation
    )
    return (await desk.tickets.open(new, by=Actor(Role.CUSTOMER))).id


async def escalations(desk: DeskForTests, id: str) -> list[dict[str, Any]]:
    rows = await desk.trail(f"ticket:{id}")
    return [row.data for row in rows if row.what == "ticket_escalated"]


async def test_a_ticket_nobody_answers_is_escalated_once_for_each_deadline(
    desk: DeskForTests,
) -> None:
    id = await asked(desk)
    due, answer_due = desk.clock() + timedelta(hours=24), desk.clock() + timedelta(minutes=30)
    desk.clock.forward(minutes=30)
    await desk.run_worker_once()
    assert await escalations(desk, id) == [], "at its deadline it is not late"
    desk.clock.forward(seconds=1)
    for _ in range(3):
        await desk.run_worker_once()
    answer = {"deadline": "first_response", "was": "normal", "priority": "high"}
    assert await escalations(desk, id) == [answer | {"due_at": answer_due.isoformat()}]
    ticket = await desk.tickets.get(id)
    assert ticket.priority is Priority.HIGH
    assert ticket.first_response_escalated_at == desk.clock()
    assert (ticket.due_at, ticket.escalated_at) == (due, None), "its deadlines stay"
    desk.clock.forward(hours=24)
    for _ in range(3):
        await desk.run_worker_once()
    [_, done] = await escalations(desk, id)
    assert (done["deadline"], done["priority"]) == ("resolution", "urgent")
    assert [row.actor for row in await desk.trail(f"ticket:{id}")][1:] == ["worker", "worker"]
    async with desk.desk.storage.reading() as work:
        assert await work.tickets.to_escalate(desk.clock()) == [], "and isn't looked at again"


async def test_both_deadlines_missed_while_no_worker_ran_are_noticed_then(
    desk: DeskForTests,
) -> None:
    id = await asked(desk)
    desk.clock.forward(days=3)
    assert await desk.desk.escalation.sweep() == 2
    assert await desk.desk.escalation.sweep() == 0
    assert [data["deadline"] for data in await escalations(desk, id)] == [
        *("first_response", "resolution"),
    ]
    assert (await desk.tickets.get(id)).priority is Priority.URGENT


async def test_workers_that_look_at_once_notice_once(desk: DeskForTests) -> None:
    ids = [await asked(desk, f"c{n}") for n in range(3)]
    desk.clock.forward(hours=25)
    sweeps = [Escalation(desk.desk.storage, desk.clock).sweep() for _ in range(4)]
    assert sum(await asyncio.gather(*sweeps)) == 6
    for id in ids:
        assert len(await escalations(desk, id)) == 2


async def test_an_answered_ticket_misses_only_its_end(desk: DeskForTests) -> None:
    id = await asked(desk)
    await desk.tickets.claim(id, by=WANG)
    desk.clock.forward(hours=1)
    assert await desk.desk.escalation.sweep() == 0
    desk.clock.forward(hours=24)
    assert await desk.desk.escalation.sweep() == 1
    ticket = await desk.tickets.get(id)
    assert (ticket.owner, ticket.priority) == ("wang", Priority.HIGH)


async def test_a_ticket_that_waits_for_its_customer_or_is_closed_is_never_late(
    desk: DeskForTests,
) -> None:
    waits, closed = await asked(desk, "c1"), await asked(desk, "c2")
    await desk.tickets.claim(waits, by=WANG)
    await desk.tickets.wait_on_customer(waits, by=WANG)
    await desk.tickets.close(closed, TicketOutcome.SOLVED, by=WANG)
    desk.clock.forward(days=5)
    await desk.run_worker_once()
    assert await desk.tickets.overdue() == []
    assert await escalations(desk, waits) == await escalations(desk, closed) == []
    await desk.tickets.resume(waits, by=WANG)
    desk.clock.forward(hours=24, seconds=1)
    await desk.run_worker_once()
    assert [data["deadline"] for data in await escalations(desk, waits)] == ["resolution"]


async def test_a_ticket_paused_between_the_look_and_the_lock_is_left_alone(
    desk: DeskForTests,
) -> None:
    id = await asked(desk)
    await desk.tickets.claim(id, by=WANG)
    desk.clock.forward(days=2)
    async with desk.desk.storage.reading() as work:
        assert await work.tickets.to_escalate(desk.clock()) == [id]
    await desk.tickets.wait_on_customer(id, by=WANG)
    async with desk.desk.storage.writing() as work:
        assert await escalate(work, id, desk.clock()) == 0
        assert await escalate(work, "T-33333333", desk.clock()) == 0
    assert await escalations(desk, id) == []


async def test_a_reopened_ticket_may_be_late_again(desk: DeskForTests) -> None:
    id = await asked(desk)
    desk.clock.forward(days=2)
    await desk.desk.escalation.sweep()
    await desk.tickets.close(id, TicketOutcome.SOLVED, by=WANG)
    await desk.tickets.reopen(id, by=WANG)
    assert await desk.desk.escalation.sweep() == 0
    desk.clock.forward(days=2)
    assert await desk.desk.escalation.sweep() == 2
    assert len(await escalations(desk, id)) == 4


async def test_a_deadline_that_lies_ahead_again_can_be_missed_again(desk: DeskForTests) -> None:
    new = NewTicket("kuailian", Category.HAND_OVER, "asked", key="k", priority=Priority.URGENT)
    id = (await desk.tickets.open(new, by=Actor(Role.CUSTOMER))).id
    await desk.tickets.claim(id, by=WANG)
    desk.clock.forward(hours=7)
    assert await desk.desk.escalation.sweep() == 1
    eased = await desk.tickets.change_priority(id, Priority.NORMAL, by=WANG)
    assert (eased.escalated_at, eased.due_at) == (None, eased.opened_at + timedelta(hours=24))
    assert await desk.desk.escalation.sweep() == 0
    desk.clock.forward(hours=18)
    assert await desk.desk.escalation.sweep() == 1
    urgent = await desk.tickets.change_priority(id, Priority.NORMAL, by=WANG)
    assert urgent.escalated_at is not None, "still late by the same deadline"
    assert await desk.desk.escalation.sweep() == 0


# --- order and lists -----------------------------------------------------------------------


async def test_a_late_ticket_goes_before_those_that_came_earlier(desk: DeskForTests) -> None:
    waiting = await asked(desk, "c0", Category.CALL_BACK)  # to be answered within four hours
    desk.clock.forward(minutes=1)
    late = await asked(desk, "c1")
    assert [t.id for t in await desk.tickets.in_queue(SUPPORT)] == [waiting, late]
    desk.clock.forward(minutes=31)
    await desk.run_worker_once()
    queue = await desk.tickets.in_queue(SUPPORT)
    assert [ticket.id for ticket in queue] == [late, waiting]
    assert [await desk.tickets.position(ticket.id) for ticket in queue] == [1, 2]


async def test_a_place_gets_worse_only_by_what_is_more_urgent(desk: DeskForTests) -> None:
    id = await asked(desk, "c1", Category.CALL_BACK)
    for n, category in enumerate((Category.HAND_OVER, Category.CALL_BACK, Category.HAND_OVER)):
        desk.clock.forward(seconds=1)
        await asked(desk, f"d{n}", category)
        assert await desk.tickets.position(id) == 1
    await desk.tickets.hand_over("c9", "kuailian", language="zh", reason="x", priority="urgent")
    assert await desk.tickets.position(id) == 2
    queue = await desk.tickets.in_queue(SUPPORT, "kuailian")
    places = [await desk.tickets.position(ticket.id) for ticket in queue]
    assert places == list(range(1, len(queue) + 1))
    assert await desk.tickets.position("T-33333333") is None


async def test_what_is_late_is_listed_by_brand_the_most_urgent_first(desk: DeskForTests) -> None:
    review = await asked(desk, "c1", Category.REVIEW)
    desk.clock.forward(minutes=1)
    first = await asked(desk, "c2")
    desk.clock.forward(hours=23, minutes=55)
    fresh = await asked(desk, "c3")
    await desk.run_worker_once()
    desk.clock.forward(minutes=10)
    late = await desk.tickets.overdue("kuailian")
    assert [ticket.id for ticket in late] == [review, first]
    assert fresh not in {ticket.id for ticket in late}
    assert desk.tickets.standing(late[1]).resolution is ClockState.LATE
    assert await desk.tickets.overdue("bitpie") == []
    assert len(await desk.tickets.overdue()) == 2


async def test_tickets_are_found_by_their_case_and_their_conversation(desk: DeskForTests) -> None:
    await desk.has_order("KL1", days_ago=40)
    li = await desk.verified(conversation="c1")
    case = await desk.refunds.request(li, "KL1")
    [review] = await desk.tickets.of_case(case.number)
    desk.clock.forward(seconds=1)
    talk = await asked(desk, "c1")
    assert review.category == Category.REVIEW
    assert [ticket.id for ticket in await desk.tickets.of_conversation("c1")] == [review.id, talk]
    await desk.tickets.claim(review.id, by=WANG)
    await desk.tickets.close(review.id, TicketOutcome.SOLVED, by=WANG)
    assert [ticket.id for ticket in await desk.tickets.of_case(case.number)] == [review.id]
    assert await desk.tickets.in_queue(SUPERVISORS) == []
