"""A person is given all that is theirs, and nothing else; once erased they are nowhere."""

from __future__ import annotations

import asyncio
import io
import json
import sqlite3
from contextlib import closing
from typing import Any
from zipfile import ZipFile

import pytest
from sqlalchemy import select, update

from actions.domain.errors import ErasureRefused, PersonNotFound, SeveralAccounts
from actions.domain.events import Actor, Role
from actions.domain.order import OrderStatus
from actions.gateways.base import PayoutResult, PayoutStatus
from actions.services.facts_json import read_facts
from actions.services.personal_data import PLACES
from actions.services.privacy import REWRITE, TRACKERS, Finished, Preview
from actions.storage.conversations import ConversationRow
from actions.storage.tables import CaseRow, OrderRow
from actions.testing.desk import DeskForTests
from tests.actions.services.people import findings
from tests.actions.services.planted import (
    LI,
    MEI,
    SAME_FILE,
    Planted,
    files_of,
    plant,
    rows_of,
)

OPERATOR = Actor(Role.OPERATOR, "privacy")


@pytest.fixture
async def both(desk: DeskForTests) -> DeskForTests:
    """Two people with data everywhere, who have paid with one card."""
    await plant(desk, LI)
    await plant(desk, MEI)
    return desk


async def preview(desk: DeskForTests, who: Planted) -> Preview:
    return await desk.desk.privacy.preview("kuailian", account=who.account)


async def erase(desk: DeskForTests, who: Planted) -> Finished:
    found = await preview(desk, who)
    return await desk.desk.privacy.erase(found.person, by=OPERATOR)


async def exported(desk: DeskForTests, who: Planted) -> tuple[dict[str, Any], dict[str, bytes]]:
    """The JSON of an export by its name, and all of its files."""
    found, packed = await preview(desk, who), io.BytesIO()
    with ZipFile(packed, "w") as archive:
        await desk.desk.person_export.write(found.person, archive)
    with ZipFile(packed) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    read = {
        name.removesuffix(".json"): json.loads(content)
        for name, content in files.items()
        if name.endswith(".json")
    }
    return read, files


async def traces(desk: DeskForTests, who: Planted) -> list[str]:
    """Wherever anything of ``who`` is found: in a row, or in the bytes of a file."""
    found = [
        f"{table}: {trace}"
        for table, rows in (await rows_of(desk)).items()
        for trace in who.traces
        if any(trace in row for row in rows)
    ]
    for path in files_of(desk):
        content = path.read_bytes()
        for trace in who.traces:
            escaped = json.dumps(trace)[1:-1].encode()
            if trace.encode() in content or escaped in content:
                found.append(f"{path.name}: {trace}")
    return found


# --- exporting ------------------------------------------------------------------------------


async def test_the_planted_person_is_in_every_place_there_is(both: DeskForTests) -> None:
    """Else the tests below would look for nothing."""
    rows = await rows_of(both)
    kept = {name for name, place in PLACES.items() if place.personal}
    assert {name for name in kept if not rows[name]} == {"erasures"}
    assert await findings(both) == []
    found = " ".join(await traces(both, LI))
    for place in ("accounts", "orders", "past_refunds", "cases", "appeals", "evidence", "audit"):
        assert f"{place}: " in found
    for place in ("tickets", "ticket_notes", "messages", "conversations", "challenges"):
        assert f"{place}: " in found
    assert "contact_changes: " in found
    assert "rasa-trackers.db" in found


