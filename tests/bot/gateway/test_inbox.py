"""The inbox: every customer's message is answered, in order, once, whatever breaks."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import TestClient
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from actions.settings import Settings
from actions.storage.conversations import ConversationRow, MessageRow
from actions.storage.engine import session_factory
from tests.bot.gateway.conftest import IMPATIENT, Gateway, free_port_run
from tests.bot.gateway.fake_rasa import FakeRasa, reply
from tests.bot.gateway.talk import Talk, eventually


async def set_conversation(database: AsyncEngine, conversation: str, **values: Any) -> None:
    """Change a conversation's row, as another process of the desk would."""
    async with session_factory(database).begin() as session:
        await session.execute(
            update(ConversationRow).where(ConversationRow.id == conversation).values(**values)
        )


async def stored(database: AsyncEngine, conversation: str, seq: int) -> MessageRow:
    """A message as it lies in the database."""
    async with session_factory(database)() as session:
        return await session.get_one(MessageRow, (conversation, seq))


# --- order ---------------------------------------------------------------------------------


async def test_quick_messages_are_answered_in_order_one_at_a_time(
    talk: Talk, rasa: FakeRasa
) -> None:
    rasa.go_on.clear()
    for number in range(5):
        await talk.say(f"第{number}条")
    assert (await talk.page())["pending"] is True
    rasa.go_on.set()
    answers = [message for message in await talk.settled() if message["reply_to"]]
    assert [answer["text"] for answer in answers] == [f"re: 第{n}条" for n in range(5)]
    assert [answer["reply_to"] for answer in answers] == [2, 3, 4, 5, 6]
    assert rasa.most_at_once == 1


async def test_a_slow_conversation_does_not_hold_up_another(
    web: TestClient[Any, Any], talk: Talk, rasa: FakeRasa
) -> None:
    rasa.go_on.clear()
    await talk.say("慢")
    await rasa.asked.wait()
    other = await Talk.begin(web)
    await other.say("另一位")
    while rasa.at_once < 2:
        rasa.asked.clear()
        await rasa.asked.wait()
    rasa.go_on.set()
    await other.settled()
    await talk.settled()


async def test_all_messages_of_an_answer_come_together_before_pending_ends(
    talk: Talk, rasa: FakeRasa
) -> None:
    rasa.answer = lambda turn: [reply("一"), reply("二"), reply("三")]
    seq = await talk.say("你好")
    page = await talk.page(after=seq, wait=10)
    assert [message["text"] for message in page["messages"]] == ["一", "二", "三"]
    assert page["pending"] is False


async def test_what_was_understood_is_kept_with_the_message(
    talk: Talk, rasa: FakeRasa, database: AsyncEngine
) -> None:
    rasa.understood = {"intent": "request_refund", "confidence": 0.97, "language": "en"}
    seq = await talk.say("refund please")
    await talk.settled()
    row = await stored(database, talk.conversation, seq)
    assert (row.intent, row.confidence, row.language) == ("request_refund", 0.97, "en")
    assert row.understood is not None
    assert row.understood["ranking"]
    assert row.answered_at is not None
    assert (await stored(database, talk.conversation, seq + 1)).response == "utter_echo"


# --- silence never happens -----------------------------------------------------------------


@pytest.mark.parametrize("replies", [[], [reply("")], [reply("  \n")]])
async def test_a_silent_rasa_is_answered_for_with_a_way_out(
    talk: Talk, rasa: FakeRasa, replies: list[Any]
) -> None:
    rasa.answer = lambda turn: replies
    rasa.understood = {"failed_actions": ["action_request_refund"]}
    await talk.say("退款")
    (answer,) = (await talk.settled())[2:]
    assert answer["author"] == "bot"
    assert len(answer["buttons"]) == 2


async def test_trying_again_asks_the_same_and_asking_for_a_person_asks_for_one(
    talk: Talk, rasa: FakeRasa
) -> None:
    rasa.answer = lambda turn: []
    await talk.say("我要退款")
    await talk.settled()
    await talk.press("再试一次")
    await talk.settled()
    await talk.press("再试一次")
    await talk.settled()
    await talk.press("转人工")
    await talk.settled()
    assert rasa.texts() == ["我要退款", "我要退款", "我要退款", "/contact_human"]
    assert len({turn["message"] for turn in rasa.turns}) == 4


async def test_a_failure_is_said_even_after_an_answer(talk: Talk, rasa: FakeRasa) -> None:
    rasa.answer = lambda turn: [reply("先回答您的问题。")]
    rasa.understood = {"failed_actions": ["refund_form"]}
    await talk.say("多久到账")
    answered, trouble = (await talk.settled())[2:]
    assert answered["text"] == "先回答您的问题。"
    assert len(trouble["buttons"]) == 2


