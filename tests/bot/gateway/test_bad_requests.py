"""Whatever is sent, the gateway says no in its own words, gives nothing away and serves on."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

from aiohttp.test_utils import TestClient
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from actions.settings import Settings
from actions.storage.conversations import ConversationRow, MessageRow
from actions.storage.engine import session_factory
from bot.gateway.openapi import describe
from tests.bot.gateway.bad_requests import HALF, SMUGGLING, Bad, bad_requests
from tests.bot.gateway.conftest import IMPATIENT, Gateway
from tests.bot.gateway.talk import Talk

Web = TestClient[Any, Any]
COUNT = 10_000
ROOT = Path(__file__).resolve().parents[3]
SEED = 20260901
AT_ONCE = 8
PATIENCE = 20.0
IDLE = 1.0
"""Seconds after which the servers of these tests close what doesn't go on."""
GIVES_AWAY = re.compile(
    rb"Traceback|File \"|site-packages|/home/|/usr/|aiohttp|sqlalchemy|sqlite|\.py\b|"
    + re.escape(str(ROOT).encode()),
    re.IGNORECASE,
)
UNREPORTED = {"not_found", "wrong_method", "bad_request"}
"""What is said before a request has reached any operation."""

Answer = tuple[int, bytes, bytes]


async def ask(port: int, sent: bytes) -> list[Answer]:
    """Send bytes and read until the server closes; each answer's status, head and body."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**20)
    try:
        writer.write(sent)
        got = await asyncio.wait_for(reader.read(), PATIENCE)
    except ConnectionError:
        return []
    finally:
        writer.close()
    return answers_in(got)


def answers_in(got: bytes) -> list[Answer]:
    """Split a stream of answers by their lengths."""
    found = []
    while got:
        head, _, rest = got.partition(b"\r\n\r\n")
        status = int(head.split(b" ", 2)[1])
        length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
        cut = int(length[1]) if length and status >= 200 else 0
        found.append((status, head, rest[:cut]))
        got = rest[cut:]
    return found


def described_codes() -> set[tuple[str, str, int, str]]:
    """Method, path, status and code, of every error in the API's description."""
    found = set()
    for path, item in describe()["paths"].items():
        for method, operation in item.items():
            for status, response in operation["responses"].items():
                schema = response["content"].get("application/json", {}).get("schema", {})
                for part in schema.get("allOf", ())[1:]:
                    codes = part["properties"]["error"]["properties"]["code"]["enum"]
                    found |= {(method.upper(), path, int(status), code) for code in codes}
    return found


class Inquiry:
    """Asks everything, several at once, and keeps what was wrong."""

    def __init__(self, port: int, token: str) -> None:
        self.port, self.token = port, token
        self.faults: list[str] = []
        self.statuses: Counter[int] = Counter()
        self.described = described_codes()

    async def put(self, bad: Bad) -> None:
        """One request and its judgement."""
        try:
            answers = await ask(self.port, bad.wire(self.token))
        except TimeoutError:
            self.faults.append(f"no answer: {bad!r:.300}")
            return
        if not answers and bad.headers == ():
            self.faults.append(f"hung up: {bad!r:.300}")
        for status, head, body in answers:
            self.statuses[status] += 1
            self.judge(bad, status, head, body)

    def judge(self, bad: Bad, status: int, head: bytes, body: bytes) -> None:
        """No fault of ours, nothing given away, and an error that the description knows."""
        if status >= 500:
            self.faults.append(f"{status}: {bad!r:.300}")
        told = status >= 400 or bad.target.startswith("/api/chat/")
        if GIVES_AWAY.search(head) or (told and GIVES_AWAY.search(body)):
            self.faults.append(f"gives something away: {bad!r:.300} {body!r:.300}")
        if status >= 200 and b"X-Content-Type-Options: nosniff" not in head:
            self.faults.append(f"without headers: {bad!r:.300} {head!r:.300}")
        path = bad.target.partition("?")[0]
        if status >= 400 and body.startswith(b'{"error"') and path.startswith("/api/chat/"):
            code = json.loads(body)["error"]["code"]
            known = (bad.method, path, status, code) in self.described
            if not known and code not in UNREPORTED:
                self.faults.append(f"not described: {bad.method} {path} {status} {code}")


async def test_ten_thousand_bad_requests_and_not_one_fault_of_ours(
    web: Web, talk: Talk, database: AsyncEngine
) -> None:
    assert web.port is not None
    inquiry = Inquiry(web.port, talk.token)
    waiting = bad_requests(COUNT, SEED)

    async def work() -> None:
        for bad in waiting:
            await inquiry.put(bad)

    await asyncio.gather(*(work() for _ in range(AT_ONCE)))
    assert inquiry.faults == []
    assert inquiry.statuses.total() >= COUNT * 0.97
    assert {400, 401, 404, 405, 413, 415} <= set(inquiry.statuses)
    await still_serves(web)
    await nothing_is_half_written(database)


async def test_what_two_servers_would_read_differently_is_refused_and_hides_nothing(
    web: Web,
) -> None:
    assert web.port is not None
    for sent in SMUGGLING:
        answers = await ask(web.port, sent)
        assert [status for status, _, _ in answers] == [400], sent
        assert not any(GIVES_AWAY.search(body) for _, _, body in answers)
    await still_serves(web)


async def test_those_who_never_finish_are_let_go_and_hold_up_nobody(
    gateway: Gateway, settings: Settings, database: AsyncEngine
) -> None:
    patient = await gateway(settings, replace(IMPATIENT, slowest_body=IDLE))
    assert patient.port is not None
    loiterers = [
        await asyncio.open_connection("127.0.0.1", patient.port) for _ in range(20 * len(HALF))
    ]
    for number, (_, writer) in enumerate(loiterers):
        writer.write(HALF[number % len(HALF)])
    started = time.monotonic()
    await still_serves(patient)
    assert time.monotonic() - started < PATIENCE
    for number, (reader, writer) in enumerate(loiterers):
        if b"Content-Type" in HALF[number % len(HALF)]:  # a body was begun
            got = await asyncio.wait_for(reader.read(), PATIENCE)
            assert b" 408 " in got
            assert b"too_slow" in got
        writer.close()
    await still_serves(patient)
    await nothing_is_half_written(database)


async def still_serves(web: Web) -> None:
    """A conversation goes as it always does."""
    talk = await Talk.begin(web)
    await talk.say("还在吗")
    said = [message["text"] for message in await talk.settled()]
    assert said[1:] == ["还在吗", "re: 还在吗"]


async def nothing_is_half_written(database: AsyncEngine) -> None:
    """Every conversation has its greeting, and its messages are numbered without a gap."""
    numbers = select(
        MessageRow.conversation,
        func.count(MessageRow.seq),
        func.min(MessageRow.seq),
        func.max(MessageRow.seq),
    ).group_by(MessageRow.conversation)
    async with session_factory(database)() as session:
        begun = set((await session.execute(select(ConversationRow.id))).scalars())
        counted = (await session.execute(numbers)).all()
    assert {row[0] for row in counted} == begun
    for conversation, count, first, last in counted:
        assert (first, last) == (1, count), conversation
