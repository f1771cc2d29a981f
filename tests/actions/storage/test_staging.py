"""Records on their way in: nobody waits for them, and nothing of them is left behind."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import text

from actions.domain.events import Actor, Role
from actions.domain.money import Money
from actions.domain.order import Refund
from actions.storage import staging as module
from actions.storage.records import RecordRow, account_values, order_values, refund_values
from actions.storage.staged import OWN, STAGED, Why
from actions.storage.staging import Place, Staging, StorageBusy, staging
from actions.storage.tables import AccountRow, OrderRow, PastRefundRow
from actions.storage.work import Storage
from actions.testing.builders import a_customer, an_account, an_order
from actions.testing.clock import START

Rows = Mapping[type[RecordRow], list[dict[str, Any]]]

IMPORT = Actor(Role.OPERATOR, "import")


async def fill(staged: Staging, *, order: str = "KL1", amount_digest: int = 1) -> None:
    account = account_values(an_account())
    await staged.add(AccountRow, [(account, Place(1, "accounts[0]", 1))])
    row = order_values(an_order(order))
    await staged.add(OrderRow, [(row, Place(2, "orders[0]", amount_digest))])


async def orders(storage: Storage) -> set[str]:
    async with storage.reading() as work:
        return await work.records.known_orders("kuailian", ["KL1", "KL2"])


def test_a_staged_record_has_all_that_a_file_can_say() -> None:
    """And nothing that the desk alone knows, which an import would then overwrite."""
    rows: Mapping[type[RecordRow], dict[str, Any]] = {
        AccountRow: account_values(an_account()),
        OrderRow: order_values(an_order()),
        PastRefundRow: refund_values("kuailian", Refund("KL1", Money(1, "CNY"), START)),
    }
    for table, row in rows.items():
        staged = {column.name for column in STAGED[table].columns}
        assert staged - set(OWN) == set(row)


async def waits_for_a_lock(storage: Storage) -> None:
    """Return once somebody waits on PostgreSQL; on SQLite whoever writes second always does."""
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
    while storage.engine.dialect.name == "postgresql":
        async with storage.reading() as work:
            if await work.session.scalar(waiting):
                return


async def test_who_holds_an_order_still_has_its_account_while_an_import_waits(
    storage: Storage,
) -> None:
    async with storage.writing() as work:
        await work.records.save_accounts([an_account()], START)
        await work.records.save_orders([an_order()], START)

    async def go_in() -> None:
        async with staged.writing() as work:
            assert await staged.move_in(work, START, 10, by=IMPORT) == []

    async with staging(storage) as staged, asyncio.timeout(30):
        await fill(staged)
        async with storage.writing() as work:
            assert await work.records.order("kuailian", "A-1", "KL1", lock=True)
            going_in = asyncio.create_task(go_in())
            await waits_for_a_lock(storage)
            await work.checks.verify(a_customer("A-1", "c"), since=START, at=START)
        await going_in


async def test_nobody_waits_while_records_come_in(storage: Storage) -> None:
    async with staging(storage) as staged:
        await fill(staged)
        async with asyncio.timeout(2), storage.writing() as work:
            await work.records.save_accounts([an_account("A-9")], START)
        assert await orders(storage) == set()
        async with staged.writing() as work:
            assert await staged.move_in(work, START, 10, by=IMPORT) == []
    assert await orders(storage) == {"KL1"}


async def test_records_come_in_whoever_else_is_writing(storage: Storage) -> None:
    async with staging(storage) as staged, storage.writing() as work:
        await work.records.save_accounts([an_account("A-9")], START)
        async with asyncio.timeout(2):
            await fill(staged)
            assert await staged.misfits(10) == []


async def test_a_move_that_fails_leaves_nothing(storage: Storage) -> None:
    async def fail() -> None:
        async with staging(storage) as staged:
            await fill(staged)
            async with staged.writing() as work:
                await staged.move_in(work, START, 10, by=IMPORT)
                raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await orders(storage) == set()
    async with staging(storage) as staged:
        assert await staged.count(OrderRow) == 0


async def test_the_first_of_two_contents_is_kept_and_the_second_named(storage: Storage) -> None:
    async with staging(storage) as staged:
        for digest in (1, 1, 2, 3):
            await fill(staged, amount_digest=digest)
        (misfit,) = await staged.misfits(10)
        assert (misfit.table, misfit.why, misfit.line) == (OrderRow, Why.TWICE, 2)
        assert await staged.count(OrderRow) == 1


async def test_two_imports_at_once_wait_for_each_other(storage: Storage) -> None:
    began: list[str] = []

    async def load(name: str) -> None:
        async with staging(storage) as staged:
            await fill(staged)
            async with staged.writing() as work:
                began.append(f"{name} in")
                await work.session.execute(text("SELECT 1"))
                assert await staged.move_in(work, START, 10, by=IMPORT) == []
                began.append(f"{name} out")

    await asyncio.gather(load("first"), load("second"))
    assert [step.split()[1] for step in began] == ["in", "out", "in", "out"]
    assert await orders(storage) == {"KL1"}


async def test_an_import_that_waited_too_long_says_so(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE", 1)
    monkeypatch.setattr(module, "BUSY_MILLISECONDS", 1000)
    async with staging(storage) as one, staging(storage) as other:
        await fill(other)
        await impatient(other)
        async with one.writing():
            with pytest.raises(StorageBusy):
                await other.writing().__aenter__()
    assert await orders(storage) == set()


async def impatient(staged: Staging) -> None:
    """Wait less long than SQLite would by itself."""
    if staged._is_sqlite:
        await staged._connection.execute(text("PRAGMA busy_timeout=50"))
        await staged._connection.commit()
