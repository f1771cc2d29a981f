"""Tables from spreadsheets: what a header says its rows are, and what spreadsheets do to them."""

from __future__ import annotations

from pathlib import Path

import pytest

from actions.domain.errors import ImportRefused
from actions.domain.money import Money
from actions.domain.order import Kind, Method, Order, OrderStatus
from actions.services.csv_file import COLUMNS
from actions.services.exporter import csv_cell
from actions.services.import_parts import Listed
from actions.services.importer import ImportReport
from actions.testing.desk import DeskForTests

ORDERS = (
    "brand,order_number,account,item,kind,amount,currency,paid_at,status,payment_method,"
    "payment_hint,auto_renew,term_end,account_email,account_name,account_status"
)
LI = (
    "kuailian,KL1,A-1,yearly,purchase,299.00,CNY,2026-09-01T10:00:00+08:00,paid,card,"
    "4242,TRUE,2027-09-01,li@example.com,李雷,active"
)
ACCOUNTS = "id,email,name,status\nA-1,li@example.com,李雷,active\n"


def written(folder: Path, text: str | bytes, name: str = "orders.csv") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


async def load(desk: DeskForTests, path: Path, brand: str | None = None) -> ImportReport:
    return await desk.desk.importer.load(path, brand=brand)


async def refused(
    desk: DeskForTests, path: Path, brand: str | None = None
) -> list[tuple[int | None, str]]:
    with pytest.raises(ImportRefused) as error:
        await load(desk, path, brand)
    assert all(" · " in fault.message for fault in error.value.faults)
    async with desk.desk.storage.reading() as work:
        assert await work.records.known_accounts("kuailian", ["A-1"]) == set()
    return [(fault.line, fault.path) for fault in error.value.faults]


async def the_order(desk: DeskForTests) -> Order:
    async with desk.desk.storage.reading() as work:
        (order,) = await work.records.orders_of("kuailian", "A-1")
    return order


async def test_one_table_brings_orders_and_their_accounts(
    desk: DeskForTests, tmp_path: Path
) -> None:
    second = LI.replace("KL1", "KL2").replace("TRUE", "")
    report = await load(desk, written(tmp_path, f"{ORDERS}\n{LI}\n\n{second}"))
    assert (report.accounts, report.orders, report.refunds) == (1, 2, 0)
    async with desk.desk.storage.reading() as work:
        first, later = await work.records.orders_of("kuailian", "A-1")
        account = await work.records.account("kuailian", "A-1")
    assert account is not None
    assert (account.email, account.name, account.language) == ("li@example.com", "李雷", None)
    assert (first.amount, first.kind) == (Money(29900, "CNY"), Kind.PURCHASE)
    assert (first.status, first.auto_renew, later.auto_renew) == (OrderStatus.PAID, True, None)
    assert (first.payment.method, first.payment.hint) == (Method.CARD, "4242")


async def test_each_kind_of_table_is_told_by_its_header(desk: DeskForTests, tmp_path: Path) -> None:
    orders = (
        "order_number,account,item,kind,amount,currency,paid_at,status,payment_method\n"
        "KL1,A-1,yearly,purchase,299,CNY,2026-09-01T02:00:00Z,paid,card\n"
    )
    refunds = "order_number,amount,currency,at,reference\nKL1,1,CNY,2026-09-02T02:00:00Z,'=1\n"
    for name, text in (("a", ACCOUNTS), ("o", orders), ("r", refunds)):
        await load(desk, written(tmp_path, text, name), brand="kuailian")
    async with desk.desk.storage.reading() as work:
        (refund,) = await work.records.past_refunds_of("kuailian", "A-1")
    assert (refund.amount, refund.reference) == (Money(100, "CNY"), "=1")


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
async def test_what_spreadsheets_save_is_understood(
    desk: DeskForTests, tmp_path: Path, delimiter: str, encoding: str, end: str
) -> None:
    text = f"{ORDERS}\n{LI}\n".replace(",", delimiter).replace("\n", end)
    report = await load(desk, written(tmp_path, text.encode(encoding)))
    assert (report.accounts, report.orders) == (1, 1)
    assert report.encoding == ("GB18030" if encoding == "gb18030" else None)
    async with desk.desk.storage.reading() as work:
        account = await work.records.account("kuailian", "A-1")
    assert account is not None
    assert account.name == "李雷"


async def test_a_header_may_be_spelt_as_people_do(desk: DeskForTests, tmp_path: Path) -> None:
    header = ORDERS.replace("order_number", " Order Number").replace("payment_m", "Payment.M")
    await load(desk, written(tmp_path, f"{header},,\n{LI},,\n"))
    assert (await the_order(desk)).order_number == "KL1"


