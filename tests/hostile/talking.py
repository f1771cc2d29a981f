"""Says hostile lines to a running desk through its chat API, and reads what came of each.

Every line is said in turn and its answer awaited, some lines to a conversation, several
conversations at once. What was understood is read from the desk's own database.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from tests.bot.gateway.talk import Talk
from tests.hostile.corpus import Line

A_CONVERSATION = 12
"""So many lines each: a turn takes longer the longer its session is."""
AT_ONCE = 6

Step = Callable[[Talk], Awaitable[None]]


@dataclass(frozen=True)
class Heard:
    """A line, the status of the call, and what the desk kept and answered."""

    line: Line
    status: int
    conversation: str
    kept: str | None = None
    intent: str | None = None
    understood: dict[str, Any] | None = None
    responses: tuple[str | None, ...] = ()
    answer: str = ""
    state: str = ""

    @property
    def slots(self) -> dict[str, Any]:
        """The slots that this line set."""
        return (self.understood or {}).get("slots") or {}

    def __str__(self) -> str:
        return f"{self.line} ({self.line.text[:40]!r}) -> {self.intent}, {self.responses}"


async def said_to(
    stack: Any,
    said: Sequence[Line],
    *,
    opening: Step | None = None,
    closing: Step | None = None,
    a_conversation: int = A_CONVERSATION,
) -> list[Heard]:
    """Say all lines, each to a conversation that ``opening`` has brought where it should be.

    ``closing`` looks whether the conversation is still what it should be. One that a person has
    been called to is left to that person, and another one is begun.
    """
    limit = asyncio.Semaphore(AT_ONCE)
    async with aiohttp.ClientSession(base_url=stack.url) as web:

        async def begun() -> Talk:
            talk = await Talk.begin(web)
            await (opening or nothing)(talk)
            return talk

        async def converse(part: Sequence[Line]) -> list[Heard]:
            heard: list[Heard] = []
            async with limit:
                talk = await begun()
                for line in part:
                    if heard and heard[-1].state != "bot":
                        talk = await begun()
                    heard.append(await _say(stack.home, talk, line))
                if heard[-1].state == "bot":
                    await (closing or a_person_is_still_reached)(talk)
            return heard

        parts = [said[at : at + a_conversation] for at in range(0, len(said), a_conversation)]
        return [heard for part in await asyncio.gather(*map(converse, parts)) for heard in part]


async def nothing(talk: Talk) -> None:
    """The conversation is as it should be."""


async def a_person_is_still_reached(talk: Talk) -> None:
    """Whatever was said before, this is understood and done."""
    answers = await say(talk, "转人工")
    page = await talk.page(wait=0)
    assert answers, "not even a person is reached any more"
    assert not page["pending"]
    assert any("转接" in answer["text"] or "人工" in answer["text"] for answer in answers), answers


async def say(talk: Talk, text: str) -> list[dict[str, Any]]:
    """Say something ordinary; the messages that answer it."""
    seq = await talk.say(text)
    return await answered(talk, seq)


async def answered(talk: Talk, seq: int) -> list[dict[str, Any]]:
    """The messages after number ``seq``, once nothing is pending."""
    while True:
        page = await talk.page(after=seq, wait=10)
        if not page["pending"]:
            found: list[dict[str, Any]] = (await talk.page(after=seq))["messages"]
            return found


async def _say(home: Path, talk: Talk, line: Line) -> Heard:
    body = b'{"id": "%s", "text": %s}' % (str(uuid.uuid4()).encode(), _json_text(line))
    headers = talk.headers | {"Content-Type": "application/json"}
    async with talk.web.post("/api/chat/messages", data=body, headers=headers) as response:
        told = await response.json()
        if response.status != 202:
            return Heard(line, response.status, talk.conversation, state="bot")
    await answered(talk, told["seq"])
    return _kept(home, talk.conversation, told["seq"], Heard(line, 202, talk.conversation))


def _json_text(line: Line) -> bytes:
    return json.dumps(line.text).encode() if line.raw is None else b'"' + line.raw + b'"'


def _kept(home: Path, conversation: str, seq: int, heard: Heard) -> Heard:
    own = "SELECT text, intent, understood FROM messages WHERE conversation = ? AND seq = ?"
    [(text, intent, understood)] = rows(home, own, conversation, seq)
    answers = rows(
        home,
        "SELECT response, text FROM messages WHERE conversation = ? AND reply_to = ? ORDER BY seq",
        conversation,
        seq,
    )
    [(state,)] = rows(home, "SELECT status FROM conversations WHERE id = ?", conversation)
    return Heard(
        heard.line,
        heard.status,
        conversation,
        text,
        intent,
        json.loads(understood) if understood else None,
        tuple(response for response, _ in answers),
        "\n".join(text for _, text in answers),
        state,
    )


def rows(home: Path, query: str, *values: Any) -> list[Any]:
    """What the desk's database answers."""
    with sqlite3.connect(f"file:{home / 'desk.db'}?mode=ro", uri=True) as database:
        return database.execute(query, values).fetchall()
