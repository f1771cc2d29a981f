"""The demo's mail travels by real SMTP and is shown to anybody, harmlessly."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Any

import aiosmtplib
import pytest
from aiohttp.test_utils import TestClient

from actions.settings import Settings
from tests.bot.gateway.conftest import Gateway

Web = TestClient[Any, Any]


async def send(settings: Settings, subject: str, text: str = "", html: str | None = None) -> None:
    """Send one mail as the worker would."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "desk@localhost", "li@example.com", subject
    mail.set_content(text)
    if html is not None:
        mail.add_alternative(html, subtype="html")
    await aiosmtplib.send(mail, hostname=settings.smtp_host, port=settings.smtp_port)


async def test_a_mail_sent_by_smtp_is_listed_newest_first(web: Web, settings: Settings) -> None:
    start = datetime.now(UTC)
    await send(settings, "验证码", "您的验证码是 482913。", "<p>您的验证码是 <b>482913</b>。</p>")
    await send(settings, "Second", "two")
    second, first = await (await web.get("/demo/mailbox.json")).json()
    assert set(first) == {"to", "subject", "text", "html", "at"}
    assert (first["to"], first["subject"]) == ("li@example.com", "验证码")
    assert first["text"].strip() == "您的验证码是 482913。"
    assert "<b>482913</b>" in first["html"]
    assert start <= datetime.fromisoformat(first["at"]) <= datetime.now(UTC)
    assert (second["subject"], second["html"]) == ("Second", None)


async def test_mail_outlives_a_restart(gateway: Gateway, settings: Settings) -> None:
    web = await gateway()
    await send(settings, "kept")
    await web.close()
    web = await gateway()
    assert [mail["subject"] for mail in await (await web.get("/demo/mailbox.json")).json()] == [
        "kept"
    ]


async def test_a_hostile_mail_is_shown_as_text(web: Web, settings: Settings) -> None:
    bad = "<script>alert(1)</script>"
    await send(settings, bad, bad, f"<img src=x onerror=alert(1)>{bad}")
    page = await (await web.get("/demo/mailbox")).text()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script" not in page
    assert "<img" not in page


async def test_a_mail_can_not_claim_to_be_for_somebody_else_or_from_another_time(
    web: Web, settings: Settings
) -> None:
    raw = b"X-Desk-Received-For: eve@example.com\r\nX-Desk-Received-At: 1999\r\n\r\nhi\r\n"
    client = aiosmtplib.SMTP(hostname=settings.smtp_host, port=settings.smtp_port)
    async with client:
        await client.sendmail("a@localhost", ["li@example.com", "han@example.com"], raw)
    (mail,) = await (await web.get("/demo/mailbox.json")).json()
    assert mail["to"] == "li@example.com, han@example.com"
    assert not mail["at"].startswith("1999")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe",
        b"Subject: =?nope?B?####?=\r\n\r\nhi",
        b"Content-Type: text/plain; charset=nope\r\n\r\n\xff\xfe",
        b"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n",
        b"Content-Type: text/plain; charset=utf-8\r\n\r\n\xff",
    ],
)
async def test_a_broken_mail_does_not_break_the_mailbox(
    web: Web, settings: Settings, raw: bytes
) -> None:
    client = aiosmtplib.SMTP(hostname=settings.smtp_host, port=settings.smtp_port)
    async with client:
        await client.sendmail("a@localhost", ["li@example.com"], raw)
    await send(settings, "good")
    response = await web.get("/demo/mailbox.json")
    assert response.status == 200
    assert [mail["to"] for mail in await response.json()] == ["li@example.com"] * 2
    assert (await web.get("/demo/mailbox")).status == 200


@pytest.mark.parametrize(("language", "words"), [("zh", "演示邮箱"), ("en", "Demo mailbox")])
async def test_the_mailbox_is_bilingual_and_loudly_a_demo(
    web: Web, language: str, words: str
) -> None:
    by_header = await (await web.get("/demo/mailbox", headers={"Accept-Language": language})).text()
    by_query = await (await web.get(f"/demo/mailbox?lang={language}")).text()
    assert words in by_header
    assert words in by_query
    assert ("演示模式" if language == "zh" else "Demo mode") in by_header


async def test_in_live_mode_there_is_no_mailbox_and_no_mail_server(
    gateway: Gateway, settings: Settings
) -> None:
    web = await gateway(replace(settings, mode="live"))
    assert (await web.get("/demo/mailbox")).status == 404
    assert (await web.get("/demo/mailbox.json")).status == 404
    with pytest.raises(aiosmtplib.SMTPConnectError):
        await send(settings, "nobody listens")
