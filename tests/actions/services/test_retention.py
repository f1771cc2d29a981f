"""What is past its time goes by itself; nothing that is still open ever does."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from actions.domain.order import OrderStatus
from actions.services.past_due import ADDRESSES_KEPT, CODES_KEPT, PROMISES_KEPT
from actions.storage.conversations import ConversationRow
from actions.storage.tables import CaseRow, OrderRow
from actions.testing.desk import DeskForTests
from tests.actions.services.people import findings
from tests.actions.services.planted import LI, plant, rows_of
from tests.actions.services.test_privacy import erase, traces


@pytest.fixture
async def li(desk: DeskForTests) -> DeskForTests:
    """One person with data everywhere, and nothing under way."""
    await plant(desk, LI)
    return desk


@pytest.fixture
def days(desk: DeskForTests) -> tuple[int, int]:
    """How long kuailian keeps chats, and cases."""
    terms = desk.desk.brands["kuailian"].trust.retention
    assert terms.conversations < terms.cases
    return terms.conversations, terms.cases


async def found_in(desk: DeskForTests) -> set[str]:
    """The tables and files in which there is still something of the person."""
    return {trace.partition(":")[0] for trace in await traces(desk, LI)}


async def chat_of_nobody(desk: DeskForTests) -> str:
    """A chat in which no case was opened, with a message, a file and a closed ticket."""
    at, id = desk.clock(), "n" * 32
    async with desk.desk.storage.writing() as work:
        work.session.add(
            ConversationRow(
                id=id,
                brand="kuailian",
                language="zh",
                token_hash="n" * 64,
                rating_comment="nobody's words",
                started_at=at,
                updated_at=at,
            )
        )
    return id


async def test_nothing_goes_before_its_time(li: DeskForTests, days: tuple[int, int]) -> None:
    li.clock.forward(days=days[0], hours=-1)
    await chat_of_nobody(li)
    swept = await li.desk.retention.sweep()
    assert (swept.chats, swept.cases, swept.tickets) == (0, 0, 0)
    assert {"messages", "cases", "evidence", "tickets", "appeals"} <= await found_in(li)


async def test_codes_locks_proofs_and_work_done_go_after_a_short_time(li: DeskForTests) -> None:
    li.clock.forward(days=2, minutes=31)
    assert CODES_KEPT.days == 1
    swept = await li.desk.retention.sweep()
    assert (swept.codes, swept.proofs, swept.links, swept.promises) == (2, 1, 1, 0)
    assert swept.locks > 0
    li.clock.forward(days=PROMISES_KEPT.days)
    assert (await li.desk.retention.sweep()).promises > 0
    rows = await rows_of(li)
    for table in ("challenges", "locks", "verifications", "link_codes", "outbox"):
        assert rows[table] == []
    assert await findings(li) == []


async def test_a_lock_that_still_holds_stays(li: DeskForTests) -> None:
    """Else waiting for the sweep would be a way to try more codes."""
    await li.verification.send_code("c8", "kuailian", LI.email, LI.paid_order)
    for _ in range(4):
        await li.verification.check_code("c8", "000000")
    li.clock.forward(hours=23)
    await li.desk.retention.sweep()
    kept = [json.loads(row)["failures"] for row in (await rows_of(li))["locks"]]
    assert 4 in kept


async def test_a_change_of_address_can_be_undone_for_three_months(li: DeskForTests) -> None:
    li.clock.forward(days=ADDRESSES_KEPT.days)
    assert (await li.desk.retention.sweep()).addresses == 0
    li.clock.forward(hours=1)
    assert (await li.desk.retention.sweep()).addresses == 1


async def test_a_chat_without_a_case_goes_with_all_that_came_of_it(
    li: DeskForTests, days: tuple[int, int]
) -> None:
    chat = await chat_of_nobody(li)
    li.clock.forward(days=days[0], hours=1)
    assert await li.desk.retention.count() == await li.desk.retention.sweep()
    async with li.desk.storage.reading() as work:
        row = await work.session.get_one(ConversationRow, chat)
        kept = await work.session.get_one(ConversationRow, LI.chat)
    assert (row.rating_comment, row.status, row.erased_at) == (None, "ended", li.clock())
    assert kept.rating_comment == LI.says("kind people"), "cases have come of that one"
    assert (await li.desk.retention.sweep()).total == 0


async def test_ended_cases_go_with_their_chats_files_and_tickets(
    li: DeskForTests, days: tuple[int, int]
) -> None:
    """What is left of the person are the brand's own records; the books add up."""
    li.clock.forward(days=days[1], hours=1)
    swept = await li.desk.retention.sweep()
    assert (swept.cases, swept.chats) == (2, 0)
    assert await found_in(li) <= {
        "accounts",
        "orders",
        "past_refunds",
        "audit",  # why staff vouched for the account stays in the account's own trail
        "desk.db",
        "desk.db-wal",
    } | {path for path in await found_in(li) if ".M" in path or ".P" in path}
    assert await findings(li) == []
    async with li.desk.storage.reading() as work:
        cases = list(await work.session.scalars(select(CaseRow)))
    assert all(case.decision and case.decision["amount"] for case in cases)
    assert all(case.facts["account"]["name"].startswith("erased-") for case in cases if case.facts)
    assert await erase(li, LI)
    assert await found_in(li) == set()


