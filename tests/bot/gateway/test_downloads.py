"""Files from outside are saved under a safe name, and can neither run nor be framed."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from actions.settings import Settings
from bot.gateway import headers
from bot.gateway.downloads import BYTES, disposition, download, safe_name
from bot.gateway.keys import SETTINGS
from bot.gateway.web import add_headers

PAGE = b"<html><script>alert(1)</script></html>"


@pytest.fixture
async def shelf(settings: Settings, tmp_path: Path) -> AsyncIterator[TestClient[Any, Any]]:
    """A server that gives out files, with the gateway's own last touch on every answer."""
    kept = tmp_path / "kept"
    kept.write_bytes(PAGE)

    async def give(request: web.Request) -> web.StreamResponse:
        content = kept if request.query.get("from") == "disk" else PAGE
        return download(content, request.query["name"], request.query["type"])

    app = web.Application()
    app[SETTINGS] = replace(settings, public_url="https://desk.example.com")
    app.router.add_get("/file", give)
    app.on_response_prepare.append(add_headers)
    async with TestClient(TestServer(app)) as client:
        yield client


@pytest.mark.parametrize("source", ["disk", "memory"])
@pytest.mark.parametrize(
    "kind", ["text/html", "image/svg+xml", "application/xhtml+xml", "text/xml"]
)
async def test_what_a_browser_could_run_is_sent_as_bytes_to_be_saved(
    shelf: TestClient[Any, Any], source: str, kind: str
) -> None:
    query = {"name": "bill.html", "type": kind, "from": source}
    response = await shelf.get("/file", params=query)
    assert await response.read() == PAGE
    assert response.content_type == BYTES
    assert response.headers["Content-Disposition"].startswith('attachment; filename="bill.bin"')
    assert response.headers["Content-Security-Policy"] == headers.DOWNLOAD_POLICY
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "no-store" in response.headers["Cache-Control"]


async def test_a_picture_keeps_its_type_and_is_saved_all_the_same(
    shelf: TestClient[Any, Any],
) -> None:
    query = {"name": "付款截图.png", "type": "image/png"}
    response = await shelf.get("/file", params=query)
    assert response.content_type == "image/png"
    assert "attachment" in response.headers["Content-Disposition"]
    assert response.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")


@pytest.mark.parametrize(
    ("name", "kind", "saved"),
    [
        ("付款截图.PNG", "image/png", "付款截图.png"),
        ("../../etc/passwd", "application/pdf", "passwd.pdf"),
        ("C:\\windows\\a.pdf", "application/pdf", "a.pdf"),
        ("invoice.pdf.html", "application/pdf", "invoice.pdf"),
        ("page.svg", "image/png", "page.png"),
        ("\u202egnp.exe", "image/png", "gnp.png"),
        ('a"\r\nSet-Cookie: x=1.png', "image/png", "a_Set-Cookie_ x=1.png"),
        (".htaccess", "image/png", "htaccess.png"),
        ("", "image/png", "file.png"),
        ("\x00\u200b", "image/jpeg", "file.jpg"),
        ("x" * 500, "image/png", "x" * 120 + ".png"),
    ],
)
def test_a_file_is_saved_under_a_harmless_name(name: str, kind: str, saved: str) -> None:
    assert safe_name(name, kind) == saved
    header = disposition(name, kind)
    assert "\r" not in header
    assert "\n" not in header
    assert header.isascii()
    assert header.count('"') == 2
