"""Import files: all of a file or nothing, each fault with its line and path."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from actions.domain.errors import ImportRefused
from actions.domain.money import Money
from actions.domain.order import Kind, Method, OrderStatus
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
    assert report.accounts == 2


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
        (8, ""),
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
