"""Token buckets: in memory and in Redis alike, never more than said, and honest about waiting."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import TestClient
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from redis.asyncio import Redis
from sqlalchemy import update
from structlog.testing import capture_logs

from actions.settings import ROOT, Settings
from actions.storage.conversations import ConversationRow
from bot.gateway.errors import ChatError
from bot.gateway.limits.buckets import Buckets, MemoryBuckets, Refusal, Want
from bot.gateway.limits.gate import Gate, buckets_at, prefix_of
from bot.gateway.limits.seats import Seats
from bot.gateway.limits.shared import FailingOpen, RedisBuckets, connect
from bot.gateway.limits.table import LIMITS, Kind, Rate, Scope
from bot.gateway.metrics import Metrics
from tests.bot.gateway.conftest import Gateway
from tests.bot.gateway.talk import Talk, eventually
from tests.conftest import free_port_run

SECOND = 1_000_000
SECRET = "k3Jf9sLq2Xw7Zb5Nc8Vd1Ty4Ru6Ip0Ao"
RATE = Rate(5, 50)


class Clock:
    """Microseconds that pass only when told."""

    def __init__(self) -> None:
        self.at = 1

    def __call__(self) -> int:
        return self.at


@dataclass
class Place:
    """Buckets somewhere, and how to let time pass for them."""

    buckets: Buckets
    later: Callable[[float], Awaitable[None]]

    async def taken(self, *wants: Want) -> Refusal | None:
        return await self.buckets.take(wants)


@contextlib.asynccontextmanager
async def in_memory() -> AsyncIterator[Place]:
    """With a clock of the test's own."""
    clock = Clock()

    async def later(seconds: float) -> None:
        clock.at += round(seconds * SECOND)

    yield Place(MemoryBuckets(clock), later)


@contextlib.asynccontextmanager
async def in_redis(url: str) -> AsyncIterator[Place]:
    """Redis' own clock can't be set: time passes by moving what it remembers into the past."""
    prefix = f"test:{secrets.token_hex(6)}:"
    redis = connect(url)

    async def later(seconds: float) -> None:
        async for key in redis.scan_iter(f"{prefix}*"):
            moved = int(await redis.get(key)) - round(seconds * SECOND)
            await redis.set(key, moved, keepttl=True)

    try:
        yield Place(RedisBuckets(redis, prefix), later)
    finally:
        async for key in redis.scan_iter(f"{prefix}*"):
            await redis.delete(key)
        await redis.aclose()


@pytest.fixture(params=["memory", "redis"])
async def place(request: pytest.FixtureRequest) -> AsyncIterator[Place]:
    """The same contract for both."""
    url = request.getfixturevalue("redis_url") if request.param == "redis" else None
    async with in_redis(url) if url else in_memory() as where:
        yield where


# --- the contract ----------------------------------------------------------------------------


async def test_as_many_as_the_size_go_through_at_once_and_no_more(place: Place) -> None:
    answers = [await place.taken(Want("a", RATE)) for _ in range(7)]
    assert [answer is None for answer in answers] == [True] * 5 + [False] * 2


async def test_after_the_wait_that_was_said_exactly_one_more_goes_through(place: Place) -> None:
    for _ in range(5):
        await place.taken(Want("a", RATE))
    for _ in range(3):
        refusal = await place.taken(Want("a", RATE))
        assert refusal is not None
        assert 9 <= refusal.retry_after <= 10
        await place.later(refusal.retry_after)
        assert await place.taken(Want("a", RATE)) is None
        assert await place.taken(Want("a", RATE)) is not None


async def test_a_used_up_bucket_is_full_again_after_its_time(place: Place) -> None:
    for _ in range(6):
        await place.taken(Want("a", RATE))
    await place.later(50)
    answers = [await place.taken(Want("a", RATE)) for _ in range(6)]
    assert [answer is None for answer in answers] == [True] * 5 + [False]


async def test_what_one_bucket_refuses_takes_nothing_from_another(place: Place) -> None:
    small, large = Want("small", Rate(1, 50)), Want("large", Rate(3, 50))
    assert await place.taken(small, large) is None
    for _ in range(10):
        refusal = await place.taken(large, small)
        assert refusal is not None
        assert refusal.place == 1
    assert await place.taken(large) is None
    assert await place.taken(large) is None
    assert await place.taken(large) is not None


