"""What people do with tickets: each step once, by one person, and written down."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from actions.domain.errors import (
    IllegalTicketMove,
    InputRefused,
    NotAllowed,
    TicketChanged,
    TicketNotFound,
    TicketTaken,
)
from actions.domain.events import Actor, Role
from actions.domain.ticket import (
    Category,
    ClockState,
    Priority,
    TicketOutcome,
    TicketStatus,
)
from actions.services.ticket_handling import LONGEST_NOTE, LONGEST_REASON
from actions.services.tickets import FINANCE, SUPPORT, NewTicket, Task
from actions.storage.tickets import QueuedTicket
from actions.testing.clock import START
from actions.testing.desk import DeskForTests

WANG, ZHAO = Actor(Role.AGENT, "wang"), Actor(Role.AGENT, "zhao")
CUSTOMER = Actor(Role.CUSTOMER, "A-1")


async def asked(
    desk: DeskForTests,
    conversation: str = "c1",
    category: Category = Category.HAND_OVER,
    priority: Priority = Priority.NORMAL,
) -> str:
    """A ticket of kuailian's, whose people are there from 9 to 22 every day; now it is 10."""
    new = NewTicket(
        "kuailian",
        category,
        "asked",
        key=f"{category}:{conversation}",
        priority=priority,
        conversation=conversation,
    )
    return (await desk.tickets.open(new, by=CUSTOMER)).id


async def told(desk: DeskForTests, id: str) -> list[tuple[str, str]]:
    """What the audit trail says was done, and by whom."""
    rows = await desk.trail(f"ticket:{id}")
    return [(row.data.get("step", row.what), row.actor) for row in rows]


# --- whose it is ---------------------------------------------------------------------------


async def test_a_claimed_ticket_is_somebody_s_and_no_longer_in_the_queue(
    desk: DeskForTests,
) -> None:
    id = await asked(desk)
    ticket = await desk.tickets.claim(id, by=WANG)
    assert (ticket.status, ticket.owner) == (TicketStatus.CLAIMED, "wang")
    assert ticket.first_responded_at == desk.clock()
    assert await desk.tickets.get(id) == ticket
    assert await desk.tickets.in_queue(SUPPORT) == []
    assert await desk.tickets.of_owner("wang") == [ticket]
    assert await desk.tickets.claim(id, by=WANG) == ticket
    assert await told(desk, id) == [
        ("ticket_opened", "customer:A-1"),
        ("claim", "agent:wang"),
    ]


async def test_of_two_who_claim_at_once_one_has_it_and_the_other_is_told_who(
    desk: DeskForTests,
) -> None:
    id = await asked(desk)
    people = [Actor(Role.AGENT, f"agent{n}") for n in range(4)]
    found = await asyncio.gather(
        *(desk.tickets.claim(id, by=by) for by in people), return_exceptions=True
    )
    [winner] = [ticket for ticket in found if isinstance(ticket, QueuedTicket)]
    losers = [error for error in found if isinstance(error, TicketTaken)]
    assert [error.owner for error in losers] == [winner.owner] * 3
    assert (await desk.tickets.get(id)).owner == winner.owner
    assert len(await told(desk, id)) == 2


async def test_the_database_refuses_a_save_over_another_s_claim(desk: DeskForTests) -> None:
    before = await desk.tickets.get(await asked(desk))
    await desk.tickets.claim(before.id, by=WANG)
    with pytest.raises(TicketChanged):
        await save(desk, before, was=before)
    await desk.tickets.assign(before.id, "zhao", by=WANG)
    claimed = await desk.tickets.get(before.id)
    stale = replace(claimed, owner="wang")
    with pytest.raises(TicketChanged):
        await save(desk, stale, was=stale)
    await desk.tickets.wait_on_customer(before.id, by=ZHAO)
    with pytest.raises(TicketChanged):
        await save(desk, claimed, was=claimed)


