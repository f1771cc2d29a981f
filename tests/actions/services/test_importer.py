"""Import files: all of a file or nothing, each fault with its line and path."""

from __future__ import annotations

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, select

from actions.domain.errors import ImportRefused
from actions.domain.money import Money
from actions.domain.order import Kind, Method, OrderStatus
from actions.services import import_reading
from actions.storage.staging import Staging
from actions.storage.tables import OrderRow
from actions.testing.desk import DeskForTests
from actions.testing.samples import AS_OF, load_samples, sample_brands, sample_file

ACCOUNT = {"id": "A-1", "email": "li@example.com", "name": "李雷", "status": "active"}
ORDER = {
    "order_number": "KL1",
    "account": "A-1",
    "item": "yearly",
    "kind": "purchase",
    "amount": "299.00",
    "currency": "CNY",
    "paid_at": "2026-09-01T10:00:00+08:00",
    "status": "paid",
    "payment": {"method": "card", "hint": "4242", "gateway": "manual", "reference": "ch_1"},
}
REFUND = {
    "order_number": "KL1",
    "amount": "10.00",
    "currency": "CNY",
    "at": "2026-09-02T10:00:00+08:00",
}
FILE = {"brand": "kuailian", "accounts": [ACCOUNT], "orders": [ORDER]}


def written(folder: Path, found: Any, name: str = "import.json") -> Path:
    path = folder / name
    if isinstance(found, bytes):
        path.write_bytes(found)
    elif name.endswith(".jsonl"):
        lines = [line if isinstance(line, str) else json.dumps(line) for line in found]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    else:
        path.write_text(json.dumps(found, indent=1, ensure_ascii=False), encoding="utf-8")
    return path


async def refused(desk: DeskForTests, path: Path) -> list[tuple[int | None, str]]:
    with pytest.raises(ImportRefused) as error:
        await desk.desk.importer.load(path)
    assert all(" · " in fault.message for fault in error.value.faults), "said in both languages"
    assert await count(desk) == (0, 0), "nothing was written"
    return [(fault.line, fault.path) for fault in error.value.faults]


async def count(desk: DeskForTests) -> tuple[int, int]:
    async with desk.desk.storage.reading() as work:
        accounts = await work.records.known_accounts("kuailian", ["A-1", "A-2"])
        orders = await work.records.known_orders("kuailian", ["KL1", "KL2"])
    return len(accounts), len(orders)


async def test_a_file_is_written_as_it_says(desk: DeskForTests, tmp_path: Path) -> None:
    report = await desk.desk.importer.load(written(tmp_path, FILE | {"refunds": [REFUND]}))
    assert (report.accounts, report.orders, report.refunds) == (1, 1, 1)
    async with desk.desk.storage.reading() as work:
        order = await work.records.order("kuailian", "A-1", "KL1")
        refunds = await work.records.past_refunds_of("kuailian", "A-1")
    assert order is not None
    assert (order.amount, order.kind, order.status) == (
        Money(29900, "CNY"),
        Kind.PURCHASE,
        OrderStatus.PAID,
    )
    assert (order.payment.method, order.payment.hint) == (Method.CARD, "4242")
    assert order.captured
    assert [refund.amount for refund in refunds] == [Money(1000, "CNY")]


async def test_importing_again_updates_and_adds_nothing(desk: DeskForTests, tmp_path: Path) -> None:
    await desk.desk.importer.load(written(tmp_path, FILE | {"refunds": [REFUND]}))
    changed = FILE | {"orders": [ORDER | {"status": "disputed"}], "refunds": [REFUND]}
    await desk.desk.importer.load(written(tmp_path, changed))
    async with desk.desk.storage.reading() as work:
        [order] = await work.records.orders_of("kuailian", "A-1")
        refunds = await work.records.past_refunds_of("kuailian", "A-1")
    assert order.status is OrderStatus.DISPUTED
    assert len(refunds) == 1


