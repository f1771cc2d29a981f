"""A customer who writes Traditional Chinese is answered in it, whoever of the desk is speaking."""

from __future__ import annotations

import pytest
from aiohttp import FormData
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncEngine

from actions.storage.conversations import ConversationRow
from actions.storage.engine import session_factory
from tests.actions.services.files import a_png
from tests.bot.gateway.conftest import HASTY, Gateway
from tests.bot.gateway.fake_rasa import Body, FakeRasa, reply
from tests.bot.gateway.talk import Talk

SIMPLIFIED = "请把订单号 KL20260901001 发到 li@example.com，账户里有。"
TRADITIONAL = "請把訂單號 KL20260901001 發到 li@example.com，帳戶裡有。"


def with_button(turn: Body) -> list[Body]:
    """Whatever is asked, this is the answer."""
    return [reply(SIMPLIFIED, ("申请退款", '/request_refund{"reason": "双重"}'))]


@pytest.fixture
def rasa(rasa: FakeRasa) -> FakeRasa:
    """Rasa speaks Simplified Chinese, as its domain does."""
    rasa.answer = with_button
    return rasa


async def answer_to(talk: Talk, text: str) -> str:
    """Say it; the text of the last answer."""
    await talk.say(text)
    return str((await talk.settled())[-1]["text"])


async def script_of_the(database: AsyncEngine, talk: Talk) -> tuple[str | None, bool]:
    row = ConversationRow
    asked = select(row.script, row.script_locked).where(row.id == talk.conversation)
    async with session_factory(database)() as session:
        return (await session.execute(asked)).one()._tuple()


async def test_traditional_is_answered_in_traditional_with_its_buttons(
    talk: Talk, rasa: FakeRasa
) -> None:
    await talk.say("我要退錢")
    answer = (await talk.settled())[-1]
    assert answer["text"] == TRADITIONAL
    assert [button["title"] for button in answer["buttons"]] == ["申請退款"]


async def test_a_button_shown_in_traditional_means_what_it_meant(
    talk: Talk, rasa: FakeRasa
) -> None:
    await answer_to(talk, "我要退錢")
    await talk.press("申請退款")
    pressed, answer = (await talk.settled())[-2:]
    assert (pressed["text"], answer["text"]) == ("申請退款", TRADITIONAL)
    assert rasa.turns[-1]["payload"] == '/request_refund{"reason": "双重"}'


@pytest.mark.parametrize(
    "either", ["我要退款", "KL20260901001", "OK", "快连VPN", "where is my money", "💰"]
)
async def test_what_could_be_either_leaves_the_script_as_it_was(talk: Talk, either: str) -> None:
    assert await answer_to(talk, either) == SIMPLIFIED
    await answer_to(talk, "請問可以退錢嗎")
    assert await answer_to(talk, either) == TRADITIONAL


async def test_simplified_switches_back(talk: Talk, database: AsyncEngine) -> None:
    await answer_to(talk, "請問可以退錢嗎")
    assert await script_of_the(database, talk) == ("Hant", False)
    assert await answer_to(talk, "请问可以退钱吗") == SIMPLIFIED
    assert await script_of_the(database, talk) == ("Hans", False)


async def test_a_pressed_button_switches_nothing(talk: Talk, rasa: FakeRasa) -> None:
    """Its title is the desk's wording, not the customer's."""
    await answer_to(talk, "我要退款")
    await answer_to(talk, "請問可以退錢嗎")
    first = next(m for m in await talk.messages() if m["buttons"] and m["text"] == SIMPLIFIED)
    await talk.post(
        "messages",
        {"id": "0" * 8 + "-0000-4000-8000-" + "0" * 12} | {"button": first["buttons"][0]["id"]},
    )
    assert (await talk.settled())[-1]["text"] == TRADITIONAL


async def test_an_english_conversation_is_left_alone(talk: Talk, rasa: FakeRasa) -> None:
    rasa.understood = {"language": "en"}
    rasa.answer = lambda turn: [reply("Your 订单 is here.", ("确认 Yes", "/affirm"))]
    await talk.say("請問 where is my order please")
    answer = (await talk.settled())[-1]
    assert (answer["text"], answer["buttons"][0]["title"]) == ("Your 订单 is here.", "确认 Yes")


