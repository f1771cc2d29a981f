"""The chat API as a stranger meets it: what it takes, what it refuses, and in which words."""

from __future__ import annotations

import asyncio
import json
import uuid
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from actions.domain.events import Actor, Role
from actions.domain.ticket import TicketStatus
from bot.gateway.keys import DESK
from tests.bot.gateway.fake_rasa import FakeRasa, reply
from tests.bot.gateway.talk import Talk

Web = TestClient[Any, Any]
SESSIONS, MESSAGES = "/api/chat/sessions", "/api/chat/messages"


async def refusal(response: Any) -> tuple[int, str]:
    """The status and the code; every refusal is said in both languages."""
    error = (await response.json())["error"]
    assert error["message"]["zh"]
    assert error["message"]["en"]
    assert set(error) == {"code", "message"}
    return response.status, error["code"]


# --- beginning -----------------------------------------------------------------------------


async def test_a_conversation_begins_with_a_greeting_numbered_1(talk: Talk) -> None:
    (greeting,) = await talk.messages()
    assert (greeting["seq"], greeting["author"], greeting["reply_to"]) == (1, "bot", None)
    assert greeting["text"]
    assert set(greeting) == {"seq", "author", "text", "buttons", "attachments", "at", "reply_to"}


async def test_a_page_knows_its_own_messages_by_their_ids(talk: Talk) -> None:
    id = str(uuid.uuid4())
    seq = await talk.say("你好", id=id)
    assert [m.get("id") for m in await talk.settled() if m["seq"] == seq] == [id]


async def test_nothing_is_pending_before_the_customer_speaks(talk: Talk) -> None:
    assert (await talk.page())["pending"] is False


@pytest.mark.parametrize(
    ("given", "header", "chinese"),
    [
        ("en", "zh-CN", False),
        ("zh", "en-US,en", True),
        (None, "en-GB,en;q=0.9,zh;q=0.8", False),
        (None, "fr,zh-TW;q=0.9,en;q=0.4", True),
        (None, "fr", True),
        (None, "en;q=0", True),
    ],
)
async def test_the_greeting_is_in_the_language_given_or_else_preferred_or_else_chinese(
    web: Web, given: str | None, header: str, chinese: bool
) -> None:
    response = await web.post(
        SESSIONS, json={"brand": "bitpie", "language": given}, headers={"Accept-Language": header}
    )
    begun = await response.json()
    (greeting,) = await Talk(web, begun["token"], begun["conversation"]).messages()
    assert any("\u4e00" <= character <= "\u9fff" for character in greeting["text"]) is chinese


async def test_ids_and_tokens_are_random_and_never_the_browsers_choice(web: Web) -> None:
    body = {"brand": "kuailian", "conversation": "mine", "token": "mine"}
    first = await (await web.post(SESSIONS, json=body)).json()
    second = await (await web.post(SESSIONS, json=body)).json()
    assert len({first["conversation"], second["conversation"], "mine"}) == 3
    assert len({first["token"], second["token"], "mine"}) == 3


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "bad_field"),
        ({"brand": None}, "bad_field"),
        ({"brand": 7}, "bad_field"),
        ({"brand": ["kuailian"]}, "bad_field"),
        ({"brand": "nobody"}, "unknown_brand"),
        ({"brand": "kuailian", "language": "fr"}, "bad_field"),
        ({"brand": "kuailian", "language": ["zh"]}, "bad_field"),
        ({"brand": "kuailian", "language": 1}, "bad_field"),
        ({"brand": "kuailian", "identity": "ey.ey.ey"}, "identity_not_accepted"),
        ({"brand": "kuailian", "identity": {}}, "identity_not_accepted"),
        ([], "bad_body"),
        ("kuailian", "bad_body"),
        (7, "bad_body"),
    ],
)
async def test_a_session_that_makes_no_sense_is_refused(web: Web, body: object, code: str) -> None:
    assert await refusal(await web.post(SESSIONS, json=body)) == (400, code)


@pytest.mark.parametrize("raw", [b"", b"{", b"brand=kuailian", b"[" * 60_000, b'{"a": 1e}'])
async def test_a_body_that_is_not_json_is_refused(web: Web, raw: bytes) -> None:
    response = await web.post(SESSIONS, data=raw, headers={"Content-Type": "application/json"})
    assert await refusal(response) == (400, "bad_json")


async def test_a_form_is_refused_as_the_wrong_content_type(web: Web) -> None:
    response = await web.post(SESSIONS, data={"brand": "kuailian"})
    assert await refusal(response) == (415, "wrong_content_type")


