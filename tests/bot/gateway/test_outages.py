"""Rasa gone, stuck or broken: customers are told once and lose nothing."""

from __future__ import annotations

from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from tests.bot.gateway.conftest import HASTY, Gateway
from tests.bot.gateway.fake_rasa import FakeRasa
from tests.bot.gateway.talk import Talk


@pytest.fixture
async def web(gateway: Gateway) -> TestClient[Any, Any]:
    """A gateway that tells of an outage soon."""
    return await gateway(timings=HASTY)


@pytest.mark.parametrize("how", ["gone", "no model", "wrong secret", "stuck"])
async def test_an_outage_is_told_once_and_the_message_answered_afterwards(
    talk: Talk, rasa: FakeRasa, how: str
) -> None:
    if how == "gone":
        await rasa.down()
    elif how == "stuck":
        rasa.go_on.clear()
    else:
        rasa.status = {"no model": 503, "wrong secret": 401}[how]
    await talk.say("你好")
    await talk.say("在吗")
    told = (await talk.until("已经保存"))[3:]
    assert [message["author"] for message in told] == ["system"]
    assert (await talk.page())["pending"] is True
    await talk.page(after=4, wait=1.2 * HASTY.patience)  # it is not told twice
    if how == "gone":
        await rasa.up()
    rasa.go_on.set()
    rasa.status = 200
    messages = await talk.settled()
    assert [m["text"] for m in messages if m["author"] == "bot"][1:] == ["re: 你好", "re: 在吗"]
    assert [m["author"] for m in messages].count("system") == 1


async def test_an_outage_is_told_in_the_conversations_language(
    web: TestClient[Any, Any], rasa: FakeRasa
) -> None:
    await rasa.down()
    talk = await Talk.begin(web, language="en")
    await talk.say("hello")
    assert (await talk.until("saved"))[-1]["author"] == "system"


async def test_each_outage_is_told_of(talk: Talk, rasa: FakeRasa) -> None:
    for text in ("第一次", "第二次"):
        await rasa.down()
        seq = await talk.say(text)
        assert (await talk.page(after=seq, wait=10))["messages"][0]["author"] == "system"
        await rasa.up()
        await talk.settled()


async def test_every_try_carries_the_same_message_id(talk: Talk, rasa: FakeRasa) -> None:
    rasa.status = 503
    await talk.say("你好")
    while sum(rasa.tries.values()) < 3:
        rasa.asked.clear()
        await rasa.asked.wait()
    rasa.status = 200
    await talk.settled()
    assert len(rasa.tries) == 1
    assert rasa.texts() == ["你好"]
