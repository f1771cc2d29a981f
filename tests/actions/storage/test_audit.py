"""The audit trail: a chain for each subject, in which nothing can be changed unnoticed."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from actions.domain.events import Actor, Role
from actions.storage.audit import ERASED, BrokenChain
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
        {"digest": "f" * 64},
        {"salt": "0" * 32},
        {"salt": None},
        {"salt": None, "data": {}},
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


def without_name(data: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in data.items() if key != "名"}


async def erase_the_second(storage: Storage, subject: str = "case:RF-1") -> None:
    async with storage.writing() as work:
        await work.audit.record(subject, "four", by=DESK, at=START, data={"step": "decide"})
        assert await work.audit.erase([subject], without_name, by=DESK, at=START) == 3


async def test_an_erased_row_says_less_and_its_chain_is_whole(storage: Storage) -> None:
    await three_rows(storage)
    await erase_the_second(storage)
    assert await broken(storage) == []
    async with storage.reading() as work:
        rows = await work.audit.trail("case:RF-1")
    assert [row.data for row in rows[:4]] == [{"b": [1, {"z": 1, "a": 2}]}] * 3 + [
        {"step": "decide"}
    ]
    assert [row.salt is None for row in rows] == [True, True, True, False, False]
    assert rows[-1].what == ERASED


async def test_erasing_again_changes_nothing_or_takes_more(storage: Storage) -> None:
    await three_rows(storage)
    await erase_the_second(storage)
    async with storage.writing() as work:
        assert not await work.audit.erase(["case:RF-1"], without_name, by=DESK, at=START)
        assert await work.audit.erase(["case:RF-1"], lambda _data: {}, by=DESK, at=START) == 4
    assert await broken(storage) == []


@pytest.mark.parametrize(
    "change", [{"data": {"b": "other"}}, {"what": "four"}, {"digest": "0" * 64}, {"salt": "0" * 32}]
)
async def test_an_erased_row_that_was_changed_afterwards_is_found(
    storage: Storage, change: dict[str, object]
) -> None:
    await three_rows(storage)
    await erase_the_second(storage)
    async with storage.writing() as work:
        await work.session.execute(
            update(AuditRow)
            .where(AuditRow.subject == "case:RF-1", AuditRow.seq == 2)
            .values(change)
        )
    assert BrokenChain("case:RF-1", 2) in await broken(storage)


async def test_nothing_vouches_for_an_erased_row_but_a_whole_one(storage: Storage) -> None:
    """Whoever writes the voucher himself, or changes it, is found."""
    await three_rows(storage)
    await erase_the_second(storage)
    async with storage.writing() as work:
        await work.session.execute(
            update(AuditRow)
            .where(AuditRow.subject == "case:RF-2", AuditRow.seq == 2)
            .values(salt=None, data={})
        )
        voucher = (await work.audit.trail("case:RF-1"))[-1]
        voucher.data = {"rows": voucher.data["rows"] | {"4": "0" * 64}}
    found = await broken(storage)
    assert BrokenChain("case:RF-2", 2) in found
    assert {broken.seq for broken in found if broken.subject == "case:RF-1"} == {1, 2, 3, 5}


async def test_what_was_erased_cannot_be_guessed_back(storage: Storage) -> None:
    """A plain hash of an address can be tried; the digest of an erased row had a salt."""
    await three_rows(storage)
    async with storage.reading() as work:
        first = await work.audit.trail("case:RF-1")
        other = await work.audit.trail("case:RF-2")
    assert first[0].data == other[0].data
    assert first[0].digest != other[0].digest
