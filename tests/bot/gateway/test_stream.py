"""The event stream: everything once, in order, for as many readers as there are."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import Any

from aiohttp.test_utils import TestClient

from bot.gateway.delivery import MemoryFanout
from bot.gateway.keys import FANOUT
from tests.bot.gateway.conftest import IMPATIENT, Gateway
from tests.bot.gateway.fake_rasa import FakeRasa, reply
from tests.bot.gateway.talk import Talk, eventually

Event = tuple[str, str | None, dict[str, Any]]


async def collect(events: Any, *, messages: int = 0, idle: bool = False) -> list[Event]:
    """Events up to that many messages, and on until nothing is pending if ``idle``."""
    found: list[Event] = []
    async with asyncio.timeout(10):
        async for name, number, data in events:
            if name == ":":
                continue
            found.append((name, number, json.loads(data)))
            enough = sum(event[0] == "message" for event in found) >= messages
            quiet = name == "status" and not found[-1][2]["pending"]
            if enough and (quiet or not idle):
                return found
    return found


async def test_the_stream_replays_from_the_start_and_goes_on(talk: Talk) -> None:
    await talk.say("第一条")
    await talk.settled()
    async with talk.stream() as events:
        before = await collect(events, messages=3)
        await talk.say("第二条")
        later = await collect(events, messages=2)
    numbers = [event[1] for event in [*before, *later] if event[0] == "message"]
    assert numbers == ["1", "2", "3", "4", "5"]


async def test_the_stream_says_the_same_as_the_list_of_messages(talk: Talk) -> None:
    await talk.say("你好")
    listed = await talk.settled()
    async with talk.stream() as events:
        streamed = await collect(events, messages=3)
    assert [event[2] for event in streamed if event[0] == "message"] == listed


async def test_after_and_last_event_id_say_where_to_go_on_and_the_latter_wins(
    talk: Talk,
) -> None:
    await talk.say("你好")
    await talk.settled()
    for after, last, first in ((1, None, "2"), (None, 2, "3"), (0, 2, "3"), (2, None, "3")):
        async with talk.stream(after=after, last=last) as events:
            (event,) = [e for e in await collect(events, messages=1) if e[0] == "message"]
            assert event[1] == first


async def test_a_reader_that_comes_back_misses_nothing_and_gets_nothing_twice(
    talk: Talk, rasa: FakeRasa
) -> None:
    rasa.answer = lambda turn: [reply("一"), reply("二")]
    seen: list[str | None] = []
    last: int | None = None
    for number in range(4):
        await talk.say(f"第{number}条")
        async with talk.stream(last=last) as events:
            for name, id, _ in await collect(events, messages=2):
                if name == "message":
                    seen.append(id)
                    last = int(id or 0)
    await talk.settled()
    async with talk.stream(last=last) as events:
        seen += [id for name, id, _ in await collect(events, idle=True) if name == "message"]
    assert seen == [str(number) for number in range(1, 14)]


async def test_typing_and_status_tell_what_the_desk_is_doing(talk: Talk, rasa: FakeRasa) -> None:
    rasa.go_on.clear()
    async with talk.stream(after=1) as events:
        assert (await collect(events, idle=True))[-1][2] == {"pending": False, "status": "bot"}
        await talk.say("你好")
        await rasa.asked.wait()
        before = await collect(events, messages=1)
        rasa.go_on.set()
        after = await collect(events, messages=1, idle=True)
    typing = [event[2]["typing"] for event in before + after if event[0] == "typing"]
    assert typing == [True, False]
    assert after[-1][2] == {"pending": False, "status": "bot"}


async def test_a_silent_stream_shows_that_it_is_alive(talk: Talk) -> None:
    async with asyncio.timeout(10), talk.stream(after=1) as events:
        assert any([name == ":" async for name, _, _ in take(events, 2)])


async def take(events: Any, count: int) -> Any:
    """The first few events."""
    async for event in events:
        yield event
        count -= 1
        if not count:
            return


async def test_many_streams_of_one_conversation_all_get_everything(talk: Talk) -> None:
    async def read() -> list[str | None]:
        async with talk.stream() as events:
            found = await collect(events, messages=3)
            return [id for name, id, _ in found if name == "message"]

    reading = [asyncio.create_task(read()) for _ in range(20)]
    await talk.say("你好")
    assert await asyncio.gather(*reading) == [["1", "2", "3"]] * 20


async def test_a_stuck_reader_is_dropped_and_the_others_are_served(
    gateway: Gateway, rasa: FakeRasa
) -> None:
    web = await gateway(timings=replace(IMPATIENT, slowest_write=0.2))
    talk = await Talk.begin(web)
    rasa.answer = lambda turn: [reply("长" * 200_000)]
    _reader, writer = await asyncio.open_connection(web.host, web.port, limit=1024)
    request = f"GET /api/chat/stream HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {talk.token}"
    writer.write(f"{request}\r\n\r\n".encode())

    async def connected() -> bool:
        return bool(web.app[FANOUT].listened())

    async def dropped() -> bool:
        return not web.app[FANOUT].listened()

    await eventually(connected)
    for _ in range(10):
        await talk.say("你好")
    assert len(await talk.settled()) == 21
    await eventually(dropped)
    writer.close()


async def test_streams_end_when_the_desk_stops(gateway: Gateway) -> None:
    web: TestClient[Any, Any] = await gateway()
    talk = await Talk.begin(web)
    async with talk.stream() as events:
        await collect(events, messages=1)
        stopping = asyncio.create_task(web.server.close())
        async with asyncio.timeout(5):
            assert [name async for name, _, _ in events if name == "message"] == []
            await stopping


async def test_a_listener_misses_no_news_between_two_waits() -> None:
    fanout = MemoryFanout()
    with fanout.listen("a") as listener, fanout.listen("a") as other, fanout.listen("b") as third:
        fanout.publish("a")
        fanout.publish("a")
        assert await listener.news(0)
        assert not await listener.news(0)
        assert await other.news(0)
        assert not await third.news(0)
    assert fanout.listened() == []


async def test_typing_is_news_and_no_reason_to_read_the_transcript_again() -> None:
    fanout = MemoryFanout()
    with fanout.listen("a") as listener:
        assert listener.changed()
        fanout.typing("a", on=True)
        assert await listener.news(0)
        assert not listener.changed()
        fanout.publish("a")
        fanout.typing("a", on=False)
        assert listener.changed()