async def test_json_lines_may_refer_to_lines_before(desk: DeskForTests, tmp_path: Path) -> None:
    lines = [
        {"brand": "kuailian", "accounts": [ACCOUNT]},
        {"orders": [ORDER]},
        {"brand": "kuailian", "orders": [ORDER | {"order_number": "KL2"}], "refunds": [REFUND]},
    ]
    for name in ("import.jsonl", "import.txt.jsonl"):
        report = await desk.desk.importer.load(written(tmp_path, lines, name))
        assert (report.accounts, report.orders, report.refunds) == (1, 2, 1)


async def test_lines_are_recognised_whatever_the_file_is_called(
    desk: DeskForTests, tmp_path: Path
) -> None:
    text = "\ufeff" + "\n".join(json.dumps(line) for line in (FILE, FILE))
    report = await desk.desk.importer.load(written(tmp_path, text.encode(), "facts"))
    assert (report.accounts, report.orders) == (1, 1), "the same twice is one record"


BAD_ORDERS = [
    ({"amount": 299.0}, "amount"),
    ({"amount": 299}, "amount"),
    ({"amount": "299.001"}, "amount"),
    ({"amount": "-1.00"}, "amount"),
    ({"amount": None}, "amount"),
    ({"currency": "XXX"}, "currency"),
    ({"currency": None}, "currency"),
    ({"paid_at": "2026-09-01T10:00:00"}, "paid_at"),
    ({"paid_at": "yesterday"}, "paid_at"),
    ({"paid_at": None}, "paid_at"),
    ({"kind": "gift"}, "kind"),
    ({"status": "lost"}, "status"),
    ({"term_end": "2026-02-30"}, "term_end"),
    ({"term_start": "2026-09-01", "term_end": "2026-08-01"}, "term_end"),
    ({"auto_renew": "yes"}, "auto_renew"),
    ({"order_number": ""}, "order_number"),
    ({"order_number": 7}, "order_number"),
    ({"order_number": "K" * 200}, "order_number"),
    ({"item": "a\0b"}, "item"),
    ({"account": "A-404"}, "account"),
    ({"payment": None}, "payment"),
    ({"payment": {"method": "cash"}}, "payment.method"),
    ({"payment": {"method": "card", "captured": 1}}, "payment.captured"),
]


@pytest.mark.parametrize(("change", "path"), BAD_ORDERS, ids=str)
async def test_a_bad_field_is_named_and_nothing_is_written(
    desk: DeskForTests, tmp_path: Path, change: dict[str, Any], path: str
) -> None:
    file = written(tmp_path, FILE | {"orders": [ORDER | {"order_number": "KL2"}, ORDER | change]})
    assert [found for _line, found in await refused(desk, file)] == [f"orders[1].{path}"]


async def test_every_fault_has_the_line_it_is_on(desk: DeskForTests, tmp_path: Path) -> None:
    orders = [ORDER, ORDER | {"order_number": "KL2", "amount": 1.5, "status": "lost"}]
    file = written(tmp_path, FILE | {"orders": orders})
    lines = file.read_text(encoding="utf-8").splitlines()
    for line, path in await refused(desk, file):
        assert line is not None
        assert f'"{path.rsplit(".")[-1]}"' in lines[line - 1]


async def test_every_bad_line_of_json_lines_is_named(desk: DeskForTests, tmp_path: Path) -> None:
    lines = [
        FILE,
        '{"brand": ',
        {"orders": [ORDER | {"amount": 1}]},
        "",
        {"brand": "nobody"},
        "[1]",
        '{"brand": "kuailian", "orders": 5}',
        '{"accounts": [NaN]}',
    ]
    file = written(tmp_path, lines, "import.jsonl")
    assert await refused(desk, file) == [
        (2, ""),
        (3, "orders[0].amount"),
        (5, "brand"),
        (6, ""),
        (7, "orders"),
        (8, "accounts[0]"),
    ]