async def test_unknown_addresses_and_methods_are_refused_in_json(web: Web) -> None:
    assert await refusal(await web.get("/api/chat/nothing")) == (404, "not_found")
    response = await web.put(MESSAGES, json={})
    assert await refusal(response) == (405, "wrong_method")
    assert "POST" in response.headers["Allow"]


# --- who is speaking -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer ", "Bearer nonsense", "Basic abc", "Bearer \u00e9"]
)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "messages"),
        ("GET", "messages"),
        ("GET", "stream"),
        ("POST", "language"),
        ("POST", "rating"),
    ],
)
async def test_without_a_good_token_every_route_says_the_same(
    web: Web, header: str | None, method: str, path: str
) -> None:
    headers = {} if header is None else {"Authorization": header}
    response = await web.request(method, f"/api/chat/{path}", headers=headers)
    assert await refusal(response) == (401, "not_signed_in")


async def test_a_token_in_the_address_is_not_looked_at(web: Web, talk: Talk) -> None:
    response = await web.get("/api/chat/stream", params={"token": talk.token})
    assert await refusal(response) == (401, "not_signed_in")


async def test_a_token_opens_its_own_conversation_and_no_other(web: Web, talk: Talk) -> None:
    other = await Talk.begin(web)
    await talk.say("我的订单是 KL20260901001")
    await talk.settled()
    assert [message["author"] for message in await other.messages()] == ["bot"]


async def test_the_token_is_not_in_the_database(talk: Talk, settings: Any) -> None:
    await talk.say("你好")
    await talk.settled()
    files = [path.read_bytes() for path in settings.home.glob("desk.db*")]
    assert any(talk.conversation.encode() in content for content in files)
    assert not any(talk.token.encode() in content for content in files)


# --- speaking ------------------------------------------------------------------------------


async def test_a_message_is_stored_acknowledged_and_answered(talk: Talk, rasa: FakeRasa) -> None:
    assert await talk.say("我要退款") == 2
    said, answer = (await talk.settled())[1:]
    assert (said["author"], said["text"]) == ("customer", "我要退款")
    assert (answer["author"], answer["text"]) == ("bot", "re: 我要退款")
    assert (answer["seq"], answer["reply_to"]) == (3, 2)
    assert rasa.turns[0]["brand"] == "kuailian"
    assert rasa.turns[0]["language"] == "zh"
    assert rasa.turns[0]["language_locked"] is False
    assert rasa.turns[0]["conversation"] == talk.conversation


async def test_the_same_id_20_times_at_once_is_one_message_with_one_answer(
    talk: Talk, rasa: FakeRasa
) -> None:
    id = str(uuid.uuid4())
    numbers = await asyncio.gather(*(talk.say("我要退款", id=id) for _ in range(20)))
    assert set(numbers) == {2}
    assert await talk.say("我要退款", id=id.upper()) == 2
    assert len(await talk.settled()) == 3
    assert rasa.texts() == ["我要退款"]


async def test_the_same_id_with_other_content_is_refused(talk: Talk) -> None:
    id = str(uuid.uuid4())
    await talk.say("好", id=id)
    async with talk.web.post(
        MESSAGES, json={"id": id, "text": "不好"}, headers=talk.headers
    ) as response:
        assert await refusal(response) == (409, "message_differs")
    assert [m["text"] for m in await talk.settled()][1:] == ["好", "re: 好"]


async def test_two_conversations_may_use_the_same_id(web: Web, talk: Talk) -> None:
    id = str(uuid.uuid4())
    await talk.say("一", id=id)
    assert await (await Talk.begin(web)).say("二", id=id) == 2


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"text": "hi"}, 400, "bad_field"),
        ({"id": "1", "text": "hi"}, 400, "bad_field"),
        ({"id": 1, "text": "hi"}, 400, "bad_field"),
        ({"id": "{%s}", "text": "hi"}, 400, "bad_field"),
        ({"id": "%s"}, 400, "text_or_button"),
        ({"id": "%s", "text": "hi", "button": "b-1"}, 400, "text_or_button"),
        ({"id": "%s", "text": 5}, 400, "bad_field"),
        ({"id": "%s", "text": ["hi"]}, 400, "bad_field"),
        ({"id": "%s", "text": "  \n"}, 400, "empty_message"),
        ({"id": "%s", "button": 5}, 400, "bad_field"),
        ({"id": "%s", "button": "b-made-up"}, 400, "unknown_button"),
        ({"id": "%s", "button": "/confirm_refund"}, 400, "unknown_button"),
        ({"id": "%s", "text": "hi", "attachments": ["a-1"]}, 400, "unknown_attachment"),
        ({"id": "%s", "text": "hi", "attachments": "a-1"}, 400, "bad_field"),
        ({"id": "%s", "text": "字" * 4001}, 413, "text_too_long"),
    ],
)
async def test_a_message_that_makes_no_sense_is_refused_and_not_stored(
    talk: Talk, body: dict[str, Any], status: int, code: str
) -> None:
    raw = json.dumps(body).replace("%s", str(uuid.uuid4()))
    headers = talk.headers | {"Content-Type": "application/json"}
    async with talk.web.post(MESSAGES, data=raw, headers=headers) as response:
        assert await refusal(response) == (status, code)
    assert len(await talk.messages()) == 1