async def test_an_export_holds_all_that_is_theirs(both: DeskForTests) -> None:
    read, files = await exported(both, LI)
    text = b"".join(files.values()).decode(errors="replace")
    for trace in LI.traces:
        assert trace in text
    empty = [name for name, records in read.items() if not records]
    assert empty == []
    assert {place.exported for place in PLACES.values() if place.exported} <= set(read)
    assert len(read["messages"]) == 2
    assert len(read["understanding"]) == 200
    assert [order["amount"] for order in read["orders"]] == ["299.00", "299.00"]
    assert {receipt["number"] for receipt in read["receipts"]} == {
        case["number"] for case in read["cases"]
    }
    assert LI.says("sorry") in json.dumps(read["receipts"], ensure_ascii=False)
    assert LI.says("抱歉") in json.dumps(read["receipts"], ensure_ascii=False)
    assert SAME_FILE in files.values()
    assert "您的个人数据" in files["README.zh.txt"].decode()
    assert "Your personal data" in files["README.en.txt"].decode()


async def test_an_export_holds_nothing_of_anybody_else(both: DeskForTests) -> None:
    """Not even where a decision looked at another's order, for both had paid with one card."""
    async with both.desk.storage.reading() as work:
        facts = list(await work.session.scalars(select(CaseRow.facts)))
    assert any(
        order["account"] != fact["account"]["id"]
        for fact in facts
        for order in fact["other_orders"]
    ), "nobody's case looks at the other's order: this test would show nothing"
    for who, other in ((LI, MEI), (MEI, LI)):
        _read, files = await exported(both, who)
        text = b"".join(files.values()).decode(errors="replace")
        for trace in [*other.traces, other.paid_order, other.renewed_order, other.chat]:
            assert trace not in text
        assert "wu" not in json.dumps(_read["tickets"]) + json.dumps(_read["audit"])


async def test_a_chat_that_was_somebody_else_s_too_is_left_out(both: DeskForTests) -> None:
    async with both.desk.storage.writing() as work:
        await work.session.execute(
            update(ConversationRow).where(ConversationRow.id == LI.chat).values(account=MEI.account)
        )
    for who in (LI, MEI):
        read, files = await exported(both, who)
        assert LI.chat not in {message["conversation"] for message in read["messages"]}
        assert "1" in files["README.zh.txt"].decode().partition("有 ")[2][:2]
    found = await preview(both, LI)
    assert LI.chat in found.theirs.shared


async def test_a_chat_that_only_mentions_an_address_is_not_theirs(both: DeskForTests) -> None:
    async with both.desk.storage.writing() as work:
        row = await work.session.get_one(ConversationRow, MEI.chat)
        row.rating_comment = LI.email
    read, _files = await exported(both, LI)
    assert [chat["id"] for chat in read["conversations"]] == [LI.chat]


# --- erasing --------------------------------------------------------------------------------


async def test_an_erased_person_is_nowhere(both: DeskForTests) -> None:
    assert await traces(both, LI)
    assert await erase(both, LI) == Finished()
    assert await traces(both, LI) == []
    assert await findings(both) == []


async def test_erasing_one_leaves_the_other_whole(both: DeskForTests) -> None:
    """Their words, their file of the same content, what Rasa remembers, their mail."""
    before, files_before = await exported(both, MEI)
    await erase(both, LI)
    after, files_after = await exported(both, MEI)
    for records in (before, after):
        records.pop("audit")
    assert after == before
    assert SAME_FILE in files_after.values()
    assert files_after.keys() == files_before.keys()
    assert [found.code for found in await both.desk.doctor.findings(read_files=True)] == []


async def test_content_goes_with_the_last_who_gave_it(both: DeskForTests) -> None:
    await erase(both, LI)
    await erase(both, MEI)
    assert [path for path in files_of(both) if "uploads" in path.parts] == []
    assert await traces(both, MEI) == []
    assert await findings(both) == []


async def test_the_books_add_up_as_before(both: DeskForTests) -> None:
    async def books() -> list[Any]:
        async with both.desk.storage.reading() as work:
            cases = await work.session.scalars(select(CaseRow).order_by(CaseRow.id))
            orders = await work.session.scalars(select(OrderRow).order_by(OrderRow.order_number))
            said = ("amount", "currency", "clauses", "outcome", "policy_version")
            return [
                *((case.number, case.state, [case.decision[k] for k in said]) for case in cases),
                *((order.order_number, order.amount, order.paid_at) for order in orders),
            ]

    before = await books()
    await erase(both, LI)
    assert await books() == before


