"""The worker: keeps every promise, tries again, gives up in the open, stops in good order."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from datetime import datetime, timedelta
from typing import Any

from actions.bootstrap import Desk
from actions.domain.errors import DeliveryDelayed, DeliveryRefused
from actions.services.outbox import LEASE, MOST_ATTEMPTS
from actions.services.tickets import OPERATIONS
from actions.storage.work import Storage
from actions.testing.desk import DeskForTests
from actions.worker.timers import Timer
from actions.worker.worker import Worker


async def promised_code(desk: DeskForTests) -> None:
    await desk.has_order("KL1")
    await desk.verification.send_code("c1", "kuailian", "li@example.com", "KL1")


async def test_a_mail_that_is_delayed_goes_out_later_and_once(desk: DeskForTests) -> None:
    await promised_code(desk)
    desk.mailer.failures.extend([DeliveryDelayed(), DeliveryDelayed()])
    for _ in range(5):
        await desk.run_worker_once()
        desk.clock.forward(seconds=20)
    assert len(desk.mailer.sent) == 1
    assert not desk.mailer.failures


async def test_waits_grow_between_tries(desk: DeskForTests) -> None:
    await promised_code(desk)
    desk.mailer.failures.extend([DeliveryDelayed()] * 4)
    waits = []
    for _ in range(4):
        await desk.run_worker_once()
        before = desk.clock()
        while not await desk.desk.outbox.claim("looking"):
            desk.clock.forward(seconds=0.5)
        waits.append(desk.clock() - before)
        desk.clock.forward(seconds=LEASE.total_seconds())
    assert waits == sorted(waits)
    assert waits[-1] > 3 * waits[0]


async def test_a_mail_refused_for_good_is_put_before_operations_at_once(
    desk: DeskForTests,
) -> None:
    await promised_code(desk)
    desk.mailer.failures.append(DeliveryRefused())
    await desk.run_worker_once()
    desk.clock.forward(days=1)
    assert await desk.run_worker_once() == 0
    [ticket] = await desk.tickets.in_queue(OPERATIONS)
    assert ticket.reason == "send_code: delivery_refused"
    assert "li@example.com" not in str(ticket)
    assert [f.code for f in await desk.desk.doctor.findings()] == ["work_given_up"]


async def test_a_job_that_always_fails_is_parked_after_its_last_try(desk: DeskForTests) -> None:
    await promised_code(desk)
    tries: list[Any] = []

    async def fail(_desk: Desk, payload: Any) -> None:
        tries.append(payload)
        raise RuntimeError("li@example.com said no")

    for _ in range(MOST_ATTEMPTS + 3):
        await desk.run_worker_once(handlers={"send_code": fail})
        desk.clock.forward(minutes=30)
    assert len(tries) == MOST_ATTEMPTS
    [ticket] = await desk.tickets.in_queue(OPERATIONS)
    assert ticket.reason == "send_code: RuntimeError"


async def test_a_job_that_kills_its_worker_is_parked_too(desk: DeskForTests) -> None:
    await promised_code(desk)
    for _ in range(MOST_ATTEMPTS):
        assert len(await desk.desk.outbox.claim("dies")) == 1
        desk.clock.forward(seconds=LEASE.total_seconds())
    await desk.run_worker_once()
    assert desk.mailer.sent == []
    [ticket] = await desk.tickets.in_queue(OPERATIONS)
    assert ticket.reason == "send_code: never_finished"


async def test_one_bad_job_does_not_hold_up_the_others(desk: DeskForTests) -> None:
    await promised_code(desk)
    async with desk.desk.storage.writing() as work:
        await work.outbox.put("no such kind", "k", {}, at=desk.clock() - timedelta(hours=1))
    await desk.run_worker_once()
    assert len(desk.mailer.sent) == 1


async def test_jobs_of_a_worker_that_died_are_done_by_another(desk: DeskForTests) -> None:
    await promised_code(desk)
    assert len(await desk.desk.outbox.claim("died")) == 1
    assert await desk.run_worker_once("other") == 0
    desk.clock.forward(seconds=LEASE.total_seconds())
    assert await desk.run_worker_once("other") == 1
    assert len(desk.mailer.sent) == 1


async def test_a_running_worker_gives_signs_of_life_and_finishes_what_it_began(
    desk: DeskForTests,
) -> None:
    await promised_code(desk)
    begun, go_on, stop = asyncio.Event(), asyncio.Event(), asyncio.Event()
    finished = []

    async def slow(_desk: Desk, payload: Any) -> None:
        begun.set()
        await go_on.wait()
        finished.append(payload)

    running = asyncio.create_task(Worker(desk.desk, "w", {"send_code": slow}).run(stop))
    await asyncio.wait_for(begun.wait(), 10)
    stop.set()
    go_on.set()
    await asyncio.wait_for(running, 10)
    assert len(finished) == 1
    assert await desk.desk.outbox.last_beat("worker") == desk.clock()
    desk.clock.forward(days=1)
    assert await desk.run_worker_once() == 0


async def test_what_is_due_every_so_often_is_done_then_and_not_before(desk: DeskForTests) -> None:
    ticks: list[datetime] = []

    async def tick(_desk: Desk) -> None:
        ticks.append(desk.clock())

    worker = Worker(desk.desk, "w", timers={"tick": Timer(timedelta(seconds=10), tick)})
    for _ in range(5):
        await worker.run_once()
        desk.clock.forward(seconds=4)
    assert [at - ticks[0] for at in ticks] == [timedelta(0), timedelta(seconds=12)]


async def test_a_timer_that_fails_holds_up_nothing_and_is_tried_again(desk: DeskForTests) -> None:
    await promised_code(desk)
    tries: list[datetime] = []

    async def fail(_desk: Desk) -> None:
        tries.append(desk.clock())
        raise RuntimeError("li@example.com said no")

    worker = Worker(desk.desk, "w", timers={"fails": Timer(timedelta(seconds=10), fail)})
    assert await worker.run_once() == 1
    assert len(desk.mailer.sent) == 1
    desk.clock.forward(seconds=10)
    assert await worker.run_once() == 0
    assert len(tries) == 2


async def test_the_process_works_until_it_is_told_to_stop(database: str, tmp_path: Any) -> None:
    program = (
        "import asyncio\n"
        "from actions.settings import Settings\n"
        "from actions.worker.main import run\n"
        "asyncio.run(run(Settings.from_env()))\n"
    )
    settings = {"DESK_DATABASE_URL": database, "DESK_HOME": str(tmp_path)}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, env=os.environ | settings
    )
    storage = Storage.at(database)
    try:
        async with asyncio.timeout(60):
            while not await _has_beaten(storage):
                assert process.returncode is None
                await asyncio.sleep(0.1)
            process.send_signal(signal.SIGTERM)
            assert await process.wait() == 0
    finally:
        if process.returncode is None:
            process.kill()
        await storage.close()


async def _has_beaten(storage: Storage) -> bool:
    from actions.storage.tables import HeartbeatRow

    async with storage.reading() as work:
        return await work.session.get(HeartbeatRow, "worker") is not None