async def test_the_longest_of_several_waits_is_said(place: Place) -> None:
    wants = [Want("a", Rate(1, 20)), Want("b", Rate(1, 40)), Want("c", Rate(1, 30))]
    assert await place.taken(*wants) is None
    refusal = await place.taken(*wants)
    assert refusal is not None
    assert (refusal.place, refusal.retry_after) == (1, 40)


async def test_a_large_piece_waits_until_there_is_room_for_all_of_it(place: Place) -> None:
    rate = Rate(100, 100)
    assert await place.taken(Want("a", rate, 60)) is None
    refusal = await place.taken(Want("a", rate, 60))
    assert refusal is not None
    assert 19 <= refusal.retry_after <= 20
    assert await place.taken(Want("a", rate, 40)) is None


async def test_many_at_once_are_counted_one_by_one(place: Place) -> None:
    answers = await asyncio.gather(*(place.taken(Want("a", RATE)) for _ in range(40)))
    assert sum(answer is None for answer in answers) == 5


async def _never_more_than_said(place: Place, rate: Rate, pauses: list[float]) -> None:
    """Whatever the pauses: in no window more than its size and what came back within it."""
    at, passed = 0.0, []
    for pause in pauses:
        await place.later(pause)
        at += pause
        refusal = await place.taken(Want("h", rate))
        if refusal is None:
            passed.append(at)
            continue
        await place.later(refusal.retry_after)
        at += refusal.retry_after
        assert await place.taken(Want("h", rate)) is None, "Retry-After was not honest"
        passed.append(at)
    for first in range(len(passed)):
        for last in range(first, len(passed)):
            window = passed[last] - passed[first]
            # A real second or two may pass in Redis besides the ones told here.
            most = rate.size + (window + 2) * rate.size / rate.seconds
            assert last - first + 1 <= most


PAUSES = st.lists(
    st.one_of(st.just(0.0), st.floats(0, 0.01), st.floats(0, 100)), min_size=1, max_size=30
)
RATES = st.builds(Rate, st.integers(1, 8), st.integers(20, 600))


@given(rate=RATES, pauses=PAUSES)
@hypothesis_settings(deadline=None, max_examples=200)
def test_in_no_window_goes_more_through_than_said_in_memory(
    rate: Rate, pauses: list[float]
) -> None:
    async def run() -> None:
        async with in_memory() as place:
            await _never_more_than_said(place, rate, pauses)

    asyncio.run(run())


def test_in_no_window_goes_more_through_than_said_in_redis(redis_url: str) -> None:
    @given(rate=RATES, pauses=PAUSES)
    @hypothesis_settings(deadline=None, max_examples=25)
    def check(rate: Rate, pauses: list[float]) -> None:
        async def run() -> None:
            async with in_redis(redis_url) as place:
                await _never_more_than_said(place, rate, pauses)

        asyncio.run(run())

    check()


@given(st.integers(1, 200_000), st.integers(1, 3600))
def test_a_rate_never_gives_back_more_than_its_size_in_its_time(size: int, seconds: int) -> None:
    assert Rate(size, seconds).interval * size >= seconds * SECOND


def test_every_limit_lets_the_largest_single_wish_through() -> None:
    assert set(LIMITS) == set(Kind)
    largest = {Kind.UPLOADED_KIB: 10 * 1024 + 64}
    for kind, rates in LIMITS.items():
        assert rates, kind
        assert all(rate.size >= largest.get(kind, 1) for rate in rates.values()), kind


async def test_memory_forgets_the_longest_unused_rather_than_grow_for_ever() -> None:
    buckets = MemoryBuckets(Clock(), most_keys=100)
    one = Rate(1, 1000)
    for number in range(1000):
        assert await buckets.take([Want(f"address-{number}", one)]) is None
    assert len(buckets._full_at) == 100
    assert await buckets.take([Want("address-999", one)]) is not None
    assert await buckets.take([Want("address-1", one)]) is None


# --- Redis -----------------------------------------------------------------------------------


@pytest.fixture
async def redis(redis_url: str) -> AsyncIterator[Redis]:
    """A client of the test's own."""
    client = connect(redis_url)
    yield client
    await client.aclose()


async def test_no_address_stands_in_redis_and_every_key_ends_by_itself(
    redis: Redis, redis_url: str
) -> None:
    secret = secrets.token_urlsafe(32)
    gate = Gate(buckets_at(redis_url, secret, Metrics()), secret, Metrics())
    who = {Scope.ADDRESS: "203.0.113.7", Scope.ACCOUNT: "kuailian/A-1", Scope.BRAND: "kuailian"}
    await gate.take(Kind.SAY, who)
    keys = [key.decode() async for key in redis.scan_iter(f"{prefix_of(secret)}*")]
    assert len(keys) == 3
    for key in keys:
        assert not any(name in key for name in ("203.0.113", "A-1", "kuailian", secret))
        assert 0 < await redis.pttl(key) <= 60_000
        assert int(await redis.get(key)) > 0, "nothing but a moment"
        await redis.delete(key)
    await gate.close()