async def test_4000_characters_are_taken_whatever_they_are(talk: Talk) -> None:
    text = "\U0001f600" * 4000
    await talk.say(text)
    assert (await talk.settled())[1]["text"] == text


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_body_above_64_kb_is_refused_and_not_stored(talk: Talk, chunked: bool) -> None:
    raw = json.dumps({"id": str(uuid.uuid4()), "text": "hi", "pad": "x" * 65_536}).encode()

    async def in_parts() -> Any:
        for start in range(0, len(raw), 8192):
            yield raw[start : start + 8192]

    headers = talk.headers | {"Content-Type": "application/json"}
    data = in_parts() if chunked else raw
    async with talk.web.post(MESSAGES, data=data, headers=headers) as response:
        assert await refusal(response) == (413, "body_too_large")
    assert len(await talk.messages()) == 1


@pytest.mark.parametrize(
    ("sent", "stored"),
    [
        (b"a\xffb", "a\ufffdb"),
        (b"a\xe4\xbdb", "a\ufffdb"),
        (b"a\x00b", "a\ufffdb"),
        (b"a\\u0000b", "a\ufffdb"),
        (b"a\\ud800b", "a\ufffdb"),
        (b"\\ud83d\\ude00", "\U0001f600"),
    ],
)
async def test_nul_and_broken_utf8_are_stored_as_the_replacement_character(
    talk: Talk, sent: bytes, stored: str
) -> None:
    raw = b'{"id": "%s", "text": "%s"}' % (str(uuid.uuid4()).encode(), sent)
    headers = talk.headers | {"Content-Type": "application/json"}
    async with talk.web.post(MESSAGES, data=raw, headers=headers) as response:
        assert response.status == 202
    assert (await talk.settled())[1]["text"] == stored


async def test_a_leading_slash_is_stored_as_said_and_sent_as_text(
    talk: Talk, rasa: FakeRasa
) -> None:
    await talk.say('/inform_order{"order_number": "X"}')
    assert (await talk.settled())[1]["text"] == '/inform_order{"order_number": "X"}'
    assert rasa.turns[0]["text"] == '/inform_order{"order_number": "X"}'
    assert "payload" not in rasa.turns[0]


async def test_a_pressed_button_shows_its_title_and_sends_its_payload(
    talk: Talk, rasa: FakeRasa
) -> None:
    rasa.answer = lambda turn: [reply("确认吗?", ("确认", "/affirm"), ("不用了", "/deny"))]
    await talk.say("退款")
    await talk.settled()
    await talk.press("确认")
    pressed = (await talk.settled())[3]
    assert (pressed["author"], pressed["text"]) == ("customer", "确认")
    assert (rasa.turns[1]["payload"], rasa.turns[1]["text"]) == ("/affirm", "确认")


async def test_what_a_button_stands_for_is_never_shown(talk: Talk, rasa: FakeRasa) -> None:
    rasa.answer = lambda turn: [reply("确认吗?", ("确认", "/affirm"))]
    await talk.say("退款")
    (button,) = (await talk.settled())[2]["buttons"]
    assert set(button) == {"id", "title"}
    assert "affirm" not in button["id"]


async def test_a_button_of_another_conversation_is_unknown(
    web: Web, talk: Talk, rasa: FakeRasa
) -> None:
    rasa.answer = lambda turn: [reply("确认吗?", ("确认", "/affirm"))]
    await talk.say("退款")
    (button,) = (await talk.settled())[2]["buttons"]
    other = await Talk.begin(web)
    status, answer = await other.post("messages", {"id": str(uuid.uuid4()), "button": button["id"]})
    assert (status, answer["error"]["code"]) == (400, "unknown_button")


# --- language and rating -------------------------------------------------------------------


async def test_choosing_a_language_is_said_in_it_once_and_told_to_rasa(
    talk: Talk, rasa: FakeRasa
) -> None:
    assert await talk.post("language", {"language": "en"}) == (200, {"language": "en"})
    assert await talk.post("language", {"language": "en"}) == (200, {"language": "en"})
    (said,) = (await talk.messages())[1:]
    assert said["author"] == "system"
    assert "English" in said["text"]
    await talk.say("我要退款")
    await talk.settled()
    assert (rasa.turns[0]["language"], rasa.turns[0]["language_locked"]) == ("en", True)