async def save(desk: DeskForTests, ticket: QueuedTicket, *, was: QueuedTicket) -> None:
    async with desk.desk.storage.writing() as work:
        await work.tickets.save(ticket, was=was, at=desk.clock())


async def test_a_released_ticket_is_back_in_its_old_place(desk: DeskForTests) -> None:
    first = await asked(desk, "c1")
    desk.clock.forward(minutes=1)
    second = await asked(desk, "c2")
    await desk.tickets.claim(first, by=WANG)
    assert await desk.tickets.position(first) is None
    assert await desk.tickets.position(second) == 1
    released = await desk.tickets.release(first, by=WANG, reason="end of shift")
    assert (released.status, released.owner) == (TicketStatus.OPEN, None)
    assert [t.id for t in await desk.tickets.in_queue(SUPPORT)] == [first, second]
    [*_, row] = await desk.trail(f"ticket:{first}")
    assert row.data["reason"] == "end of shift"


async def test_a_ticket_is_given_to_another_and_stays_as_it_was(desk: DeskForTests) -> None:
    id = await asked(desk)
    given = await desk.tickets.assign(id, "zhao", by=WANG)
    assert (given.status, given.owner) == (TicketStatus.CLAIMED, "zhao")
    assert given.first_responded_at is None, "zhao has not done anything yet"
    await desk.tickets.wait_on_customer(id, by=ZHAO)
    given = await desk.tickets.assign(id, "wang", by=ZHAO)
    assert (given.status, given.owner) == (TicketStatus.WAITING_ON_CUSTOMER, "wang")
    with pytest.raises(TicketTaken, match="wang"):
        await desk.tickets.claim(id, by=ZHAO)


async def test_another_queue_s_ticket_is_nobody_s_yet(desk: DeskForTests) -> None:
    id = await asked(desk)
    await desk.tickets.claim(id, by=WANG)
    moved = await desk.tickets.move_to_queue(id, FINANCE, by=WANG, reason="about money")
    assert (moved.status, moved.owner, moved.queue) == (TicketStatus.OPEN, None, FINANCE)
    assert [t.id for t in await desk.tickets.in_queue(FINANCE)] == [id]
    with pytest.raises(InputRefused):
        await desk.tickets.move_to_queue(id, "nowhere", by=WANG)


STEPS: list[Callable[[DeskForTests, str, Actor], Awaitable[Any]]] = [
    lambda desk, id, by: desk.tickets.claim(id, by=by),
    lambda desk, id, by: desk.tickets.assign(id, "zhao", by=by),
    lambda desk, id, by: desk.tickets.move_to_queue(id, FINANCE, by=by),
]


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("by", [CUSTOMER, Actor(Role.WORKER), Actor(Role.AGENT)])
async def test_only_people_of_the_desk_under_their_name_take_and_give_tickets(
    desk: DeskForTests, step: Callable[[DeskForTests, str, Actor], Awaitable[Any]], by: Actor
) -> None:
    id = await asked(desk)
    before = await desk.tickets.get(id)
    with pytest.raises(NotAllowed):
        await step(desk, id, by)
    assert await desk.tickets.get(id) == before


async def test_a_ticket_that_is_none_can_t_be_claimed(desk: DeskForTests) -> None:
    with pytest.raises(TicketNotFound):
        await desk.tickets.claim("T-33333333", by=WANG)


# --- clocks --------------------------------------------------------------------------------


async def test_the_clock_stands_still_while_the_customer_is_waited_on(desk: DeskForTests) -> None:
    id = await asked(desk, category=Category.REVIEW)  # three working days: until Thursday's end
    due = datetime(2026, 9, 24, 16, tzinfo=UTC)
    assert (await desk.tickets.claim(id, by=WANG)).due_at == due
    waiting = await desk.tickets.wait_on_customer(id, by=WANG)
    assert waiting.paused_at == START
    desk.clock.forward(days=4)  # from Monday ten o'clock to Friday: four times 13 hours at work
    resumed = await desk.tickets.resume(id, by=WANG)
    assert (resumed.status, resumed.owner) == (TicketStatus.CLAIMED, "wang")
    assert resumed.paused_at is None
    assert resumed.paused_for == timedelta(hours=52)
    # What was left at the pause: Monday from ten, Tuesday to Thursday. From Friday ten that
    # lasts as long as the desk is open on Monday.
    assert resumed.due_at == datetime(2026, 9, 28, 14, tzinfo=UTC)
    assert await desk.tickets.get(id) == resumed


