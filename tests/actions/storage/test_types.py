"""What goes into a database comes out as it was, on SQLite as on PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy.exc import StatementError

from actions.storage.tables import HeartbeatRow
from actions.storage.work import Storage
from actions.testing.builders import an_account, an_order
from actions.testing.clock import START


async def test_an_amount_beyond_64_bits_comes_back_exact(storage: Storage) -> None:
    order = an_order(amount="9.300000000000000001", currency="ETH")
    async with storage.writing() as work:
        await work.records.save_accounts([an_account()], START)
        await work.records.save_orders([order], START)
    async with storage.reading() as work:
        found = await work.records.order("kuailian", "A-1", order.order_number)
    assert found == order


async def test_a_time_of_another_zone_comes_back_as_the_same_instant_in_utc(
    storage: Storage,
) -> None:
    shanghai = timezone(timedelta(hours=8))
    at = datetime(2026, 9, 1, 0, 30, 0, 123456, shanghai)
    async with storage.writing() as work:
        work.session.add(HeartbeatRow(name="x", at=at))
    async with storage.reading() as work:
        found = await work.session.get_one(HeartbeatRow, "x")
    assert found.at == at
    assert found.at.tzinfo is UTC


async def test_a_time_without_an_offset_is_refused(storage: Storage) -> None:
    with pytest.raises(StatementError, match="needs an offset"):
        async with storage.writing() as work:
            work.session.add(HeartbeatRow(name="x", at=datetime(2026, 9, 1)))  # noqa: DTZ001


async def test_chinese_in_json_is_stored_as_it_reads(storage: Storage) -> None:
    async with storage.writing() as work:
        await work.outbox.put("notice", "k", {"name": "李雷"}, at=START)
    async with storage.reading() as work:
        found = (await work.session.connection()).exec_driver_sql
        text = (await found("SELECT CAST(payload AS TEXT) FROM outbox")).scalar_one()
    assert "李雷" in text