async def test_two_desks_in_one_redis_do_not_count_each_other_s_customers(redis_url: str) -> None:
    one = {Kind.SAY: {Scope.CONVERSATION: Rate(1, 50)}}
    for _desk in range(2):
        secret = secrets.token_urlsafe(32)
        gate = Gate(buckets_at(redis_url, secret, Metrics()), secret, Metrics(), limits=one)
        await gate.take(Kind.SAY, {Scope.CONVERSATION: "c"})
        with pytest.raises(ChatError):
            await gate.take(Kind.SAY, {Scope.CONVERSATION: "c"})
        await gate.close()


@pytest.mark.parametrize("rubbish", ["9" * 16, "none", "-5", ""])
async def test_rubbish_or_a_clock_put_back_shuts_nobody_out_for_long(
    redis: Redis, rubbish: str
) -> None:
    prefix = f"test:{secrets.token_hex(6)}:"
    await redis.set(f"{prefix}a", rubbish, px=60_000)
    refusal = await RedisBuckets(redis, prefix).take([Want("a", RATE)])
    assert refusal is None or refusal.retry_after <= 10
    await redis.delete(f"{prefix}a")


class RedisOfOnesOwn:
    """A Redis server that a test may stop, kill and start again on the same port."""

    def __init__(self, program: str, folder: Path) -> None:
        self._program, self._folder = program, folder
        self.port = free_port_run(1)
        self.url = f"redis://:{SECRET}@127.0.0.1:{self.port}/0"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Up when this returns."""
        command = [self._program, "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        command += ["--requirepass", SECRET, "--dir", str(self._folder)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE)
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if b"Ready to accept connections" in line:
                return
        raise AssertionError("redis-server did not start")

    def signal(self, number: int) -> None:
        """To the server alone."""
        assert self.process is not None
        self.process.send_signal(number)

    def kill(self) -> None:
        """Gone at once."""
        if self.process is not None:
            self.signal(signal.SIGCONT)
            self.process.kill()
            self.process.wait()
            assert self.process.stdout is not None
            self.process.stdout.close()
            self.process = None


@pytest.fixture
def own_redis(tmp_path: Path, redis_url: str) -> Iterator[RedisOfOnesOwn]:
    """Running; ``redis_url`` fails or skips where there is no Redis at all."""
    program = shutil.which("redis-server")
    assert program, "redis-server: apt-get install redis-server"
    server = RedisOfOnesOwn(program, tmp_path)
    server.start()
    yield server
    server.kill()


class Alone:
    """How often a process counted by itself."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> None:
        self.times += 1


@pytest.mark.parametrize("how", ["killed", "paused"])
async def test_while_redis_is_away_each_process_counts_alone_and_then_together_again(
    own_redis: RedisOfOnesOwn, how: str
) -> None:
    clock, alone = Clock(), Alone()
    shared = RedisBuckets(connect(own_redis.url), "test:")
    buckets = FailingOpen(shared, MemoryBuckets(clock), alone, clock)
    want = [Want("a", Rate(2, 500))]
    with capture_logs() as logs:
        assert await buckets.take(want) is None
        assert await buckets.take(want) is None
        assert await buckets.take(want) is not None
        assert alone.times == 0

        own_redis.kill() if how == "killed" else own_redis.signal(signal.SIGSTOP)
        began = time.monotonic()
        answers = [await buckets.take(want) for _ in range(10)]
        took = time.monotonic() - began
        assert [answer is None for answer in answers] == [True] * 2 + [False] * 8
        assert alone.times == 10
        assert took < 3, "only the first of them waits for Redis"

        own_redis.start() if how == "killed" else own_redis.signal(signal.SIGCONT)
        clock.at += 2 * SECOND
        assert await buckets.take([Want("b", RATE)]) is None
        assert alone.times == 10
        refused = await buckets.take(want)
        # A killed one has forgotten, a paused one has not.
        assert (refused is None) == (how == "killed")
    events = [entry["event"] for entry in logs]
    assert events == ["limits_not_shared", "limits_shared_again"]
    assert logs[0]["log_level"] == "error"
    assert SECRET not in str(logs)
    await buckets.close()


