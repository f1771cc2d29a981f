"""The outbox: each promise is kept by one worker at a time, and never lost."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from actions.storage.outbox import Job
from actions.storage.work import Storage
from actions.testing.clock import START

LEASE = timedelta(seconds=60)


async def promise(storage: Storage, *keys: str) -> None:
    async with storage.writing() as work:
        for key in keys:
            await work.outbox.put("notice", key, {}, at=START)


async def claim(storage: Storage, worker: str, *, after: float = 0, most: int = 10) -> list[Job]:
    async with storage.writing() as work:
        return await work.outbox.claim(worker, START + timedelta(seconds=after), LEASE, most)


async def test_the_same_key_is_promised_once(storage: Storage) -> None:
    async with storage.writing() as work:
        assert await work.outbox.put("notice", "k", {"n": 1}, at=START)
        assert not await work.outbox.put("notice", "k", {"n": 2}, at=START)
    assert [job.payload for job in await claim(storage, "w")] == [{"n": 1}]


async def test_a_promise_of_a_transaction_that_failed_was_never_made(storage: Storage) -> None:
    try:
        async with storage.writing() as work:
            await work.outbox.put("notice", "k", {}, at=START)
            raise RuntimeError
    except RuntimeError:
        pass
    assert await claim(storage, "w") == []


async def test_workers_at_once_never_get_the_same_job(storage: Storage) -> None:
    await promise(storage, *(f"k{n}" for n in range(12)))
    claims = await asyncio.gather(*(claim(storage, f"w{n}", most=4) for n in range(5)))
    keys = [job.key for jobs in claims for job in jobs]
    assert len(keys) == len(set(keys))
    keys += [job.key for job in await claim(storage, "last", most=12)]
    assert sorted(keys) == sorted(f"k{n}" for n in range(12))


async def test_a_job_comes_back_when_its_worker_is_never_heard_of_again(storage: Storage) -> None:
    await promise(storage, "k")
    assert [job.attempts for job in await claim(storage, "dead")] == [1]
    assert await claim(storage, "other", after=59) == []
    assert [job.attempts for job in await claim(storage, "other", after=60)] == [2]


async def test_a_worker_that_lost_its_lease_can_finish_nothing(storage: Storage) -> None:
    await promise(storage, "k")
    [job] = await claim(storage, "slow")
    await claim(storage, "other", after=60)
    async with storage.writing() as work:
        assert not await work.outbox.done(job, "slow", START)
        assert not await work.outbox.later(job, "slow", START, "late")
        assert not await work.outbox.park(job, "slow", START, "late")
        assert await work.outbox.done(job, "other", START)
    assert await claim(storage, "third", after=1000) == []


async def test_a_job_given_back_waits_for_its_time(storage: Storage) -> None:
    await promise(storage, "k")
    [job] = await claim(storage, "w")
    async with storage.writing() as work:
        await work.outbox.later(job, "w", START + timedelta(seconds=30), "smtp_down")
    assert await claim(storage, "w", after=29) == []
    assert len(await claim(storage, "w", after=30)) == 1


async def test_a_parked_job_stays_and_is_never_taken_again(storage: Storage) -> None:
    await promise(storage, "k")
    [job] = await claim(storage, "w")
    async with storage.writing() as work:
        assert await work.outbox.park(job, "w", START, "refused")
        assert not await work.outbox.any_waiting(START + timedelta(days=1))