async def test_a_person_is_called_even_when_the_bot_cannot_call_one(
    talk: Talk, rasa: FakeRasa, database: AsyncEngine
) -> None:
    rasa.answer = lambda turn: []
    rasa.understood = {"failed_actions": ["action_contact_human"], "intent": "contact_human"}
    seq = await talk.say("转人工")
    (answer,) = (await talk.settled())[2:]
    assert "人工" in answer["text"]
    assert (await stored(database, talk.conversation, seq + 1)).response == "desk_person_coming"
    await talk.say("还在吗")
    assert len(await talk.settled()) == 4
    assert len(rasa.turns) == 1


async def test_a_language_that_was_wished_for_is_kept(talk: Talk, rasa: FakeRasa) -> None:
    rasa.understood = {"intent": "change_language", "language": "en"}
    await talk.say("English please")
    await talk.settled()
    await talk.say("你好")
    await talk.settled()
    assert (rasa.turns[1]["language"], rasa.turns[1]["language_locked"]) == ("en", True)


@pytest.mark.parametrize("status", [400, 500])
async def test_a_message_that_rasa_chokes_on_does_not_block_the_next(
    talk: Talk, rasa: FakeRasa, status: int
) -> None:
    rasa.status = status
    await talk.say("坏消息")
    assert len((await talk.settled())[2]["buttons"]) == 2
    rasa.status = 200
    await talk.say("好消息")
    assert (await talk.settled())[4]["text"] == "re: 好消息"


async def test_an_answer_that_is_no_answer_is_answered_for(talk: Talk, rasa: FakeRasa) -> None:
    rasa.answer = lambda turn: [{"buttons": [{"title": "no payload"}]}]
    await talk.say("你好")
    assert len((await talk.settled())[2]["buttons"]) == 2


# --- the gateway gone ----------------------------------------------------------------------


async def test_a_stopped_gateway_leaves_its_work_to_the_next_at_once(
    gateway: Gateway, rasa: FakeRasa
) -> None:
    rasa.go_on.clear()
    first = await gateway(timings=replace(IMPATIENT, lease=3600.0))
    talk = await Talk.begin(first)
    await talk.say("你好")
    await rasa.asked.wait()
    await first.close()
    rasa.go_on.set()
    talk.web = await gateway()
    assert [m["text"] for m in await talk.settled()][1:] == ["你好", "re: 你好"]


async def test_a_killed_gateway_loses_nothing_and_does_nothing_twice(
    environment: dict[str, str], settings: Settings, gateway: Gateway, rasa: FakeRasa
) -> None:
    rasa.go_on.clear()
    async with process(environment, settings) as (first, web):
        talk = await Talk.begin(web)
        await talk.say("第一条")
        await talk.say("第二条")
        await rasa.asked.wait()
        os.kill(first.pid, signal.SIGKILL)
        await first.wait()
    rasa.go_on.set()
    talk.web = await gateway()
    messages = await talk.settled()
    assert [m["text"] for m in messages][1:] == ["第一条", "第二条", "re: 第一条", "re: 第二条"]
    assert rasa.texts() == ["第一条", "第二条"]


@asynccontextmanager
async def process(
    environment: dict[str, str], settings: Settings
) -> AsyncIterator[tuple[asyncio.subprocess.Process, aiohttp.ClientSession]]:
    """A gateway in a process of its own, with a short lease, once it answers."""
    program = (
        "from aiohttp import web; from actions.settings import Settings, ensure_secrets;"
        "from bot.gateway.app import create_app; from bot.gateway.timings import Timings;"
        "settings = ensure_secrets(Settings.from_env());"
        "app = create_app(settings, timings=Timings(lease=1.0, watch=0.05));"
        "web.run_app(app, host=settings.host, port=settings.port, access_log=None)"
    )
    running = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, env=os.environ | environment, stdout=-3, stderr=-3
    )
    try:
        async with aiohttp.ClientSession(settings.public_url) as web:
            await eventually(lambda: alive(web), seconds=30)
            yield running, web
    finally:
        if running.returncode is None:
            running.terminate()
            await running.wait()


async def alive(web: aiohttp.ClientSession) -> bool:
    """It answers at all."""
    try:
        async with web.get("/healthz") as response:
            return response.status == 200
    except aiohttp.ClientError:
        return False


async def test_two_gateways_on_one_database_answer_each_message_once(
    gateway: Gateway, settings: Settings, rasa: FakeRasa
) -> None:
    webs = [await gateway(), await gateway(replace(settings, smtp_port=free_port_run(1)))]
    talk = await Talk.begin(webs[0])
    for number in range(10):
        talk.web = webs[number % 2]
        await talk.say(str(number))
    answers = [m["text"] for m in await talk.settled() if m["reply_to"]]
    assert answers == [f"re: {number}" for number in range(10)]
    assert rasa.most_at_once == 1


async def test_a_lease_that_another_process_holds_is_respected_until_it_ends(
    talk: Talk, rasa: FakeRasa, database: AsyncEngine
) -> None:
    until = datetime.now(UTC) + timedelta(seconds=0.5)
    await set_conversation(database, talk.conversation, claimed_by="other", claimed_until=until)
    await talk.say("你好")
    await rasa.asked.wait()
    assert datetime.now(UTC) >= until
    await talk.settled()