async def test_a_cell_that_our_own_export_defused_is_read_back(
    desk: DeskForTests, tmp_path: Path
) -> None:
    row = LI.replace("yearly", csv_cell("=1+1")).replace("李雷", "'tis")
    await load(desk, written(tmp_path, f"{ORDERS}\n{row}\n"))
    assert (await the_order(desk)).item == "=1+1"
    async with desk.desk.storage.reading() as work:
        account = await work.records.account("kuailian", "A-1")
    assert account is not None
    assert account.name == "'tis"


BAD_HEADERS = [
    ("id,email,name,status,langauge", [(1, "langauge")]),
    ("id,email,name,status,name", [(1, "name")]),
    ("id,email,name", [(1, "status")]),
    ("id,email,name,,status", [(1, "#4")]),
    (ORDERS.replace(",account_name", ""), [(1, "account_name")]),
    ("a,b,c", [(1, "")]),
    ('"id,email,name,status', [(1, "")]),
]


@pytest.mark.parametrize(("header", "faults"), BAD_HEADERS)
async def test_a_column_that_is_not_known_is_a_fault(
    desk: DeskForTests, tmp_path: Path, header: str, faults: list[tuple[int, str]]
) -> None:
    """A misspelt one would lose its data without a word."""
    assert await refused(desk, written(tmp_path, f"{header}\nA-1,x\n"), "kuailian") == faults


BAD_CELLS = [
    ("299.00", "1,299.00", ""),
    ("299.00", "-1", "amount"),
    ("TRUE", "maybe", "auto_renew"),
    ("card", "cash", "payment_method"),
    ("card", "", "payment_method"),
    ("li@example.com", "li", "account_email"),
    ("active", "", "account_status"),
    ("2027-09-01", "2027/9/1", "term_end"),
    ("+08:00", "", "paid_at"),
    ("KL1", "2.02609E+13", "order_number"),
    ("A-1", "1E+20", "account"),
    ("A-1", "", "account"),
    ("kuailian", "nobody", "brand"),
    ("kuailian", "", "brand"),
    (",active", "", ""),
    ("yearly", '"yearly" x', ""),
]


@pytest.mark.parametrize(("good", "bad", "column"), BAD_CELLS)
async def test_a_bad_cell_is_named_by_its_line_and_column(
    desk: DeskForTests, tmp_path: Path, good: str, bad: str, column: str
) -> None:
    assert good in LI
    first = LI.replace("yearly", '"a plan\nof two lines"')
    text = f"{ORDERS}\n{first}\n{LI.replace('KL1', 'KL2', good != 'KL1').replace(good, bad)}\n"
    found = await refused(desk, written(tmp_path, text))
    assert (4, column) in found
    assert {line for line, _column in found} == {4}


async def test_accounts_that_do_not_agree_are_refused_by_the_later_line(
    desk: DeskForTests, tmp_path: Path
) -> None:
    other = LI.replace("KL1", "KL2").replace("李雷", "李磊")
    text = f"{ORDERS}\n{LI}\n{other}\n"
    assert await refused(desk, written(tmp_path, text)) == [(3, "account")]


async def test_an_order_of_nobody_is_named_once(desk: DeskForTests, tmp_path: Path) -> None:
    nobodys = LI.replace("li@example.com,李雷,active", ",,")
    text = f"{ORDERS}\n{nobodys}\n"
    assert await refused(desk, written(tmp_path, text)) == [(2, "account")]


async def test_a_quote_that_is_never_closed_does_not_swallow_the_file(
    desk: DeskForTests, tmp_path: Path
) -> None:
    text = ACCOUNTS + 'A-2,b@example.com,"B,active\n' + "A-3,c@example.com,C,active\n" * 10_000
    assert await refused(desk, written(tmp_path, text), "kuailian") == [(3, "")]


@pytest.mark.parametrize("text", [b"\xff\xfea\x00", "id,email\n1,é".encode("latin-1"), b"\x80"])
async def test_text_in_no_encoding_known_is_refused(
    desk: DeskForTests, tmp_path: Path, text: bytes
) -> None:
    assert len(await refused(desk, written(tmp_path, text), "kuailian")) == 1


def test_every_column_of_a_kind_has_a_name_of_its_own() -> None:
    for kind in Listed:
        assert len(set(COLUMNS[kind].values())) == len(COLUMNS[kind])