async def test_a_pause_at_night_costs_and_gives_no_time_at_work(desk: DeskForTests) -> None:
    id = await asked(desk, category=Category.REVIEW)
    before = await desk.tickets.claim(id, by=WANG)
    desk.clock.forward(hours=13)
    await desk.tickets.wait_on_customer(id, by=WANG)
    desk.clock.forward(hours=8)
    assert (await desk.tickets.resume(id, by=WANG)).due_at == before.due_at


async def test_plain_hours_stand_still_by_the_clock(desk: DeskForTests) -> None:
    id = await asked(desk)  # due 24 hours after it was asked
    await desk.tickets.claim(id, by=WANG)
    desk.clock.forward(hours=20)
    await desk.tickets.wait_on_customer(id, by=WANG)
    desk.clock.forward(days=3)
    resumed = await desk.tickets.resume(id, by=CUSTOMER)
    assert resumed.due_at == desk.clock() + timedelta(hours=4)


async def test_what_was_late_before_a_pause_is_late_after_it(desk: DeskForTests) -> None:
    id = await asked(desk)
    before = await desk.tickets.claim(id, by=WANG)
    desk.clock.forward(hours=25)
    await desk.tickets.wait_on_customer(id, by=WANG)
    desk.clock.forward(hours=10)
    resumed = await desk.tickets.resume(id, by=WANG)
    assert (resumed.due_at, resumed.paused_for) == (before.due_at, timedelta(0))


@pytest.mark.parametrize("step", ["release", "close", "move"])
async def test_whatever_ends_the_waiting_sets_the_clock_going(
    desk: DeskForTests, step: str
) -> None:
    id = await asked(desk)
    await desk.tickets.claim(id, by=WANG)
    await desk.tickets.wait_on_customer(id, by=WANG)
    desk.clock.forward(hours=30)
    if step == "release":
        after = await desk.tickets.release(id, by=WANG)
    elif step == "move":
        after = await desk.tickets.move_to_queue(id, FINANCE, by=WANG)
    else:
        after = await desk.tickets.close(id, TicketOutcome.UNREACHABLE, by=WANG)
    assert after.paused_at is None
    assert after.due_at == START + timedelta(hours=54)


async def test_a_customer_who_writes_sets_all_their_tickets_going(desk: DeskForTests) -> None:
    ids = [await asked(desk, "c1", category) for category in (Category.REVIEW, Category.CALL_BACK)]
    other = await asked(desk, "c2")
    for id in (*ids, other):
        await desk.tickets.claim(id, by=WANG)
        await desk.tickets.wait_on_customer(id, by=WANG)
    resumed = await desk.tickets.customer_wrote("c1")
    assert {ticket.id for ticket in resumed} == set(ids)
    assert (await desk.tickets.get(other)).status is TicketStatus.WAITING_ON_CUSTOMER
    assert await desk.tickets.customer_wrote("c1") == []
    assert (await told(desk, ids[0]))[-1] == ("resume", "customer")


async def test_asking_again_for_a_person_is_an_answer_too(desk: DeskForTests) -> None:
    id = await asked(desk)
    await desk.tickets.claim(id, by=WANG)
    await desk.tickets.wait_on_customer(id, by=WANG)
    assert await asked(desk) == id
    assert (await desk.tickets.get(id)).status is TicketStatus.CLAIMED