async def test_what_is_left_of_a_case_can_still_be_read_as_facts(both: DeskForTests) -> None:
    await erase(both, LI)
    async with both.desk.storage.reading() as work:
        cases = list(await work.session.scalars(select(CaseRow)))
    for case in cases:
        facts = read_facts(case.facts, ["kuailian"])
        assert facts.account.is_erased == (case.account_id == LI.account)


async def test_the_trail_says_that_and_when_but_not_who(both: DeskForTests) -> None:
    await erase(both, LI)
    row = (await both.trail(f"account:kuailian/{LI.account}"))[-1]
    assert (row.what, row.actor, [*row.data]) == ("person_erased", str(OPERATOR), ["erasure"])


async def test_nobody_comes_back_into_an_erased_chat_or_account(both: DeskForTests) -> None:
    await erase(both, LI)
    assert await both.verification.customer(LI.chat) is None
    before = len(both.mailer.sent)
    for email in (LI.email, (await preview(both, LI)).person.email):
        await both.verification.send_code("c9", "kuailian", email, LI.paid_order)
    await both.run_worker_once()
    assert len(both.mailer.sent) == before
    with pytest.raises(PersonNotFound):
        await both.desk.privacy.preview("kuailian", email=LI.email)


async def test_erasing_twice_is_erasing_once(both: DeskForTests) -> None:
    found = await preview(both, LI)
    await erase(both, LI)
    assert await both.desk.privacy.erase(found.person, by=OPERATOR) == Finished()
    trail = await both.trail(f"account:kuailian/{LI.account}")
    assert [row.what for row in trail].count("person_erased") == 1


async def test_a_person_is_found_by_e_mail_in_any_spelling_and_brand_by_brand(
    both: DeskForTests,
) -> None:
    found = await both.desk.privacy.preview("kuailian", email=f" {LI.email.upper()} ")
    assert found.person.account_id == LI.account
    assert LI.email not in repr(found)
    with pytest.raises(PersonNotFound):
        await both.desk.privacy.preview("bitpie", email=LI.email)
    await both.has_account(id="A-9", email=LI.email)
    with pytest.raises(SeveralAccounts) as several:
        await both.desk.privacy.preview("kuailian", email=LI.email)
    assert several.value.ids == (LI.account, "A-9")


# --- what stands in the way -----------------------------------------------------------------


async def refusal(desk: DeskForTests, who: Planted) -> list[str]:
    found = await preview(desk, who)
    with pytest.raises(ErasureRefused) as refused:
        await desk.desk.privacy.erase(found.person, by=OPERATOR)
    assert refused.value.hindrances == tuple(found.hindrances)
    assert await traces(desk, who)
    return [each.code for each in found.hindrances]


@pytest.mark.parametrize("state", ["confirmed", "paying", "failed"])
async def test_nobody_is_erased_while_money_is_under_way(both: DeskForTests, state: str) -> None:
    await both.has_order("KLNEW", LI.account, gateway="fake")
    customer = await both.verified(LI.account, LI.chat)
    case = await both.refunds.request(customer, "KLNEW")
    await both.refunds.confirm(customer, case.number)
    both.gateway.answer = PayoutResult(
        {"paying": PayoutStatus.SENT}.get(state, PayoutStatus.FAILED), failure="no"
    )
    if state != "confirmed":
        await both.run_worker_once()
    assert f"case_{state}" in await refusal(both, LI)