async def test_one_call_finds_out_whether_redis_is_back_and_the_others_do_not_wait() -> None:
    class Slow(MemoryBuckets):
        asked = 0
        answer: asyncio.Future[None]

        async def take(self, wants: Any) -> Refusal | None:
            self.asked += 1
            if self.asked == 1:
                raise ConnectionError
            await self.answer
            return None

    clock, alone, slow = Clock(), Alone(), Slow()
    slow.answer = asyncio.get_running_loop().create_future()
    buckets = FailingOpen(slow, MemoryBuckets(clock), alone, clock)
    await buckets.take([Want("a", RATE)])
    clock.at += 2 * SECOND
    probe = asyncio.create_task(buckets.take([Want("a", RATE)]))
    await asyncio.sleep(0)
    await asyncio.gather(*(buckets.take([Want("a", RATE)]) for _ in range(5)))
    assert (slow.asked, alone.times) == (2, 6)
    slow.answer.set_result(None)
    await probe


# --- through the chat API --------------------------------------------------------------------


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    """Limits are on here."""
    return environment | {"DESK_RATE_LIMITS": "on"}


async def refused(response: aiohttp.ClientResponse) -> int:
    """That it is a polite refusal; the seconds to wait."""
    assert response.status == 429, await response.text()
    error = (await response.json())["error"]
    assert error["code"] == "too_many_requests"
    assert set(error["message"]) == {"zh", "en"}
    return int(response.headers["Retry-After"])


async def begin(web: Any, brand: str = "kuailian", **headers: str) -> aiohttp.ClientResponse:
    """Ask for a conversation."""
    response: aiohttp.ClientResponse = await web.post(
        "/api/chat/sessions", json={"brand": brand}, headers=headers
    )
    return response


async def test_a_conversation_that_floods_is_told_when_to_go_on_and_others_are_not(
    web: TestClient[Any, Any],
) -> None:
    talk, other = await Talk.begin(web), await Talk.begin(web)
    began = time.monotonic()
    for said in itertools.count():
        message = {"id": str(uuid.uuid4()), "text": f"第 {said} 条"}
        response = await web.post("/api/chat/messages", json=message, headers=talk.headers)
        if response.status != 202:
            break
    assert await refused(response) == 1
    assert 60 <= said <= 61 + time.monotonic() - began
    await other.say("我也有话说")
    text = await (await web.get("/metrics")).text()
    assert 'desk_refused_requests_total{kind="say",scope="conversation"} 1.0' in text


async def test_conversations_of_one_account_share_what_the_account_may(
    web: TestClient[Any, Any], database: Any
) -> None:
    talks = [await Talk.begin(web) for _ in range(3)]
    ids = [talk.conversation for talk in talks]
    async with database.begin() as connection:
        row = update(ConversationRow).where(ConversationRow.id.in_(ids)).values(account="A-1")
        await connection.execute(row)
    answers = [await talk.post("language", {"language": "zh"}) for _ in range(60) for talk in talks]
    passed = [status for status, _ in answers].count(200)
    # 120 at once and two more each second that the calls took.
    assert 120 <= passed < 170


async def test_one_brand_s_flood_leaves_the_other_brand_its_own() -> None:
    gate = Gate(MemoryBuckets(Clock()), SECRET, Metrics())

    async def say(brand: str, number: int) -> bool:
        who = {Scope.CONVERSATION: f"{brand}-{number}", Scope.ADDRESS: str(number)}
        try:
            await gate.take(Kind.SAY, {**who, Scope.BRAND: brand})
        except ChatError:
            return False
        return True

    passed = [await say("kuailian", number) for number in range(5000)]
    assert sum(passed) == LIMITS[Kind.SAY][Scope.BRAND].size
    assert all([await say("bitpie", number) for number in range(300)])


async def test_guessing_tokens_is_counted_and_good_tokens_are_let_through(
    web: TestClient[Any, Any],
) -> None:
    talk = await Talk.begin(web)
    for number in range(30):
        wrong = {"Authorization": f"Bearer guess-{number}"}
        assert (await web.get("/api/chat/messages", headers=wrong)).status == 401
    wrong = {"Authorization": "Bearer once-more"}
    assert await refused(await web.get("/api/chat/messages", headers=wrong)) >= 1
    assert await talk.messages()


async def test_limits_off_lets_everybody_through(gateway: Gateway, settings: Settings) -> None:
    web = await gateway(replace(settings, rate_limits=False))
    for _ in range(40):
        assert (await begin(web)).status == 201


