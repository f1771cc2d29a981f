"""Which sites may carry the chat, call it, load the widget and frame its page."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from actions.settings import Settings
from bot.gateway import pages
from bot.gateway.origins import EXPOSED, METHODS, origin_of
from tests.bot.gateway.conftest import Gateway
from tests.bot.gateway.talk import Talk

Web = TestClient[Any, Any]
KUAILIAN, BITPIE = "https://www.kuailian.example", "https://help.bitpie.example"
DESK = "https://desk.example.com"
STRANGERS = [
    "https://evil.example",
    "http://www.kuailian.example",
    "https://www.kuailian.example.evil.example",
    "https://www.kuailian.example:8443",
    "https://kuailian.example",
    "http://127.0.0.1.evil.example",
    "http://localhost.evil.example",
    "http://[::1",
    "null",
    "*",
    "",
]


@pytest.fixture
async def live(gateway: Gateway, settings: Settings) -> Web:
    """A desk as customers meet it."""
    return await gateway(replace(settings, mode="live", public_url=DESK))


async def begin(web: Web, origin: str | None, brand: str = "kuailian") -> tuple[int, Any]:
    """Begin a conversation from a page of this origin."""
    headers = {} if origin is None else {"Origin": origin}
    response = await web.post("/api/chat/sessions", json={"brand": brand}, headers=headers)
    return response.status, await response.json()


@pytest.mark.parametrize("origin", [None, DESK, KUAILIAN, "https://help.kuailian.example"])
async def test_a_conversation_begins_on_the_brands_sites_and_ours(
    live: Web, origin: str | None
) -> None:
    assert (await begin(live, origin))[0] == 201


@pytest.mark.parametrize("origin", [*STRANGERS, BITPIE, "http://localhost:3000"])
async def test_a_conversation_does_not_begin_anywhere_else(live: Web, origin: str) -> None:
    status, body = await begin(live, origin)
    assert status == 403
    assert body["error"]["code"] == "site_not_listed"
    assert body["error"]["message"]["zh"]
    assert body["error"]["message"]["en"]


async def test_the_host_header_makes_no_site_ours(live: Web) -> None:
    headers = {"Origin": "https://evil.example", "Host": "evil.example"}
    headers |= {"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    body = {"brand": "kuailian"}
    assert (await live.post("/api/chat/sessions", json=body, headers=headers)).status == 403
    page = await (await live.get("/", headers=headers)).text()
    assert "evil.example" not in page


@pytest.mark.parametrize(
    "origin", ["http://localhost:3000", "http://127.0.0.1:5500", "http://[::1]"]
)
async def test_a_demo_may_be_tried_from_pages_on_this_machine(web: Web, origin: str) -> None:
    assert (await begin(web, origin))[0] == 201


@pytest.mark.parametrize("origin", [KUAILIAN, BITPIE, DESK])
async def test_a_listed_site_may_ask_and_read_without_credentials(live: Web, origin: str) -> None:
    asking = {
        "Origin": origin,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    asked = await live.options("/api/chat/messages", headers=asking)
    assert asked.status == 204
    assert asked.headers["Access-Control-Allow-Methods"] == METHODS
    assert "Authorization" in asked.headers["Access-Control-Allow-Headers"]
    answered = await live.get("/api/chat/messages", headers={"Origin": origin})
    for headers in (asked.headers, answered.headers):
        assert headers["Access-Control-Allow-Origin"] == origin
        assert headers["Access-Control-Expose-Headers"] == EXPOSED
        assert "Access-Control-Allow-Credentials" not in headers
        assert "Origin" in headers["Vary"]


@pytest.mark.parametrize("origin", STRANGERS)
async def test_no_other_site_may(live: Web, origin: str) -> None:
    asking = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    asked = await live.options("/api/chat/messages", headers=asking)
    assert asked.status == 403
    talk = await Talk.begin(live)
    read = await live.get("/api/chat/messages", headers={"Origin": origin, **talk.headers})
    stream = await live.get("/api/chat/stream", headers={"Origin": origin, **talk.headers})
    stream.close()
    for answer in (asked, read, stream):
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert "Origin" in answer.headers["Vary"]


async def test_what_is_not_the_chat_is_for_no_other_site(live: Web) -> None:
    asking = {"Origin": KUAILIAN, "Access-Control-Request-Method": "GET"}
    for path in ("/", "/metrics", "/healthz", "/api/openapi.json", "/static/pages.css"):
        assert (await live.options(path, headers=asking)).status == 405
        answer = await live.get(path, headers=asking)
        assert "Access-Control-Allow-Origin" not in answer.headers
        assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"


async def test_listed_sites_may_load_the_widget(
    live: Web, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(pages.FOLDERS, "widget", tmp_path)
    for name in ("refund-desk.js", "page.css"):
        (tmp_path / name).write_text("")
    ours = await live.get("/widget/refund-desk.js", headers={"Origin": KUAILIAN})
    assert ours.headers["Access-Control-Allow-Origin"] == KUAILIAN
    assert ours.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    theirs = await live.get("/widget/refund-desk.js", headers={"Origin": "https://evil.example"})
    assert "Access-Control-Allow-Origin" not in theirs.headers
    styles = await live.get("/widget/page.css", headers={"Origin": KUAILIAN})
    assert styles.headers["Cross-Origin-Resource-Policy"] == "same-origin"


# --- the page for frames -------------------------------------------------------------------


@pytest.mark.parametrize("brand", ["kuailian", "bitpie"])
async def test_only_the_brands_own_sites_may_frame_its_chat(live: Web, brand: str) -> None:
    response = await live.get(f"/chat/{brand}")
    assert response.status == 200
    policy = response.headers["Content-Security-Policy"]
    sites = f"https://www.{brand}.example https://help.{brand}.example"
    assert policy.endswith(f"frame-ancestors 'self' {sites}")
    assert "unsafe" not in policy
    assert "X-Frame-Options" not in response.headers
    assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("path", ["/", "/chat/nobody", "/chat/", "/chat/kuailian/x", "/nothing"])
async def test_no_other_page_may_be_framed(live: Web, path: str) -> None:
    headers = (await live.get(path)).headers
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize(
    ("language", "lang", "words"),
    [("zh", "zh-CN", "快连VPN · 在线客服"), ("en", "en", "Chat with us")],
)
async def test_the_chat_alone_speaks_the_language_asked_for(
    live: Web, language: str, lang: str, words: str
) -> None:
    page = await (await live.get(f"/chat/kuailian?lang={language}")).text()
    assert f'<html lang="{lang}">' in page
    assert words in page
    assert f'data-language="{language}"' in page
    assert "<script>" not in page
    assert " style=" not in page


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://Desk.example.com", "https://desk.example.com"),
        ("https://desk.example.com:443/x", "https://desk.example.com"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://[::1]:80", "http://[::1]"),
    ],
)
def test_an_address_is_written_as_browsers_write_an_origin(url: str, origin: str) -> None:
    assert origin_of(url) == origin