async def test_a_file_that_turns_bad_at_its_end_leaves_nothing(
    desk: DeskForTests, tmp_path: Path
) -> None:
    """The last line can only be found wanting once the others have been written."""
    file = written(tmp_path, [FILE, {"refunds": [REFUND | {"order_number": "?"}]}], "i.jsonl")
    assert await refused(desk, file) == [(2, "refunds[0].order_number")]


@pytest.mark.parametrize("text", [b"", b"\xff\xfe\x00", b"{", b"null", b"[" * 100_000])
async def test_a_file_that_is_no_import_file_is_refused(
    desk: DeskForTests, tmp_path: Path, text: bytes
) -> None:
    assert len(await refused(desk, written(tmp_path, text))) == 1


@pytest.mark.parametrize("days", [0, 1, 100, 1000])
@pytest.mark.parametrize("brand", sample_brands())
async def test_samples_lead_to_the_same_answers_on_any_day(
    desk: DeskForTests, brand: str, days: int
) -> None:
    desk.clock.forward(days=days)
    found = sample_file(brand, desk.clock())
    assert found["orders"][0]["paid_at"][:10] < (AS_OF + timedelta(days=days)).isoformat()
    await load_samples(desk.desk.importer, desk.clock())
    answers = set()
    for order in found["orders"]:
        customer = await desk.verified(order["account"], order["account"], brand)
        reason = "wrong_operation" if brand == "bitpie" else None
        case = await desk.refunds.request(customer, order["order_number"], reason)
        assert case.decision is not None
        answers.add(case.decision.outcome.value)
    assert answers == {"approved", "denied", "needs_review"}


