"""Every answer carries the security headers of its kind, whoever made it."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from aiohttp.test_utils import TestClient
from structlog.testing import capture_logs

from actions.settings import Settings
from bot.gateway.headers import HEADERS, NOTHING, PAGE_POLICY, STRICT_TRANSPORT
from bot.gateway.keys import TRANSCRIPT
from tests.bot.gateway.conftest import Gateway
from tests.bot.gateway.talk import Talk

Web = TestClient[Any, Any]


def assert_safe(headers: Mapping[str, str], policy: str) -> None:
    """All of them, with this content policy."""
    assert headers["Content-Security-Policy"] == policy
    for name, value in HEADERS.items():
        assert headers[name] == value, name
    assert "aiohttp" not in str(headers).lower()
    assert "python" not in str(headers).lower()


@pytest.mark.parametrize("path", ["/", "/demo/mailbox", "/nothing", "/%00", "/chat/nobody"])
async def test_a_page_loads_and_runs_only_what_is_ours(web: Web, path: str) -> None:
    headers = (await web.get(path)).headers
    assert_safe(headers, PAGE_POLICY)
    assert "unsafe" not in PAGE_POLICY
    assert "frame-ancestors 'none'" in PAGE_POLICY
    assert re.fullmatch("[0-9a-f]{16}", headers["X-Request-Id"])


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/healthz"),
        ("GET", "/readyz"),
        ("GET", "/metrics"),
        ("GET", "/api/openapi.json"),
        ("GET", "/api/chat/messages"),
        ("GET", "/api/nothing"),
        ("POST", "/api/chat/sessions"),
        ("DELETE", "/api/chat/sessions"),
        ("TRACE", "/api/chat/sessions"),
        ("GET", "/static/pages.css"),
        ("GET", "/demo/mailbox.json"),
    ],
)
async def test_data_loads_nothing_should_it_be_shown_as_a_page(
    web: Web, method: str, path: str
) -> None:
    headers = (await web.request(method, path)).headers
    assert_safe(headers, NOTHING)
    assert headers["Cache-Control"] in ("no-store", "no-cache")


async def test_the_event_stream_and_a_fault_of_ours_carry_them_too(web: Web, talk: Talk) -> None:
    async with web.get("/api/chat/stream", headers=talk.headers) as response:
        assert_safe(response.headers, NOTHING)

    async def broken(*_: object) -> None:
        raise RuntimeError

    web.app[TRANSCRIPT].after = broken
    async with web.get("/api/chat/messages", headers=talk.headers) as response:
        assert response.status == 500
        assert_safe(response.headers, NOTHING)


@pytest.mark.parametrize("path", ["/", "/healthz", "/nothing", "/static/pages.css"])
async def test_behind_tls_browsers_are_told_to_stay_there_for_a_year(
    gateway: Gateway, settings: Settings, web: Web, path: str
) -> None:
    live = replace(settings, mode="live", public_url="https://desk.example.com")
    secured = await gateway(live)
    assert (await secured.get(path)).headers["Strict-Transport-Security"] == STRICT_TRANSPORT
    assert STRICT_TRANSPORT == "max-age=31536000"
    assert "Strict-Transport-Security" not in (await web.get(path)).headers


@pytest.mark.parametrize(
    "sent",
    [
        b"rubbish\r\n\r\n",
        b"GET /who/li@example.com HTTP/9.9\r\n\r\n",
        b"G@T /who/li@example.com HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET /" + b"li@example.com" * 2000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"li@example.com" * 2000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nli@example.com\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: li@example.com\r\n\r\n",
    ],
)
async def test_what_the_server_itself_refuses_says_and_logs_nothing_of_it(
    web: Web, sent: bytes
) -> None:
    with capture_logs() as logs:
        answer = await raw(web, sent)
    assert answer.startswith(b"HTTP/1.1 400 ") or answer.startswith(b"HTTP/1.0 400 ")
    assert b'"code": "bad_request"' in answer
    assert "li@example" not in answer.decode("latin-1") + str(logs)
    assert "127.0.0.1" not in str(logs)
    head = dict(
        line.split(": ", 1) for line in answer.decode().split("\r\n\r\n")[0].split("\r\n")[1:]
    )
    assert_safe(head, NOTHING)


async def raw(web: Web, sent: bytes) -> bytes:
    """Send bytes as they are, and read until the server closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", web.port)
    writer.write(sent)
    try:
        return await asyncio.wait_for(reader.read(), 10)
    finally:
        writer.close()


# --- no cookies ----------------------------------------------------------------------------


async def test_no_route_of_the_chat_reads_or_sets_a_cookie_so_none_can_be_ridden(
    web: Web, talk: Talk
) -> None:
    """Another site's form can't speak for a customer: what it makes browsers send opens nothing."""
    cookies = {"Cookie": f"token={talk.token}; session={talk.token}; Authorization={talk.token}"}
    for route in web.app.router.routes():
        path = route.resource.canonical if route.resource else ""
        if path.startswith("/api/chat/") and path != "/api/chat/sessions":
            response = await web.request(route.method, path, headers=cookies)
            assert response.status == 401, path
            assert "Set-Cookie" not in response.headers
    begun = await web.post("/api/chat/sessions", json={"brand": "kuailian"}, headers=cookies)
    assert "Set-Cookie" not in begun.headers


@pytest.mark.parametrize(
    "kind",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", None],
)
async def test_a_plain_form_of_another_site_is_no_request(
    web: Web, talk: Talk, kind: str | None
) -> None:
    headers = talk.headers | ({"Content-Type": kind} if kind else {})
    for path in ("sessions", "messages", "language", "rating"):
        response = await web.post(
            f"/api/chat/{path}", data=b'{"brand": "kuailian"}', headers=headers
        )
        assert response.status == 415, path


# --- metrics -------------------------------------------------------------------------------


async def test_metrics_are_for_those_who_have_the_secret(
    gateway: Gateway, settings: Settings
) -> None:
    live = await gateway(replace(settings, mode="live"))
    refused = await live.get("/metrics", headers={"Authorization": "Bearer "})
    assert refused.status == 401
    assert (await refused.json())["error"]["code"] == "secret_needed"
    assert "desk_" not in await refused.text()
    for mode in ("live", "demo"):
        closed = await gateway(replace(settings, mode=mode, metrics_secret="s3cret" * 8))
        right = {"Authorization": "Bearer " + "s3cret" * 8}
        assert (await closed.get("/metrics", headers=right)).status == 200
        for wrong in ({}, {"Authorization": "Bearer wrong"}, {"X-Forwarded-For": "127.0.0.1"}):
            assert (await closed.get("/metrics", headers=wrong)).status == 401


async def test_metrics_hold_numbers_and_nothing_of_anybody(web: Web, talk: Talk) -> None:
    await talk.say("我的邮箱是 li@example.com")
    await talk.settled()
    text = await (await web.get("/metrics")).text()
    for personal in ("li@example", talk.token, talk.conversation, "127.0.0.1"):
        assert personal not in text
    labels = set(re.findall(r'(\w+)="', text))
    assert labels <= {"brand", "author", "le"}
