"""Files in a chat: real bytes, wrong bytes, half a file, and who gets one back."""

from __future__ import annotations

import asyncio
import shutil
import uuid
import zipfile
from collections import namedtuple
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import TestClient
from sqlalchemy import select

from actions.domain.evidence import MOST_BYTES
from actions.settings import Settings
from actions.storage.conversations import MessageRow
from bot.gateway.inbox import FILE_RESPONSE
from bot.gateway.keys import DESK, UPLOADING
from bot.gateway.words import FILE_RECEIVED
from tests.actions.services.files import a_jpeg, a_pdf, a_png
from tests.bot.gateway.conftest import IMPATIENT, Gateway
from tests.bot.gateway.fake_rasa import FakeRasa, reply
from tests.bot.gateway.talk import Talk, eventually

Web = TestClient[Any, Any]
PATH = "/api/chat/attachments"


async def upload(
    talk: Talk, content: bytes, name: str | None = "shot.png", *, field: str = "file"
) -> tuple[int, dict[str, Any]]:
    """Upload as a browser does; the status and the answer."""
    form = aiohttp.FormData(quote_fields=False)
    form.add_field(field, content, filename=name, content_type="image/png")
    async with talk.web.post(PATH, data=form, headers=talk.headers) as response:
        return response.status, await response.json()


async def given(talk: Talk, content: bytes, name: str = "shot.png") -> str:
    """Upload what can be taken; its id."""
    status, answer = await upload(talk, content, name)
    assert status == 201, answer
    assert set(answer) == {"id"}
    return str(answer["id"])


async def refusal(talk: Talk, content: bytes, name: str | None = "shot.png") -> tuple[int, str]:
    """The status and the code, said in both languages."""
    status, answer = await upload(talk, content, name)
    assert set(answer["error"]["message"]) == {"zh", "en"}
    return status, answer["error"]["code"]


async def say(talk: Talk, *ids: str, **body: Any) -> tuple[int, dict[str, Any]]:
    """A message with files."""
    return await talk.post("messages", {"id": str(uuid.uuid4()), "attachments": [*ids], **body})


def kept(settings: Settings) -> list[Path]:
    """Every file below the uploads folder, hidden ones too."""
    return [path for path in settings.uploads.rglob("*") if path.is_file()]


def a_large_png(size: int) -> bytes:
    """A whole picture of that many bytes."""
    return a_png("x" * (size - len(a_png("-")) + 1))


# --- what is taken -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "name", "kind", "content_type"),
    [
        (a_png(), "截图.png", "png", "image/png"),
        (a_jpeg(), "photo.JPG", "jpeg", "image/jpeg"),
        (a_pdf(), "bill.pdf", "pdf", "application/pdf"),
        (a_png(), "really-a-picture.pdf", "png", "image/png"),
    ],
)
async def test_a_file_is_taken_named_in_a_message_and_given_back_the_same(
    talk: Talk, content: bytes, name: str, kind: str, content_type: str
) -> None:
    id = await given(talk, content, name)
    assert (await say(talk, id, text="请看"))[0] == 202
    said = (await talk.settled())[1]
    assert said["text"] == "请看"
    assert said["attachments"] == [{"id": id, "name": name, "kind": kind, "size": len(content)}]
    async with talk.web.get(f"{PATH}/{id}", headers=talk.headers) as response:
        assert response.status == 200
        assert await response.read() == content
        assert response.content_type == content_type
        assert response.headers["Content-Disposition"].startswith("attachment;")
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Content-Security-Policy"].startswith("sandbox")
        assert "no-store" in response.headers["Cache-Control"]


async def test_ten_megabytes_are_taken_and_a_byte_more_is_not(
    talk: Talk, settings: Settings
) -> None:
    await given(talk, a_large_png(MOST_BYTES))
    assert len(kept(settings)) == 1
    assert await refusal(talk, a_large_png(MOST_BYTES + 1)) == (413, "file_too_large")
    assert await refusal(talk, bytes(MOST_BYTES * 2)) == (413, "file_too_large")
    assert len(kept(settings)) == 1


