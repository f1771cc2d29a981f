"""Complaints and calls: in the right queue, as urgent as they are, the number nowhere else."""

from __future__ import annotations

import pytest

from actions.domain.errors import InputRefused
from actions.domain.events import Actor, Role
from actions.domain.ticket import Category, Priority, Threat, TicketStatus
from actions.services.tickets import SUPERVISORS, SUPPORT, NewTicket
from actions.testing.desk import DeskForTests

WANG = Actor(Role.AGENT, "wang")


async def test_a_complaint_goes_before_other_work_of_the_supervisors(desk: DeskForTests) -> None:
    told = await desk.tickets.complain("kuailian", "等了三天", language="zh", conversation="c1")
    assert (told.category, told.priority) == (Category.COMPLAINT, Priority.HIGH)
    assert told.position == 1
    [ticket] = await desk.tickets.in_queue(SUPERVISORS)
    assert (ticket.id, ticket.reason, ticket.language) == (told.id, "complaint", "zh")
    [note] = await desk.tickets.notes(told.id)
    assert (note.text, note.author) == ("等了三天", "customer")


@pytest.mark.parametrize("threat", Threat)
async def test_a_threat_makes_a_complaint_urgent(desk: DeskForTests, threat: Threat) -> None:
    told = await desk.tickets.complain("kuailian", "…", threat=threat, conversation="c1")
    assert told.priority is Priority.URGENT
    assert (await desk.tickets.get(told.id)).reason == f"threat:{threat}"


async def test_complaining_again_adds_to_the_open_complaint_and_may_raise_it(
    desk: DeskForTests,
) -> None:
    first = await desk.tickets.complain("kuailian", "等了三天", conversation="c1")
    other = await desk.tickets.complain("kuailian", "态度差", conversation="c2")
    again = await desk.tickets.complain(
        "kuailian", "我要打 12315", threat=Threat.REGULATOR, conversation="c1"
    )
    assert again.id == first.id != other.id
    assert (again.priority, again.position) == (Priority.URGENT, 1)
    notes = await desk.tickets.notes(first.id)
    assert [note.text for note in notes] == ["等了三天", "我要打 12315"]
    calmer = await desk.tickets.complain("kuailian", "算了", conversation="c1")
    assert calmer.priority is Priority.URGENT
    rows = await desk.trail(f"ticket:{first.id}")
    assert "12315" not in str([row.data for row in rows])
    assert [row.what for row in rows].count("ticket_prioritised") == 1


async def test_a_complaint_without_words_is_none(desk: DeskForTests) -> None:
    with pytest.raises(InputRefused):
        await desk.tickets.complain("kuailian", "  ", conversation="c1")
    assert await desk.tickets.in_queue(SUPERVISORS) == []


async def test_complaints_about_nothing_in_particular_are_each_their_own(
    desk: DeskForTests,
) -> None:
    first = await desk.tickets.complain("kuailian", "一")
    second = await desk.tickets.complain("kuailian", "二")
    assert first.id != second.id


# --- calls ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("+86 138 0013 8000", "+8613800138000"),
        ("(010) 6552-9988", "01065529988"),
        ("１３８００１３８０００", "13800138000"),
        ("＋44 20 7946 0958", "+442079460958"),
        ("010–6552–9988", "01065529988"),
        ("1234567", "1234567"),
        ("123456789012345", "123456789012345"),
    ],
)
async def test_a_phone_number_is_kept_without_what_stands_between_its_digits(
    desk: DeskForTests, typed: str, kept: str
) -> None:
    told = await desk.tickets.call_back(
        "kuailian", typed, preferred_time=" 下午 ", conversation="c1"
    )
    [ticket] = await desk.tickets.in_queue(SUPPORT)
    assert (told.category, told.position) == (Category.CALL_BACK, 1)
    assert ticket.data == {"phone": kept, "preferred_time": "下午"}


@pytest.mark.parametrize(
    "typed", ["", "123456", "1234567890123456", "call me", "+", "12345678a", "1+2345678", "١٢٣٤٥٦٧"]
)
async def test_what_is_no_phone_number_is_refused(desk: DeskForTests, typed: str) -> None:
    with pytest.raises(InputRefused) as refused:
        await desk.tickets.call_back("kuailian", typed, conversation="c1")
    assert [fault.path for fault in refused.value.faults] == ["phone"]
    assert typed not in str(refused.value) or not typed
    assert await desk.tickets.in_queue(SUPPORT) == []


async def test_a_time_to_call_is_short_and_may_be_left_out(desk: DeskForTests) -> None:
    with pytest.raises(InputRefused):
        await desk.tickets.call_back(
            "kuailian", "13800138000", preferred_time="x" * 201, conversation="c1"
        )
    told = await desk.tickets.call_back("kuailian", "13800138000", preferred_time=" ")
    assert (await desk.tickets.get(told.id)).data["preferred_time"] is None


async def test_the_newer_number_counts_and_neither_is_told_elsewhere(desk: DeskForTests) -> None:
    old, new = "13800138000", "13900139000"
    first = await desk.tickets.call_back("kuailian", old, conversation="c1")
    again = await desk.tickets.call_back("kuailian", new, conversation="c1")
    assert again.id == first.id
    ticket = await desk.tickets.get(first.id)
    assert ticket.data["phone"] == new
    rows = await desk.trail(f"ticket:{first.id}")
    assert [row.what for row in rows] == ["ticket_opened", "ticket_call_changed"]
    unseen = NewTicket("kuailian", Category.CALL_BACK, "…", key=None, data={"phone": new})
    told = [str(again), repr(unseen), str(first), repr(ticket), ticket.key, ticket.reason]
    told += [str(row.data) for row in rows]
    assert not [text for text in told if old in str(text) or new in str(text)]


async def test_asking_for_the_same_call_twice_changes_nothing(desk: DeskForTests) -> None:
    first = await desk.tickets.call_back("kuailian", "13800138000", conversation="c1")
    await desk.tickets.claim(first.id, by=WANG)
    again = await desk.tickets.call_back("kuailian", "138 0013 8000", conversation="c1")
    assert (again.id, again.status, again.position) == (first.id, TicketStatus.CLAIMED, None)
    assert len(await desk.trail(f"ticket:{first.id}")) == 2