async def test_a_turn_longer_than_the_lease_is_left_to_the_process_that_works_on_it(
    gateway: Gateway, settings: Settings, rasa: FakeRasa
) -> None:
    short = replace(IMPATIENT, lease=0.9)
    talk = await Talk.begin(await gateway(timings=short))
    await gateway(replace(settings, smtp_port=free_port_run(1)), short)
    rasa.go_on.clear()
    await talk.say("慢慢来")
    await talk.page(after=2, wait=2 * short.lease)
    assert sum(rasa.tries.values()) == 1
    rasa.go_on.set()
    assert (await talk.settled())[-1]["text"] == "re: 慢慢来"


async def test_an_answer_that_comes_after_the_lease_was_lost_is_not_stored_twice(
    talk: Talk, rasa: FakeRasa, database: AsyncEngine
) -> None:
    rasa.go_on.clear()
    seq = await talk.say("你好")
    await rasa.asked.wait()
    soon = datetime.now(UTC) + timedelta(seconds=0.3)
    await set_conversation(database, talk.conversation, claimed_by="other", claimed_until=soon)
    rasa.go_on.set()
    answers = [m for m in await talk.settled() if m["reply_to"] == seq]
    assert [answer["text"] for answer in answers] == ["re: 你好"]


# --- a person takes over -------------------------------------------------------------------


@pytest.mark.parametrize("status", ["waiting", "agent"])
async def test_the_bot_is_quiet_while_a_person_is_awaited_or_there(
    talk: Talk, rasa: FakeRasa, database: AsyncEngine, status: str
) -> None:
    await set_conversation(database, talk.conversation, status=status)
    await talk.say("还在吗?")
    page = await talk.page()
    assert page["pending"] is False
    assert [message["text"] for message in page["messages"][1:]] == ["还在吗?"]
    await talk.page(after=2, wait=4 * IMPATIENT.watch)
    assert rasa.turns == []


async def test_the_words_that_acknowledge_the_hand_over_are_delivered_and_the_rest_kept_quiet(
    talk: Talk, rasa: FakeRasa, database: AsyncEngine
) -> None:
    rasa.answer = lambda turn: [reply("正在为您转接人工。")]
    rasa.go_on.clear()
    await talk.say("转人工")
    await talk.say("快点")
    await rasa.asked.wait()
    await set_conversation(database, talk.conversation, status="waiting")
    assert (await talk.page())["pending"] is True
    rasa.go_on.set()
    messages = await talk.settled()
    assert [m["text"] for m in messages if m["reply_to"]] == ["正在为您转接人工。"]
    assert rasa.texts() == ["转人工"]


async def test_the_hand_over_is_acknowledged_even_if_the_gateway_died_in_between(
    gateway: Gateway, rasa: FakeRasa, database: AsyncEngine
) -> None:
    rasa.go_on.clear()
    first = await gateway()
    talk = await Talk.begin(first)
    await talk.say("转人工")
    await rasa.asked.wait()
    await set_conversation(database, talk.conversation, status="waiting")
    await first.close()
    rasa.go_on.set()
    talk.web = await gateway()
    assert (await talk.settled())[-1]["text"] == "re: 转人工"


async def test_a_person_who_took_over_meanwhile_is_not_talked_over(
    talk: Talk, rasa: FakeRasa, database: AsyncEngine
) -> None:
    rasa.go_on.clear()
    await talk.say("你好")
    await rasa.asked.wait()
    await set_conversation(database, talk.conversation, status="agent")
    rasa.go_on.set()
    assert [m["text"] for m in await talk.settled()][1:] == ["你好"]


async def test_who_speaks_again_after_the_end_is_answered_by_the_bot(
    talk: Talk, database: AsyncEngine
) -> None:
    now = datetime.now(UTC)
    await set_conversation(database, talk.conversation, status="ended", ended_at=now)
    await talk.say("还有一个问题")
    assert (await talk.settled())[-1]["text"] == "re: 还有一个问题"


async def test_what_another_process_wrote_shows_up_by_itself(
    talk: Talk, database: AsyncEngine
) -> None:
    waiting = asyncio.create_task(talk.page(after=1, wait=30))
    await asyncio.sleep(3 * IMPATIENT.watch)  # the watch has seen the conversation as it was
    async with session_factory(database).begin() as session:
        row = await session.get_one(ConversationRow, talk.conversation)
        row.last_seq = 2
        session.add(
            MessageRow(
                conversation=talk.conversation,
                seq=2,
                author="agent",
                text="您好,我是客服小王。",
                at=datetime.now(UTC),
            )
        )
    page = await asyncio.wait_for(waiting, 5)
    assert [message["author"] for message in page["messages"]] == ["agent"]


async def test_numbers_have_no_gap(talk: Talk, database: AsyncEngine) -> None:
    await asyncio.gather(*(talk.say(f"{number}") for number in range(15)))
    await talk.settled()
    async with session_factory(database)() as session:
        numbers = await session.scalars(select(MessageRow.seq).order_by(MessageRow.seq))
        assert list(numbers) == list(range(1, 32))