@pytest.mark.parametrize("what", ["ticket", "dispute", "renewal", "answering"])
async def test_nothing_goes_of_what_is_still_open(
    li: DeskForTests, days: tuple[int, int], what: str
) -> None:
    if what == "ticket":
        await li.tickets.complain("kuailian", "again", conversation=LI.chat)
        async with li.desk.storage.reading() as work:
            numbers = list(await work.session.scalars(select(CaseRow.number)))
        for number in numbers:
            await li.tickets.complain("kuailian", "and again", case_number=number)
    elif what == "renewal":
        await li.has_order("KLNEXT", LI.account)
        await li.renewals.ask(await li.verified(LI.account, LI.chat), "KLNEXT")
    async with li.desk.storage.writing() as work:
        if what == "dispute":
            for number in (LI.paid_order, LI.renewed_order):
                order = await work.session.get_one(OrderRow, ("kuailian", number))
                order.status = OrderStatus.DISPUTED.value
        if what == "answering":
            chat = await work.session.get_one(ConversationRow, LI.chat)
            chat.claimed_by, chat.claimed_until = "web", li.clock().replace(year=2040)
    li.clock.forward(days=days[1] * 2)
    await li.desk.retention.sweep()
    assert "messages" in await found_in(li) or what == "answering"
    if what in ("ticket", "dispute"):
        assert {"cases", "evidence", "appeals", "tickets"} <= await found_in(li)


async def test_a_case_under_way_stays_however_old_it_is(
    li: DeskForTests, days: tuple[int, int]
) -> None:
    await li.has_order("KLNEW", LI.account, gateway="manual")
    customer = await li.verified(LI.account, "c5")
    case = await li.refunds.request(customer, "KLNEW", LI.says("because"))
    await li.refunds.confirm(customer, case.number)
    li.clock.forward(days=days[1] * 2)
    assert (await li.desk.retention.sweep()).cases == 2
    async with li.desk.storage.reading() as work:
        row = (
            await work.session.scalars(select(CaseRow).where(CaseRow.number == case.number))
        ).one()
    assert row.reason == LI.says("because")
    assert row.erased_at is None


async def test_counting_changes_nothing(li: DeskForTests, days: tuple[int, int]) -> None:
    li.clock.forward(days=days[1], hours=1)
    before = await rows_of(li)
    due = await li.desk.retention.count()
    assert (due.cases, due.codes) == (2, 2)
    assert await rows_of(li) == before


async def test_the_worker_sweeps_and_says_only_how_many(
    li: DeskForTests, days: tuple[int, int], capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    li.clock.forward(days=days[1], hours=1)
    await li.run_worker_once()
    said = capsys.readouterr().out
    assert "retention_swept" in said
    assert "cases=2" in said
    assert not any(trace in said for trace in [*LI.traces, LI.account, LI.chat])
    assert "messages" not in await found_in(li)
