"""Pages, files, headers, limits and signs of life."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web as aio
from aiohttp.test_utils import TestClient
from sqlalchemy.ext.asyncio import AsyncEngine
from structlog.testing import capture_logs
from yarl import URL

from actions.settings import Settings
from actions.storage.engine import session_factory
from actions.storage.tables import HeartbeatRow
from bot.gateway import pages
from bot.gateway.errors import ChatError
from bot.gateway.keys import TRANSCRIPT
from bot.gateway.limits import Limiter
from tests.bot.gateway.conftest import Gateway
from tests.bot.gateway.fake_rasa import FakeRasa, reply
from tests.bot.gateway.talk import Talk

Web = TestClient[Any, Any]


# --- errors --------------------------------------------------------------------------------


@pytest.mark.parametrize(("language", "words"), [("zh", "没有这个页面"), ("en", "nothing at")])
async def test_a_missing_page_says_so_in_the_visitors_language(
    web: Web, language: str, words: str
) -> None:
    response = await web.get("/nothing", headers={"Accept-Language": language})
    assert response.status == 404
    assert words in await response.text()


async def test_a_fault_of_ours_shows_no_innards_and_logs_no_content(web: Web, talk: Talk) -> None:
    async def broken(*_: object) -> None:
        raise RuntimeError("secret words of a customer")

    web.app[TRANSCRIPT].after = broken
    with capture_logs() as logs:
        response = await web.get("/api/chat/messages", headers=talk.headers)
    body = await response.text()
    assert response.status == 500
    assert json.loads(body)["error"]["code"] == "internal_error"
    assert "secret words" not in body + str(logs)
    failed = [entry for entry in logs if entry["event"] == "request_failed"]
    assert failed[0]["request"] == response.headers["X-Request-Id"]


async def test_logs_hold_no_text_no_token_and_no_address(talk: Talk, rasa: FakeRasa) -> None:
    with capture_logs() as logs:
        rasa.answer = lambda turn: [reply("已经退到尾号 4242")]
        await talk.say("我的邮箱是 li@example.com")
        await talk.settled()
        await talk.web.get("/track/RF-SECRET?email=li@example.com")
    assert any(entry["event"] == "turn_answered" for entry in logs)
    for secret in ("li@example.com", "4242", talk.token, "RF-SECRET", "127.0.0.1"):
        assert secret not in str(logs)


# --- pages and files -----------------------------------------------------------------------


async def test_the_first_page_shows_both_brands_without_anything_inline(web: Web) -> None:
    response = await web.get("/", headers={"Accept-Language": "zh"})
    page = await response.text()
    assert response.status == 200
    assert "kuailian" in page
    assert "bitpie" in page
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=", page)


async def test_in_demo_mode_the_first_page_offers_sample_orders_of_the_brand_asked_for(
    gateway: Gateway, settings: Settings, web: Web
) -> None:
    shown = await (await web.get("/?brand=bitpie&lang=en")).text()
    assert "BP20260901001" in shown
    assert "KL20260901001" not in shown
    live = await gateway(replace(settings, mode="live"))
    assert "BP20260901001" not in await (await live.get("/?brand=bitpie")).text()


@pytest.mark.parametrize("brand", ["", "nobody", '"><script>', "a" * 3000])
async def test_an_unknown_brand_in_the_address_shows_the_first_and_nothing_of_itself(
    web: Web, brand: str
) -> None:
    response = await web.get("/", params={"brand": brand})
    assert response.status == 200
    assert not brand or brand not in await response.text()


async def test_files_are_served_with_an_etag_and_asked_for_again_by_it(
    web: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(pages.FOLDERS, "widget", tmp_path)
    (tmp_path / "refund-desk.js").write_text("export {};")
    first = await web.get("/widget/refund-desk.js")
    assert (first.status, await first.text()) == (200, "export {};")
    assert "javascript" in first.content_type
    again = await web.get(
        "/widget/refund-desk.js", headers={"If-None-Match": first.headers["ETag"]}
    )
    assert again.status == 304


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static/..%2fapp.py",
        "/static/%2fetc%2fpasswd",
        "/static/",
        "/static/nothing.css",
        "/widget/%00",
    ],
)
async def test_nothing_outside_the_folders_is_served(web: Web, path: str) -> None:
    response = await web.session.get(URL(f"{web.make_url('')}{path}", encoded=True))
    assert response.status == 404


# --- limits --------------------------------------------------------------------------------


async def test_too_many_sessions_from_one_address_are_put_off_politely(
    gateway: Gateway, settings: Settings
) -> None:
    web = await gateway(replace(settings, rate_limits=True))
    begun, body = 0, {"brand": "kuailian"}
    while (response := await web.post("/api/chat/sessions", json=body)).status == 201:
        begun += 1
    assert begun >= 30
    assert response.status == 429
    assert int(response.headers["Retry-After"]) >= 1
    message = (await response.json())["error"]["message"]
    assert message["zh"]
    assert message["en"]


async def test_one_busy_conversation_is_limited_and_others_are_not(
    gateway: Gateway, settings: Settings
) -> None:
    web = await gateway(replace(settings, rate_limits=True))
    busy, other = await Talk.begin(web), await Talk.begin(web)
    let_through = 0
    while (await busy.post("rating", {"stars": 5}))[0] == 200:
        let_through += 1
    assert let_through >= 60
    assert (await other.post("rating", {"stars": 5}))[0] == 200


def test_a_bucket_fills_again_with_time() -> None:
    now = [0.0]
    limiter = Limiter(60, now=lambda: now[0])
    for _ in range(60):
        limiter.take("a")
    with pytest.raises(ChatError) as refused:
        limiter.take("a")
    assert refused.value.headers == {"Retry-After": "1"}
    limiter.take("b")
    now[0] = 1.0
    limiter.take("a")
    with pytest.raises(ChatError):
        limiter.take("a")


# --- signs of life -------------------------------------------------------------------------


@pytest.fixture
async def actions_up(settings: Settings) -> AsyncIterator[None]:
    """An action server that says it is well."""

    async def health(_: aio.Request) -> aio.Response:
        return aio.json_response({"status": "ok"})

    app = aio.Application()
    app.router.add_get("/health", health)
    runner = aio.AppRunner(app)
    await runner.setup()
    await aio.TCPSite(runner, "127.0.0.1", settings.actions_port).start()
    yield
    await runner.cleanup()


async def beat(database: AsyncEngine, at: datetime) -> None:
    """The worker was alive then."""
    async with session_factory(database).begin() as session:
        await session.merge(HeartbeatRow(name="worker", at=at))


@pytest.mark.usefixtures("actions_up")
async def test_the_desk_is_ready_once_every_part_is(
    web: Web, database: AsyncEngine, rasa: FakeRasa
) -> None:
    response = await web.get("/readyz")
    assert response.status == 503
    parts = {"database": "ok", "rasa": "ok", "actions": "ok", "worker": "down"}
    assert await response.json() == {"ready": False, "components": parts}
    await beat(database, datetime.now(UTC))
    assert (await web.get("/readyz")).status == 200
    await beat(database, datetime(2026, 1, 1, tzinfo=UTC))
    assert (await web.get("/readyz")).status == 503
    await beat(database, datetime.now(UTC))
    await rasa.down()
    response = await web.get("/readyz")
    assert (response.status, (await response.json())["components"]["rasa"]) == (503, "down")


async def test_a_missing_action_server_is_named(web: Web) -> None:
    assert (await (await web.get("/readyz")).json())["components"]["actions"] == "down"
    assert (await web.get("/healthz")).status == 200


async def test_metrics_count_messages_and_waiting_streams(talk: Talk) -> None:
    await talk.say("你好")
    await talk.settled()
    async with talk.stream() as events:
        async for _ in events:
            break
        text = await (await talk.web.get("/metrics")).text()
    assert 'desk_messages_total{author="customer"} 1.0' in text
    assert 'desk_messages_total{author="bot"} 1.0' in text
    assert "desk_turn_seconds_count 1.0" in text
    assert "desk_waiting_streams 1.0" in text