async def test_only_the_first_answer_counts(desk: DeskForTests) -> None:
    id = await asked(desk)
    desk.clock.forward(minutes=10)
    answered = await desk.tickets.responded(id, by=WANG)
    assert answered.first_responded_at == START + timedelta(minutes=10)
    desk.clock.forward(minutes=10)
    assert await desk.tickets.responded(id, by=ZHAO) == answered
    assert (await desk.tickets.claim(id, by=ZHAO)).first_responded_at == answered.first_responded_at
    assert [step for step, _by in await told(desk, id)] == [
        *("ticket_opened", "ticket_answered", "claim"),
    ]


# --- priorities ----------------------------------------------------------------------------


async def test_an_urgent_ticket_has_a_quarter_of_the_time_from_then_on(desk: DeskForTests) -> None:
    id = await asked(desk)
    desk.clock.forward(hours=10)
    urgent = await desk.tickets.change_priority(id, Priority.URGENT, by=WANG, reason="a threat")
    assert urgent.priority is Priority.URGENT
    assert urgent.due_at == desk.clock() + timedelta(hours=6)
    assert urgent.first_response_due_at == START + timedelta(minutes=30), "late is not later"
    again = await desk.tickets.change_priority(id, Priority.URGENT, by=WANG)
    assert again == urgent
    rows = await desk.trail(f"ticket:{id}")
    assert rows[-1].data == {"was": "normal", "priority": "urgent", "reason": "a threat"}
    assert len(rows) == 2


async def test_a_less_urgent_ticket_has_all_of_its_time_again(desk: DeskForTests) -> None:
    id = await asked(desk, priority=Priority.URGENT)
    assert (await desk.tickets.get(id)).due_at == START + timedelta(hours=6)
    await desk.tickets.claim(id, by=WANG)
    await desk.tickets.wait_on_customer(id, by=WANG)
    desk.clock.forward(hours=2)
    await desk.tickets.resume(id, by=WANG)
    normal = await desk.tickets.change_priority(id, Priority.NORMAL, by=WANG)
    assert normal.due_at == START + timedelta(hours=26)
    high = await desk.tickets.change_priority(id, Priority.HIGH, by=WANG)
    assert high.due_at == desk.clock() + timedelta(hours=12)


async def test_a_paused_ticket_s_new_share_counts_from_its_pause(desk: DeskForTests) -> None:
    id = await asked(desk)
    await desk.tickets.claim(id, by=WANG)
    await desk.tickets.wait_on_customer(id, by=WANG)
    desk.clock.forward(hours=10)
    urgent = await desk.tickets.change_priority(id, Priority.URGENT, by=WANG)
    assert urgent.due_at == START + timedelta(hours=6)
    assert (await desk.tickets.resume(id, by=WANG)).due_at == desk.clock() + timedelta(hours=6)


async def test_a_closed_ticket_has_no_priority_to_change(desk: DeskForTests) -> None:
    id = await asked(desk)
    await desk.tickets.close(id, TicketOutcome.SOLVED, by=WANG)
    with pytest.raises(IllegalTicketMove):
        await desk.tickets.change_priority(id, Priority.URGENT, by=WANG)
    assert (await desk.tickets.responded(id, by=WANG)).first_responded_at is None


# --- the end, and after --------------------------------------------------------------------


async def test_a_closed_ticket_says_how_it_ended(desk: DeskForTests) -> None:
    id = await asked(desk)
    await desk.tickets.claim(id, by=WANG)
    closed = await desk.tickets.close(id, TicketOutcome.SOLVED, by=WANG, reason="explained K-3")
    assert (closed.status, closed.outcome) == (TicketStatus.CLOSED, TicketOutcome.SOLVED)
    assert closed.closed_at == desk.clock()
    assert await desk.tickets.of_owner("wang") == []
    rows = await desk.trail(f"ticket:{id}")
    assert (rows[-1].data["outcome"], rows[-1].data["reason"]) == ("solved", "explained K-3")
    with pytest.raises(IllegalTicketMove):
        await desk.tickets.close(id, TicketOutcome.SOLVED, by=WANG)
    with pytest.raises(IllegalTicketMove):
        await desk.tickets.claim(id, by=WANG)