async def test_after_english_chinese_is_traditional_again(talk: Talk, rasa: FakeRasa) -> None:
    await answer_to(talk, "請問可以退錢嗎")
    rasa.understood, rasa.answer = {"language": "en"}, lambda turn: [reply("In a week.")]
    assert await answer_to(talk, "when will it arrive") == "In a week."
    rasa.understood, rasa.answer = {"language": "zh"}, with_button
    assert await answer_to(talk, "好的") == TRADITIONAL


async def test_a_wish_for_a_script_holds_against_what_is_written(
    talk: Talk, rasa: FakeRasa, database: AsyncEngine
) -> None:
    rasa.understood = {"intent": "change_language", "wished_script": "Hant"}
    assert await answer_to(talk, "请用繁体") == TRADITIONAL
    rasa.understood = {}
    assert await answer_to(talk, "请问可以退钱吗") == TRADITIONAL
    assert await script_of_the(database, talk) == ("Hant", True)
    rasa.understood = {"intent": "change_language", "wished_script": "Hans"}
    assert await answer_to(talk, "換成簡體") == SIMPLIFIED


async def test_a_script_nobody_knows_is_no_wish(talk: Talk, rasa: FakeRasa) -> None:
    rasa.understood = {"wished_script": "Kana"}
    assert await answer_to(talk, "我要退款") == SIMPLIFIED


# --- what the gateway says itself ----------------------------------------------------------


async def test_a_warning_at_once_is_in_the_script_of_its_message(talk: Talk) -> None:
    """Also in the first message of all, and before Rasa has seen anything."""
    await talk.say("我的密碼：Hunter2Hunter2，請幫我退錢")
    said, warning = (await talk.messages())[1:3]
    assert "[密碼已隱藏]" in said["text"]
    assert "為了您的安全，訊息裡的密碼已經隱藏" in warning["text"]


async def test_a_message_with_a_mark_in_traditional_is_the_same_when_sent_again(
    talk: Talk,
) -> None:
    text, id = "我的密碼：Hunter2Hunter2，請幫我退錢", "11111111-1111-4111-8111-111111111111"
    seq = await talk.say(text, id)
    await talk.say("这个订单请退款")
    assert await talk.say(text, id) == seq


async def test_trouble_is_told_in_traditional(talk: Talk, rasa: FakeRasa) -> None:
    rasa.answer = lambda turn: []
    await talk.say("請問可以退錢嗎")
    trouble = (await talk.settled())[-1]
    assert trouble["text"].startswith("抱歉，剛才系統出了點問題")
    assert [button["title"] for button in trouble["buttons"]] == ["再試一次", "轉人工"]


async def test_a_person_on_the_way_is_told_in_traditional(talk: Talk, rasa: FakeRasa) -> None:
    rasa.answer = lambda turn: []
    rasa.understood = {"failed_actions": ["action_contact_human"], "intent": "contact_human"}
    assert (await answer_to(talk, "請轉真人客服")).startswith("已經為您轉接人工")


async def test_a_delay_is_told_in_traditional(gateway: Gateway, rasa: FakeRasa) -> None:
    talk = await Talk.begin(await gateway(timings=HASTY))
    rasa.go_on.clear()
    await talk.say("請問可以退錢嗎")
    assert await talk.until("客服系統暫時連不上，您的訊息已經保存好了")
    rasa.go_on.set()
    assert (await talk.settled())[-1]["text"] == TRADITIONAL


async def test_a_file_is_acknowledged_in_traditional(talk: Talk) -> None:
    await answer_to(talk, "請問可以退錢嗎")
    form = FormData()
    form.add_field("file", a_png(), filename="收據.png", content_type="image/png")
    async with talk.web.post("/api/chat/attachments", data=form, headers=talk.headers) as response:
        assert response.status == 201, await response.text()
        file = (await response.json())["id"]
    await talk.post(
        "messages", {"id": "2" * 8 + "-2222-4222-8222-" + "2" * 12, "attachments": [file]}
    )
    assert (await talk.settled())[-1]["text"].startswith("文件收到了，已經和這次對話存在一起")


async def test_the_language_chosen_in_the_window_keeps_the_script(talk: Talk) -> None:
    await answer_to(talk, "請問可以退錢嗎")
    await talk.post("language", {"language": "en"})
    await talk.post("language", {"language": "zh"})
    assert (await talk.messages())[-1]["text"] == "好的，接下來我們用中文交流。"