async def test_an_eighth_open_stream_is_the_last_and_reading_at_once_still_works(
    web: TestClient[Any, Any],
) -> None:
    talk = await Talk.begin(web)
    async with contextlib.AsyncExitStack() as open_streams:
        for _ in range(8):
            await open_streams.enter_async_context(talk.stream())
        for path in ("stream?after=0", "messages?after=1&wait=20"):
            response = await web.get(f"/api/chat/{path}", headers=talk.headers)
            assert await refused(response) == 5
        assert await talk.messages()
        async with (await Talk.begin(web)).stream():
            pass

    async def let_in_again() -> bool:
        async with web.get("/api/chat/stream", headers=talk.headers) as response:
            return response.status == 200

    await eventually(let_in_again)


def test_seats_are_given_back_whatever_happens() -> None:
    seats = Seats("wait", {Scope.CONVERSATION: 1, Scope.ADDRESS: 2}, Metrics())
    for _ in range(5):
        with pytest.raises(KeyError), seats.one({Scope.CONVERSATION: "c", Scope.ADDRESS: "a"}):
            raise KeyError
    with seats.one({Scope.CONVERSATION: "c", Scope.ADDRESS: "a"}):
        for _ in range(3):
            with pytest.raises(ChatError), seats.one({Scope.CONVERSATION: "c"}):
                pass
        with (
            seats.one({Scope.CONVERSATION: "d", Scope.ADDRESS: "a"}),
            pytest.raises(ChatError),
            seats.one({Scope.CONVERSATION: "e", Scope.ADDRESS: "a"}),
        ):
            pass
    assert not seats._taken


async def test_a_redis_that_never_was_there_costs_no_customer_an_answer(
    gateway: Gateway, settings: Settings
) -> None:
    nowhere = f"redis://:{SECRET}@127.0.0.1:{free_port_run(1)}/0"
    with capture_logs() as logs:
        web = await gateway(replace(settings, redis_url=nowhere))
        talk = await Talk.begin(web)
        await talk.say("你好")
        assert len(await talk.settled()) == 3
        text = await (await web.get("/metrics")).text()
    assert "limits_not_shared" in [entry["event"] for entry in logs]
    assert SECRET not in str(logs)
    (line,) = [each for each in text.splitlines() if each.startswith("desk_limits_alone_total")]
    assert float(line.split()[1]) >= 2


class Process:
    """A gateway in a process of its own."""

    def __init__(self, environment: dict[str, str], log: Path) -> None:
        self.url = f"http://127.0.0.1:{environment['DESK_PORT']}"
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bot.cli", "serve", "web"],
            cwd=ROOT,
            env={**os.environ, **environment},
            stdout=subprocess.DEVNULL,
            stderr=log.open("wb"),
        )

    async def up(self) -> bool:
        """It answers."""
        assert self._process.poll() is None, "the gateway ended"
        try:
            async with aiohttp.ClientSession() as client, client.get(f"{self.url}/healthz"):
                return True
        except aiohttp.ClientError:
            return False

    def stop(self) -> None:
        """And wait for its end."""
        self._process.terminate()
        self._process.wait(20)


@pytest.fixture
async def two_processes(
    environment: dict[str, str], database: Any, redis_url: str, tmp_path: Path
) -> AsyncIterator[list[Process]]:
    """On one database and one Redis."""
    both = []
    for number in range(2):
        ports = zip(("DESK_PORT", "DESK_SMTP_PORT"), range(free_port_run(2), 65536), strict=False)
        own = {name: str(port) for name, port in ports}
        given = environment | own | {"DESK_REDIS_URL": redis_url}
        both.append(Process(given, tmp_path / f"{number}.log"))
    try:
        for process in both:
            await eventually(process.up, seconds=60)
        yield both
    finally:
        for process in both:
            process.stop()


async def test_two_processes_with_one_redis_let_no_more_through_than_one(
    two_processes: list[Process],
) -> None:
    async with aiohttp.ClientSession() as client:

        async def ask(number: int) -> int:
            url = f"{two_processes[number % 2].url}/api/chat/sessions"
            async with client.post(url, json={"brand": "kuailian"}) as response:
                return response.status

        began = time.monotonic()
        statuses = [await ask(number) for number in range(60)]
        took = time.monotonic() - began
    assert 30 <= statuses.count(201) <= 30 + took / 2 + 1
    assert set(statuses) == {201, 429}