async def test_a_reopened_ticket_starts_anew_at_the_end_of_the_queue(desk: DeskForTests) -> None:
    id = await asked(desk, "c1")
    desk.clock.forward(minutes=1)
    second = await asked(desk, "c2")
    await desk.tickets.claim(id, by=WANG)
    await desk.tickets.close(id, TicketOutcome.SOLVED, by=WANG)
    desk.clock.forward(days=2)
    again = await desk.tickets.reopen(id, by=WANG, reason="wrote again")
    assert (again.status, again.owner, again.outcome) == (TicketStatus.OPEN, None, None)
    assert again.due_at == desk.clock() + timedelta(hours=24)
    assert again.first_responded_at == START + timedelta(minutes=1)
    assert await desk.tickets.get(id) == again
    assert [t.id for t in await desk.tickets.in_queue(SUPPORT)] == [second, id]
    assert await desk.tickets.position(id) == 2


async def test_a_ticket_is_not_reopened_beside_the_one_that_followed_it(
    desk: DeskForTests,
) -> None:
    id = await asked(desk)
    await desk.tickets.close(id, TicketOutcome.SOLVED, by=WANG)
    another = await asked(desk)
    assert another != id
    with pytest.raises(IllegalTicketMove):
        await desk.tickets.reopen(id, by=WANG)
    closed = await desk.tickets.get(id)
    with pytest.raises(TicketChanged):  # and if both came at once, the database would refuse it
        await save(desk, replace(closed, closed_at=None), was=closed)


async def test_what_a_case_has_settled_is_closed_whoever_has_it(desk: DeskForTests) -> None:
    id = await asked(desk)
    await desk.tickets.claim(id, by=WANG)
    async with desk.desk.storage.writing() as work:
        await desk.tickets.close_in(work, "hand_over:c1", by=Actor(Role.DESK))
        await desk.tickets.close_in(work, "no such key", by=Actor(Role.DESK))
    closed = await desk.tickets.get(id)
    assert (closed.status, closed.outcome) == (TicketStatus.CLOSED, TicketOutcome.SETTLED)
    assert (await told(desk, id))[-1] == ("close", "desk")


# --- notes and reasons ---------------------------------------------------------------------


async def test_notes_are_kept_in_order_and_not_in_the_trail(desk: DeskForTests) -> None:
    id = await asked(desk)
    await desk.tickets.add_note(id, "  打过电话，没人接  ", by=WANG)
    desk.clock.forward(minutes=5)
    await desk.tickets.close(id, TicketOutcome.UNREACHABLE, by=WANG)
    await desk.tickets.add_note(id, "x" * LONGEST_NOTE, by=ZHAO)
    notes = await desk.tickets.notes(id)
    assert [(note.author, note.at) for note in notes] == [
        ("agent:wang", START),
        ("agent:zhao", START + timedelta(minutes=5)),
    ]
    assert notes[0].text == "打过电话，没人接"
    trail = await desk.trail(f"ticket:{id}")
    assert "打过电话" not in str([row.data for row in trail])
    assert [row.what for row in trail].count("ticket_noted") == 2


@pytest.mark.parametrize("text", ["", "  \n", "x" * (LONGEST_NOTE + 1), "a\0b"])
async def test_a_note_that_says_nothing_or_too_much_is_refused(
    desk: DeskForTests, text: str
) -> None:
    id = await asked(desk)
    with pytest.raises(InputRefused):
        await desk.tickets.add_note(id, text, by=WANG)
    assert await desk.tickets.notes(id) == []


async def test_a_reason_that_is_too_long_is_refused_and_nothing_moves(desk: DeskForTests) -> None:
    id = await asked(desk)
    with pytest.raises(InputRefused):
        await desk.tickets.close(
            id, TicketOutcome.SOLVED, by=WANG, reason="x" * (LONGEST_REASON + 1)
        )
    assert (await desk.tickets.get(id)).status is TicketStatus.OPEN