async def test_the_brand_may_come_after_the_lists(
    desk: DeskForTests, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And then it holds for what has left the memory already, too."""
    monkeypatch.setattr(import_reading, "AT_ONCE", 1)
    late = {"orders": [ORDER], "refunds": [REFUND], "accounts": [ACCOUNT], "brand": "kuailian"}
    report = await desk.desk.importer.load(written(tmp_path, late))
    assert (report.accounts, report.orders, report.refunds) == (1, 1, 1)
    assert await count(desk) == (1, 1)
    again = [FILE, {"orders": [ORDER | {"amount": "1.00"}], "brand": "kuailian"}]
    with pytest.raises(ImportRefused) as error:
        await desk.desk.importer.load(written(tmp_path, again, "again.jsonl"))
    assert [(f.line, f.path) for f in error.value.faults] == [(2, "orders[0].order_number")]


async def test_a_brand_may_be_given_for_a_file_that_names_none(
    desk: DeskForTests, tmp_path: Path
) -> None:
    file = written(tmp_path, {"accounts": [ACCOUNT]})
    report = await desk.desk.importer.load(file, brand="kuailian")
    assert report.accounts == 1
    for brand, path in (("bitpie", "brand"), ("nobody", "--brand")):
        with pytest.raises(ImportRefused) as error:
            await desk.desk.importer.load(written(tmp_path, FILE), brand=brand)
        assert [fault.path for fault in error.value.faults] == [path]


CONTRADICTIONS = [
    ("accounts", ACCOUNT, {"name": "韩梅梅"}, "id"),
    ("orders", ORDER, {"amount": "1.00"}, "order_number"),
    ("refunds", REFUND, {"amount": "1.00"}, "order_number"),
]


@pytest.mark.parametrize(("kind", "record", "change", "name"), CONTRADICTIONS)
async def test_a_record_that_a_file_has_twice_must_be_the_same(
    desk: DeskForTests,
    tmp_path: Path,
    kind: str,
    record: dict[str, Any],
    change: dict[str, Any],
    name: str,
) -> None:
    good = FILE | {"refunds": [REFUND]}
    file = written(tmp_path, good | {kind: [record, record, record | change, record | change]})
    assert [path for _line, path in await refused(desk, file)] == [f"{kind}[2].{name}"]
    report = await desk.desk.importer.load(written(tmp_path, good | {kind: [record, record]}))
    assert (report.accounts, report.orders, report.refunds) == (1, 1, 1)


async def test_the_same_instant_in_another_zone_is_the_same_refund(
    desk: DeskForTests, tmp_path: Path
) -> None:
    same = REFUND | {"at": "2026-09-02T02:00:00Z"}
    await desk.desk.importer.load(written(tmp_path, FILE | {"refunds": [REFUND, same]}))
    await desk.desk.importer.load(written(tmp_path, FILE | {"refunds": [same]}))
    async with desk.desk.storage.reading() as work:
        assert len(await work.records.past_refunds_of("kuailian", "A-1")) == 1


async def faults_of(desk: DeskForTests, path: Path) -> list[str]:
    with pytest.raises(ImportRefused) as error:
        await desk.desk.importer.load(path)
    return [fault.path for fault in error.value.faults]


async def test_an_order_never_moves_to_another_account(desk: DeskForTests, tmp_path: Path) -> None:
    """Or whoever has the other account could have its refund."""
    await desk.desk.importer.load(written(tmp_path, FILE))
    other = {"accounts": [ACCOUNT | {"id": "A-2"}], "orders": [ORDER | {"account": "A-2"}]}
    assert await faults_of(desk, written(tmp_path, FILE | other)) == ["orders[0].account"]
    assert await count(desk) == (1, 1)


async def test_an_order_keeps_its_currency_once_money_was_spoken_of(
    desk: DeskForTests, tmp_path: Path
) -> None:
    dollars = written(tmp_path, FILE | {"orders": [ORDER | {"currency": "USD"}]}, "dollars.json")
    await desk.desk.importer.load(written(tmp_path, FILE))
    await desk.desk.importer.load(dollars)
    await desk.desk.importer.load(written(tmp_path, FILE))
    await desk.refunds.request(await desk.verified(), "KL1")
    assert await faults_of(desk, dollars) == ["orders[0].currency"]


async def test_an_order_keeps_its_currency_once_some_of_it_went_back(
    desk: DeskForTests, tmp_path: Path
) -> None:
    dollars = written(tmp_path, FILE | {"orders": [ORDER | {"currency": "USD"}]}, "dollars.json")
    await desk.desk.importer.load(written(tmp_path, FILE | {"refunds": [REFUND]}))
    assert await faults_of(desk, dollars) == ["orders[0].currency"]


async def test_a_fault_between_records_has_its_own_line(desk: DeskForTests, tmp_path: Path) -> None:
    orders = [ORDER | {"order_number": f"KL{n}"} for n in range(50)]
    orders[30] = orders[30] | {"account": "A-404"}
    file = written(tmp_path, FILE | {"orders": orders})
    ((line, path),) = await refused(desk, file)
    assert path == "orders[30].account"
    assert line is not None
    assert "A-404" in file.read_text(encoding="utf-8").splitlines()[line - 1]


@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a"])
async def test_text_that_is_not_utf8_is_refused_with_its_line(
    desk: DeskForTests, tmp_path: Path, name: str
) -> None:
    text = b'{"brand": "kuailian",\n "accounts": [\n  {"id": "\xff"}]}'
    assert await refused(desk, written(tmp_path, text, name)) == [(3, "")]


async def test_there_are_never_more_faults_than_anybody_reads(
    desk: DeskForTests, tmp_path: Path
) -> None:
    bad = [ORDER | {"order_number": f"KL{n}", "amount": 1} for n in range(500)]
    assert len(await refused(desk, written(tmp_path, FILE | {"orders": bad}))) == 100
    nobodys = [ORDER | {"order_number": f"KL{n}", "account": "?"} for n in range(500)]
    found = await refused(desk, written(tmp_path, FILE | {"orders": nobodys}))
    assert [path for _line, path in found] == [f"orders[{n}].account" for n in range(100)]


async def test_whoever_watches_is_told_how_much_was_read(
    desk: DeskForTests, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_reading, "AT_ONCE", 10)
    orders = [ORDER | {"order_number": f"KL{n}"} for n in range(1000)]
    file = written(tmp_path, FILE | {"orders": orders})
    told: list[int] = []
    await desk.desk.importer.load(file, watch=told.append)
    assert told == sorted(told)
    assert told[-1] == file.stat().st_size


async def test_the_trail_says_that_records_were_imported(
    desk: DeskForTests, tmp_path: Path
) -> None:
    await desk.desk.importer.load(written(tmp_path, FILE))
    async with desk.desk.storage.reading() as work:
        (row,) = await work.audit.trail("records")
    assert (row.what, row.data) == ("records_imported", {"accounts": 1, "orders": 1, "refunds": 0})


async def test_records_that_changed_meanwhile_are_looked_at_again(
    desk: DeskForTests, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the check that holds nobody up and the one that counts, another import may end."""
    await desk.has_account()
    await desk.desk.importer.load(written(tmp_path, FILE))
    other = {"accounts": [ACCOUNT | {"id": "A-2"}], "orders": [ORDER | {"account": "A-2"}]}
    begin = Staging._begin

    async def another_first(staging: Staging) -> None:
        async with desk.desk.sessions.begin() as session:
            await session.execute(insert(OrderRow), [row])
        await begin(staging)

    async with desk.desk.sessions.begin() as session:
        found = (await session.execute(select(OrderRow.__table__))).mappings().one()
        row = dict(found)
        await session.execute(delete(OrderRow))
    monkeypatch.setattr(Staging, "_begin", another_first)
    assert await faults_of(desk, written(tmp_path, FILE | other)) == ["orders[0].account"]
    assert await count(desk) == (1, 1)


async def test_an_import_that_waits_for_another_can_be_stopped(
    desk: DeskForTests, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = asyncio.Event()

    async def wait(_staging: Staging) -> None:
        waiting.set()
        await asyncio.Event().wait()

    monkeypatch.setattr(Staging, "_begin", wait)
    loading = asyncio.create_task(desk.desk.importer.load(written(tmp_path, FILE)))
    await waiting.wait()
    loading.cancel()
    async with asyncio.timeout(5):
        await asyncio.wait([loading])
    assert loading.cancelled()
    assert await count(desk) == (0, 0)


async def test_an_import_that_is_being_written_is_finished(
    desk: DeskForTests, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or whoever stopped it would be told that nothing was written, and it would be there."""
    move_in = Staging.move_in

    async def stopped(staged: Staging, *given: Any, **named: Any) -> Any:
        loading.cancel()
        await asyncio.sleep(0)
        return await move_in(staged, *given, **named)

    monkeypatch.setattr(Staging, "move_in", stopped)
    loading = asyncio.create_task(desk.desk.importer.load(written(tmp_path, FILE)))
    assert (await loading).orders == 1
    assert await count(desk) == (1, 1)


async def test_a_changed_account_has_it_in_its_trail_without_its_name_or_address(
    desk: DeskForTests, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("actions.storage.staging.CHANGED_AT_ONCE", 2)
    accounts = [ACCOUNT | {"id": f"A-{n}", "language": None} for n in range(1, 6)]
    await desk.desk.importer.load(written(tmp_path, FILE | {"accounts": accounts}))
    assert await desk.trail("account:kuailian/A-1") == []
    renamed = [account | {"language": "en"} for account in accounts]
    renamed[0] |= {"email": "neu@example.com", "status": "suspended"}
    for _ in range(2):  # nothing has changed the second time
        await desk.desk.importer.load(written(tmp_path, FILE | {"accounts": renamed}))
    for n in range(1, 6):
        (row,) = await desk.trail(f"account:kuailian/A-{n}")
        assert (row.what, row.actor) == ("account_changed", "operator:import")
        status = {"was": "active", "now": "suspended" if n == 1 else "active"}
        fields = ["email", "language", "status"] if n == 1 else ["language"]
        assert row.data == {"changed": fields, "status": status}
    await desk.desk.importer.load(written(tmp_path, FILE | {"accounts": accounts}))
    assert [row.seq for row in await desk.trail("account:kuailian/A-3")] == [1, 2]
    assert await desk.desk.doctor.findings() == []