async def test_nobody_is_erased_while_something_else_is_open(both: DeskForTests) -> None:
    """A ticket; a wish to end a renewal; a payment that is disputed; a chat that goes on."""
    await both.tickets.complain("kuailian", "again", conversation=LI.chat)
    assert await refusal(both, LI) == ["ticket_open"]
    await both.has_order("KLNEXT", LI.account)
    await both.renewals.ask(await both.verified(LI.account, LI.chat), "KLNEXT")
    assert await refusal(both, LI) == ["renewal_requested", "ticket_open", "ticket_open"]
    async with both.desk.storage.writing() as work:
        order = await work.session.get_one(OrderRow, ("kuailian", LI.paid_order))
        order.status = OrderStatus.DISPUTED.value
        chat = await work.session.get_one(ConversationRow, LI.chat)
        chat.claimed_by, chat.claimed_until = "web", both.clock().replace(year=2027)
    assert (await refusal(both, LI))[0] == "order_disputed"
    assert (await refusal(both, LI))[-1] == "chat_going_on"


async def test_nobody_is_erased_while_an_appeal_is_open(both: DeskForTests) -> None:
    customer = await both.verified(LI.account, LI.chat)
    async with both.desk.storage.reading() as work:
        number = await work.session.scalar(
            select(CaseRow.number).where(CaseRow.order_number == LI.renewed_order)
        )
    await both.appeals.make(customer, str(number), "other", "once more")
    assert await refusal(both, LI) == ["case_appealed", "ticket_open"]


# --- interrupted ----------------------------------------------------------------------------


async def test_what_was_interrupted_is_brought_to_an_end_by_the_worker(
    both: DeskForTests, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed between the database and the rest: nobody has to know, or to type anything."""
    path = both.desk.settings.trackers
    with closing(sqlite3.connect(path, isolation_level=None)) as rasa:
        rasa.execute("BEGIN EXCLUSIVE")  # Rasa is writing, and takes its time
        monkeypatch.setattr("actions.storage.scrub.BUSY_SECONDS", 0.05)
        assert (await erase(both, LI)).left == (TRACKERS, REWRITE)
        rasa.execute("ROLLBACK")
    assert any("rasa-trackers.db" in trace for trace in await traces(both, LI))
    assert len((await preview(both, LI)).unfinished) == 1
    await both.run_worker_once()
    assert await traces(both, LI) == []
    assert (await preview(both, LI)).unfinished == []


async def test_erasing_again_finishes_what_was_interrupted(
    both: DeskForTests, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_args: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(both.desk.privacy._trackers, "forget", killed)
        with pytest.raises(KeyboardInterrupt):
            await _within_this_thread(both, LI, broken)
    assert await traces(both, LI)
    await erase(both, LI)
    assert await traces(both, LI) == []


async def _within_this_thread(
    desk: DeskForTests, who: Planted, patch: pytest.MonkeyPatch
) -> Finished:
    """A thread would keep the interruption to itself."""

    async def here(do: Any, *args: Any) -> Any:
        return do(*args)

    patch.setattr(asyncio, "to_thread", here)
    return await erase(desk, who)


async def test_a_file_given_while_its_content_is_erased_is_there_afterwards(
    both: DeskForTests,
) -> None:
    """The same picture, erased with one and given by another at the same moment."""
    await erase(both, MEI)
    customer = await both.verified("A-7", "c7") if await both.has_order("KL7", "A-7") else None
    assert customer is not None
    case = await both.refunds.request(customer, "KL7")
    await asyncio.gather(
        erase(both, LI), both.evidence.give(customer, case.number, SAME_FILE, "mine.png")
    )
    assert [found.code for found in await both.desk.doctor.findings(read_files=True)] == []


# --- afterwards -----------------------------------------------------------------------------


async def test_lifting_needs_an_erased_account_and_leaves_its_row(both: DeskForTests) -> None:
    assert not await both.desk.privacy.lift("kuailian", LI.account, by=OPERATOR)
    await erase(both, LI)
    assert await both.desk.privacy.lift("kuailian", LI.account, by=OPERATOR)
    assert (await both.trail(f"account:kuailian/{LI.account}"))[-1].what == "erasure_lifted"
    with pytest.raises(PersonNotFound):
        await both.desk.privacy.lift("kuailian", "A-none", by=OPERATOR)
    assert await findings(both) == []