# --- how it stands -------------------------------------------------------------------------


async def test_a_ticket_warns_before_it_is_late(desk: DeskForTests) -> None:
    id = await asked(desk)
    seen = []
    for minutes in (0, 22, 1, 7, 1):  # of 30 to answer
        desk.clock.forward(minutes=minutes)
        seen.append(desk.tickets.standing(await desk.tickets.get(id)).first_response)
    assert seen == [
        *(ClockState.RUNNING, ClockState.RUNNING),
        *(ClockState.DUE_SOON, ClockState.DUE_SOON, ClockState.LATE),
    ]


async def test_a_warning_counts_time_at_work_without_the_pauses(desk: DeskForTests) -> None:
    desk.clock.forward(hours=11)  # it is nine in the evening; four hours: until noon
    id = await asked(desk, category=Category.CALL_BACK)
    found = []
    for hours in (0, 12, 2, 0.5):
        desk.clock.forward(hours=hours)
        found.append(desk.tickets.standing(await desk.tickets.get(id)).first_response)
    assert found == [ClockState.RUNNING] * 2 + [ClockState.DUE_SOON] * 2


async def test_a_long_pause_does_not_bring_the_warning_forward(desk: DeskForTests) -> None:
    id = await asked(desk)
    await desk.tickets.claim(id, by=WANG)
    await desk.tickets.wait_on_customer(id, by=WANG)
    desk.clock.forward(days=5)
    await desk.tickets.resume(id, by=WANG)
    found = []
    for hours in (17.9, 0.1):  # of 24
        desk.clock.forward(hours=hours)
        found.append(desk.tickets.standing(await desk.tickets.get(id)).resolution)
    assert found == [ClockState.RUNNING, ClockState.DUE_SOON]


async def test_promises_are_kept_or_missed_in_the_end(desk: DeskForTests) -> None:
    id = await asked(desk)
    desk.clock.forward(minutes=30)
    await desk.tickets.claim(id, by=WANG)
    waiting = await desk.tickets.wait_on_customer(id, by=WANG)
    standing = desk.tickets.standing(waiting)
    assert (standing.first_response, standing.resolution) == (ClockState.KEPT, ClockState.PAUSED)
    await desk.tickets.resume(id, by=WANG)
    desk.clock.forward(hours=24)
    closed = await desk.tickets.close(id, TicketOutcome.SOLVED, by=WANG)
    standing = desk.tickets.standing(closed)
    assert (standing.first_response, standing.resolution) == (ClockState.KEPT, ClockState.MISSED)


async def test_a_task_of_the_desk_s_own_has_no_first_answer_to_give(desk: DeskForTests) -> None:
    task = NewTicket("kuailian", Task.PAYOUT, "pay_by_hand", key="payout:RF-1")
    standing = desk.tickets.standing(await desk.tickets.open(task, by=Actor(Role.WORKER)))
    assert (standing.first_response, standing.resolution) == (ClockState.NONE, ClockState.RUNNING)


async def test_a_ticket_without_a_promise_has_no_clock(desk: DeskForTests) -> None:
    new = NewTicket("no such brand", Category.HAND_OVER, "asked", key=None)
    ticket = await desk.tickets.open(new, by=CUSTOMER)
    assert (ticket.due_at, ticket.first_response_due_at) == (None, None)
    await desk.tickets.claim(ticket.id, by=WANG)
    await desk.tickets.wait_on_customer(ticket.id, by=WANG)
    await desk.tickets.change_priority(ticket.id, Priority.URGENT, by=WANG)
    await desk.tickets.change_priority(ticket.id, Priority.NORMAL, by=WANG)
    ticket = await desk.tickets.resume(ticket.id, by=WANG)
    assert ticket.due_at is None
    assert desk.tickets.standing(ticket).resolution is ClockState.NONE