async def test_a_choice_of_language_made_while_rasa_thinks_is_kept(
    talk: Talk, rasa: FakeRasa
) -> None:
    rasa.go_on.clear()
    await talk.say("我要退款")
    await rasa.asked.wait()
    await talk.post("language", {"language": "en"})
    rasa.go_on.set()
    await talk.settled()
    await talk.say("再问一次")
    await talk.settled()
    assert rasa.turns[1]["language"] == "en"


async def test_the_conversation_goes_on_in_the_language_rasa_heard(
    talk: Talk, rasa: FakeRasa
) -> None:
    rasa.understood = {"language": "en"}
    await talk.say("I want my money back")
    await talk.settled()
    await talk.say("KL20260901001")
    await talk.settled()
    assert [turn["language"] for turn in rasa.turns] == ["zh", "en"]


async def test_a_wish_for_a_language_said_in_the_chat_counts_even_after_a_choice(
    talk: Talk, rasa: FakeRasa
) -> None:
    await talk.post("language", {"language": "en"})
    rasa.understood = {"language": "en", "slots": {"language": "zh"}}
    await talk.say("请说中文")
    await talk.settled()
    await talk.say("好")
    await talk.settled()
    assert [turn["language"] for turn in rasa.turns] == ["en", "zh"]


@pytest.mark.parametrize("body", [{}, {"language": None}, {"language": "fr"}, {"language": []}])
async def test_a_language_that_is_not_ours_is_refused(talk: Talk, body: Any) -> None:
    status, answer = await talk.post("language", body)
    assert (status, answer["error"]["code"]) == (400, "bad_field")
    assert len(await talk.messages()) == 1


@pytest.mark.parametrize("stars", [0, 6, 4.5, True, "5", None])
async def test_a_rating_is_one_to_five_whole_stars(talk: Talk, stars: Any) -> None:
    status, answer = await talk.post("rating", {"stars": stars})
    assert (status, answer["error"]["code"]) == (400, "bad_field")
    assert (await talk.post("rating", {"stars": 5, "comment": "很快"}))[0] == 200


# --- reading -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    ["after=-1", "after=x", "after=1.5", "wait=-1", "wait=nan", "wait=inf", "after=" + "9" * 30],
)
async def test_a_query_that_makes_no_sense_is_refused(talk: Talk, query: str) -> None:
    async with talk.web.get(f"{MESSAGES}?{query}", headers=talk.headers) as response:
        assert await refusal(response) == (400, "bad_query")


async def test_after_leaves_out_what_was_read(talk: Talk) -> None:
    await talk.say("你好")
    await talk.settled()
    assert [message["seq"] for message in (await talk.page(after=2))["messages"]] == [3]
    assert (await talk.page(after=99))["messages"] == []


async def test_a_waiting_reader_gets_the_answer_as_soon_as_it_is_there(
    talk: Talk, rasa: FakeRasa
) -> None:
    rasa.go_on.clear()
    seq = await talk.say("你好")
    waiting = asyncio.create_task(talk.page(after=seq, wait=30))
    await rasa.asked.wait()
    rasa.go_on.set()
    page = await asyncio.wait_for(waiting, 5)
    assert [message["seq"] for message in page["messages"]] == [3]
    assert page["pending"] is False


async def test_many_readers_of_one_conversation_are_all_served(talk: Talk) -> None:
    waiting = [asyncio.create_task(talk.page(after=2, wait=30)) for _ in range(50)]
    await talk.say("你好")
    pages = await asyncio.wait_for(asyncio.gather(*waiting), 10)
    assert {page["messages"][0]["text"] for page in pages} == {"re: 你好"}


async def test_a_reader_waits_no_longer_than_asked(talk: Talk) -> None:
    page = await asyncio.wait_for(talk.page(after=1, wait=0.1), 5)
    assert page == {"messages": [], "pending": False}


async def test_what_a_customer_writes_sets_a_waiting_ticket_s_clock_going(
    talk: Talk, web: Web
) -> None:
    wang = Actor(Role.AGENT, "wang")
    tickets = web.server.app[DESK].tickets
    handed = await tickets.hand_over(talk.conversation, "kuailian", language="zh", reason="asked")
    await tickets.claim(handed.id, by=wang)
    await tickets.wait_on_customer(handed.id, by=wang)
    await talk.say("截图发给您了")
    assert (await tickets.get(handed.id)).status is TicketStatus.CLAIMED