async def test_a_stream_of_unknown_length_is_cut_off_where_a_file_may_end(
    talk: Talk, settings: Settings
) -> None:
    sent = 0

    async def for_ever() -> Any:
        nonlocal sent
        yield b'--b\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n'
        while sent < 5 * MOST_BYTES:
            sent += 65_536
            yield bytes(65_536)

    headers = talk.headers | {"Content-Type": "multipart/form-data; boundary=b"}
    try:
        async with talk.web.post(PATH, data=for_ever(), headers=headers) as response:
            assert response.status == 413
    except aiohttp.ClientConnectionError:
        pass  # the connection may be gone before the answer is read
    assert sent < 5 * MOST_BYTES
    assert kept(settings) == []


async def test_an_eleventh_file_is_refused_and_the_same_one_again_is_the_same(talk: Talk) -> None:
    first = await given(talk, a_png("0"))
    for number in range(1, 10):
        await given(talk, a_png(str(number)))
    assert await refusal(talk, a_png("10")) == (409, "too_many_files")
    assert await given(talk, a_png("0"), "again.png") == first


# --- what is not taken -------------------------------------------------------------------------


def a_zip_bomb() -> bytes:
    """Ten megabytes of nothing in some kilobytes."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb", bytes(10_000_000))
    return packed.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<html><script>alert(1)</script></html>",
        b"GIF89a" + bytes(100),
        b"\x89PNG\r\n\x1a\n<script>alert(1)</script>",
        a_png()[:-6],
        a_png()[:20],
        a_jpeg()[:-2],
        a_pdf()[:-10],
        b"MZ" + a_png(),
        b"<script>alert(1)</script>" + a_pdf(),
        a_zip_bomb(),
        b"#!/bin/sh\nrm -rf /\n",
        b"\0",
    ],
)
async def test_what_is_no_whole_picture_or_document_is_refused_whatever_it_is_called(
    talk: Talk, settings: Settings, content: bytes
) -> None:
    for name in ("shot.png", "shot.jpg", "bill.pdf"):
        assert await refusal(talk, content, name) == (415, "file_refused")
    assert kept(settings) == []


@pytest.mark.parametrize(
    "content",
    [
        a_pdf("/OpenAction<</S/JavaScript/JS(app.alert(1))>>"),
        a_png("<script>alert(1)</script>"),
        a_png() + b"<html><script>alert(1)</script></html>",
    ],
)
async def test_a_file_that_is_something_else_besides_is_only_ever_downloaded(
    talk: Talk, content: bytes
) -> None:
    id = await given(talk, content, "x.html")
    async with talk.web.get(f"{PATH}/{id}", headers=talk.headers) as response:
        disposition = response.headers["Content-Disposition"]
        assert disposition.startswith("attachment;")
        assert ".html" not in disposition
        assert response.content_type in ("application/pdf", "image/png")
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Content-Security-Policy"].startswith("sandbox")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\boot.png", "boot.png"),
        ("/abs/olute.png", "olute.png"),
        ("a\u202egnp.exe", "a gnp.exe"),
        ("a\u200b\u2066b.png", "a b.png"),
        ("账单 9月.png", "账单 9月.png"),
        ("", "file.png"),
        ("x" * 4000, "x" * 120),
        ("字" * 4000, "字" * 120),
        ("<img src=x onerror=alert(1)>.png", "<img src=x onerror=alert(1)>.png"),
    ],
)
async def test_a_name_is_shown_without_what_hides_in_it_and_never_touches_the_disk(
    talk: Talk, settings: Settings, name: str, shown: str
) -> None:
    id = await given(talk, a_png(), name)
    await say(talk, id)
    assert (await talk.messages())[1]["attachments"][0]["name"] == shown
    (path,) = kept(settings)
    assert len(path.name) == 64
    async with talk.web.get(f"{PATH}/{id}", headers=talk.headers) as response:
        assert response.status == 200
        assert response.headers.getall("Content-Disposition")


def form(*parts: bytes, end: bytes = b"--b--\r\n") -> bytes:
    """A form written by hand."""
    return b"".join(b"--b\r\n" + part + b"\r\n" for part in parts) + end


def part(name: str, content: bytes, more: bytes = b"") -> bytes:
    """One field with a file."""
    head = f'Content-Disposition: form-data; name="{name}"; filename="a.png"\r\n'
    return head.encode() + more + b"\r\n" + content


NUL_NAME = b'Content-Disposition: form-data; name="file"; filename="a\0b.png"\r\n\r\n'


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (form(), 400, "no_file"),
        (form(part("other", a_png())), 400, "no_file"),
        (form(b"\r\n" + a_png()), 400, "no_file"),
        (form(part("file", b"")), 400, "no_file"),
        (form(part("file", a_png()), part("file", a_jpeg())), 400, "one_file"),
        (form(part("file", a_png()), part("note", b"hi")), 400, "one_file"),
        (form(part("file", a_png()), end=b""), 400, "bad_upload"),
        (form(part("file", a_png()))[:-40], 400, "bad_upload"),
        (form(part("file", a_png()), end=b"--c--\r\n"), 400, "bad_upload"),
        (b"", 400, "bad_upload"),
        (b"nothing like a form", 400, "bad_upload"),
        (b"--b\r\n" * 1000, 400, "bad_upload"),
        (form(b"X: " + b"y" * 100_000 + b"\r\n\r\n" + a_png()), 400, "bad_upload"),
        (form(NUL_NAME + a_png()), 400, "bad_upload"),
        (
            form(part("file", b"x", b"Content-Type: multipart/mixed; boundary=c\r\n")),
            400,
            "no_file",
        ),
        (
            form(part("file", b"eA==", b"Content-Transfer-Encoding: base64\r\n")),
            415,
            "file_refused",
        ),
    ],
)
async def test_a_form_that_is_not_one_whole_file_is_refused_and_nothing_is_kept(
    talk: Talk, settings: Settings, body: bytes, status: int, code: str
) -> None:
    headers = talk.headers | {"Content-Type": "multipart/form-data; boundary=b"}
    async with talk.web.post(PATH, data=body, headers=headers) as response:
        assert (response.status, (await response.json())["error"]["code"]) == (status, code)
    assert kept(settings) == []
    await given(talk, a_png())


@pytest.mark.parametrize(
    "headers",
    [
        {"Content-Type": "image/png"},
        {"Content-Type": "multipart/mixed; boundary=b"},
        {"Content-Type": "multipart/form-data; boundary=b", "Content-Encoding": "gzip"},
    ],
)
async def test_what_is_no_form_is_refused_unread(talk: Talk, headers: dict[str, str]) -> None:
    body = form(part("file", a_png()))
    async with talk.web.post(PATH, data=body, headers=talk.headers | headers) as response:
        assert response.status in (400, 415)
        assert (await response.json())["error"]["code"] in ("not_a_form", "bad_request")


@pytest.mark.parametrize("boundary", ["", "x" * 300, "\u00e9"])
async def test_a_form_without_a_proper_boundary_is_refused(talk: Talk, boundary: str) -> None:
    kind = f"multipart/form-data; boundary={boundary}" if boundary else "multipart/form-data"
    headers = talk.headers | {"Content-Type": kind}
    async with talk.web.post(PATH, data=b"--x\r\n", headers=headers) as response:
        assert response.status == 400


# --- whose it is -------------------------------------------------------------------------------


async def test_a_file_is_given_back_to_its_own_conversation_only(web: Web, talk: Talk) -> None:
    id = await given(talk, a_png())
    other = await Talk.begin(web)
    for headers, status in ((other.headers, 404), ({}, 401), ({"Authorization": "Bearer x"}, 401)):
        async with web.get(f"{PATH}/{id}", headers=headers) as response:
            assert response.status == status
    answers = []
    for asked in (id, "E-AAAAAAAAAAAAAAAAAAAA", "nothing"):
        async with web.get(f"{PATH}/{asked}", headers=other.headers) as response:
            answers.append((response.status, await response.json()))
    assert answers[0] == answers[1] == answers[2]


async def test_a_message_can_only_name_files_of_its_own_conversation(web: Web, talk: Talk) -> None:
    id = await given(talk, a_png())
    other = await Talk.begin(web)
    for ids in ([id], ["E-AAAAAAAAAAAAAAAAAAAA"], [await given(other, a_png("o")), id]):
        status, answer = await say(other, *ids, text="看")
        assert (status, answer["error"]["code"]) == (400, "unknown_attachment")
    assert len(await other.messages()) == 1


@pytest.mark.parametrize("value", ["E-1", {"id": "E-1"}, [1], [None], [["E-1"]], ["E-1"] * 11])
async def test_attachments_are_a_short_list_of_ids(talk: Talk, value: Any) -> None:
    body = {"id": str(uuid.uuid4()), "text": "看", "attachments": value}
    status, answer = await talk.post("messages", body)
    assert (status, answer["error"]["code"]) == (400, "bad_field")


async def test_the_same_message_again_is_the_same_and_with_other_files_it_is_not(
    talk: Talk,
) -> None:
    first, second = await given(talk, a_png("1")), await given(talk, a_png("2"))
    body = {"id": str(uuid.uuid4()), "text": "看", "attachments": [first]}
    assert (await talk.post("messages", body))[0] == 202
    assert (await talk.post("messages", body))[0] == 202
    status, answer = await talk.post("messages", body | {"attachments": [second]})
    assert (status, answer["error"]["code"]) == (409, "message_differs")


# --- what the bot says -------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["zh", "en"])
async def test_a_file_without_words_is_acknowledged_and_rasa_is_left_alone(
    web: Web, rasa: FakeRasa, database: Any, language: str
) -> None:
    talk = await Talk.begin(web, language=language)
    id = await given(talk, a_png())
    for body in ({}, {"text": ""}, {"text": "  \n"}):
        assert (await say(talk, id, **body))[0] == 202
        await talk.settled()
    messages = (await talk.settled())[1:]
    assert [message["author"] for message in messages] == ["customer", "bot"] * 3
    assert {message["text"] for message in messages[1::2]} == {FILE_RECEIVED[language]}
    assert rasa.turns == []
    async with database.connect() as connection:
        asked = select(MessageRow.response).where(MessageRow.reply_to.is_not(None))
        assert {*(await connection.scalars(asked))} == {FILE_RESPONSE}


async def test_words_with_a_file_are_answered_and_the_file_is_acknowledged_first(
    talk: Talk, rasa: FakeRasa
) -> None:
    rasa.answer = lambda turn: [reply("请问订单号是多少?")]
    await say(talk, await given(talk, a_png()), text="我要退款")
    texts = [message["text"] for message in await talk.settled()][2:]
    assert texts == [FILE_RECEIVED["zh"], "请问订单号是多少?"]
    assert rasa.texts() == ["我要退款"]


async def test_a_failed_turn_with_a_file_still_says_that_it_failed(
    talk: Talk, rasa: FakeRasa
) -> None:
    rasa.answer = lambda turn: []
    await say(talk, await given(talk, a_png()), text="我要退款")
    (problem,) = (await talk.settled())[2:]
    assert problem["buttons"], "a way to try again, or to a person"


# --- half-sent, too slow, too many at once -----------------------------------------------------


def head(web: Web, talk: Talk, length: int) -> bytes:
    """The beginning of an upload, as it stands on the wire."""
    lines = [
        f"POST {PATH} HTTP/1.1",
        f"Host: {web.host}",
        f"Authorization: Bearer {talk.token}",
        "Content-Type: multipart/form-data; boundary=b",
        f"Content-Length: {length}",
        "",
        "",
    ]
    return "\r\n".join(lines).encode()


async def begun(web: Web, talk: Talk) -> asyncio.StreamWriter:
    """An upload of which half has come."""
    _reader, writer = await asyncio.open_connection(web.host, web.port)
    whole = form(part("file", a_large_png(1_000_000)))
    writer.write(head(web, talk, len(whole)) + whole[: len(whole) // 2])
    await writer.drain()

    async def under_way() -> bool:
        return bool(web.app[UPLOADING]._taken)

    await eventually(under_way)
    return writer


async def nobody_is_uploading(web: Web) -> None:
    async def over() -> bool:
        return not web.app[UPLOADING]._taken

    await eventually(over)


@pytest.mark.parametrize("how", ["closed", "aborted", "half closed"])
async def test_of_an_upload_whose_client_goes_away_nothing_is_left(
    web: Web, talk: Talk, settings: Settings, how: str
) -> None:
    writer = await begun(web, talk)
    if how == "half closed":
        writer.write_eof()
    elif how == "aborted":
        writer.transport.abort()
    else:
        writer.close()
    await nobody_is_uploading(web)
    assert list(settings.uploads.rglob("*")) == []
    assert await web.app[DESK].evidence.in_chat(talk.conversation, []) == []
    await given(talk, a_png())


async def test_a_second_upload_of_one_conversation_waits_its_turn_and_others_do_not(
    web: Web, talk: Talk
) -> None:
    writer = await begun(web, talk)
    assert await refusal(talk, a_png()) == (429, "upload_under_way")
    async with talk.web.post(
        PATH,
        data=form(),
        headers=talk.headers | {"Content-Type": "multipart/form-data; boundary=b"},
    ) as response:
        assert int(response.headers["Retry-After"]) >= 1
    await given(await Talk.begin(web), a_png())
    writer.close()
    await nobody_is_uploading(web)
    await given(talk, a_png())


@pytest.mark.parametrize("timings", [{"upload_silence": 0.2}, {"upload": 0.2}])
async def test_an_upload_that_stands_still_is_given_up(
    gateway: Gateway, settings: Settings, timings: dict[str, float]
) -> None:
    web = await gateway(timings=replace(IMPATIENT, **timings))
    talk = await Talk.begin(web)
    reader, writer = await asyncio.open_connection(web.host, web.port)
    writer.write(head(web, talk, 1_000_000) + form(part("file", a_png()))[:200])
    async with asyncio.timeout(10):
        answer = await reader.readuntil(b"\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 408")
    await nobody_is_uploading(web)
    assert list(settings.uploads.rglob("*")) == []
    writer.close()


Disk = namedtuple("Disk", "total used free")


async def test_when_the_disk_is_nearly_full_files_are_refused_and_the_chat_goes_on(
    talk: Talk, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Disk(10**12, 10**12 - 10**10, 10**10))
    assert await refusal(talk, a_png()) == (507, "no_room_for_files")
    await talk.say("那我先说情况")
    assert len(await talk.settled()) == 3
    monkeypatch.undo()
    await given(talk, a_png())


async def test_a_folder_that_can_t_be_written_to_is_said_politely(
    talk: Talk, settings: Settings
) -> None:
    settings.uploads.write_text("a file stands where the folder should be")
    assert await refusal(talk, a_png()) == (507, "no_room_for_files")


async def test_uploads_are_limited_by_number_and_by_bytes(
    gateway: Gateway, settings: Settings
) -> None:
    web = await gateway(replace(settings, rate_limits=True))
    talk = await Talk.begin(web)
    statuses = [(await upload(talk, b"rubbish"))[0] for _ in range(14)]
    assert statuses[:12] == [415] * 12
    assert 429 in statuses[12:]
    other = await Talk.begin(web)
    statuses = [(await upload(other, bytes(MOST_BYTES)))[0] for _ in range(12)]
    assert statuses[:9] == [415] * 9
    # Ten files and what is around them are a little over the hundred megabytes, which a third of
    # a second makes up for: on a slow machine the tenth passes. The eleventh is minutes away.
    assert 429 in statuses[9:11]
