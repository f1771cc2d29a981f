"""The audit trail: a chain for each subject, in which nothing can be changed unnoticed."""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from actions.domain.events import Actor, Role
from actions.storage.audit import BrokenChain
from actions.storage.tables import AuditRow
from actions.storage.work import Storage
from actions.testing.clock import START

DESK = Actor(Role.DESK)


async def three_rows(storage: Storage) -> None:
    for step in ("one", "two", "three"):
        async with storage.writing() as work:
            for subject in ("case:RF-1", "case:RF-2"):
                await work.audit.record(
                    subject,
                    step,
                    by=DESK,
                    at=START,
                    data={"名": "李雷", "b": [1, {"z": 1, "a": 2}]},
                )


async def broken(storage: Storage) -> list[BrokenChain]:
    async with storage.reading() as work:
        return [found async for found in work.audit.broken()]


async def test_an_untouched_trail_is_whole(storage: Storage) -> None:
    await three_rows(storage)
    assert await broken(storage) == []
    async with storage.reading() as work:
        assert [row.what for row in await work.audit.trail("case:RF-1")] == ["one", "two", "three"]


@pytest.mark.parametrize(
    "change",
    [
        {"data": {"名": "韩梅梅"}},
        {"actor": "customer:A-9"},
        {"what": "four"},
        {"previous": "f" * 64},
        {"hash": "f" * 64},
    ],
)
async def test_a_changed_row_breaks_its_chain(storage: Storage, change: dict[str, object]) -> None:
    await three_rows(storage)
    async with storage.writing() as work:
        await work.session.execute(
            update(AuditRow)
            .where(AuditRow.subject == "case:RF-1", AuditRow.seq == 2)
            .values(change)
        )
    assert BrokenChain("case:RF-1", 2) in await broken(storage)
    assert all(found.subject == "case:RF-1" for found in await broken(storage))


async def test_a_row_taken_out_of_the_middle_breaks_its_chain(storage: Storage) -> None:
    await three_rows(storage)
    async with storage.writing() as work:
        await work.session.execute(
            delete(AuditRow).where(AuditRow.subject == "case:RF-2", AuditRow.seq == 2)
        )
    assert await broken(storage) == [BrokenChain("case:RF-2", 3)]


async def test_two_writers_at_once_never_fork_a_chain(storage: Storage) -> None:
    async def append(n: int) -> None:
        async with storage.writing() as work:
            await work.audit.record("case:RF-1", f"step {n}", by=DESK, at=START, data={})

    results = await asyncio.gather(*(append(n) for n in range(5)), return_exceptions=True)
    assert all(result is None or isinstance(result, IntegrityError) for result in results)
    assert any(result is None for result in results)
    assert await broken(storage) == []
