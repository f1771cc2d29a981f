"""How tests talk to the chat API: one customer's side of one conversation."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

Message = dict[str, Any]


class Talk:
    """A conversation that has begun. ``web`` is anything with aiohttp's verbs."""

    def __init__(self, web: Any, token: str, conversation: str) -> None:
        self.web, self.token, self.conversation = web, token, conversation
        self.headers = {"Authorization": f"Bearer {token}"}

    @classmethod
    async def begin(cls, web: Any, brand: str = "kuailian", language: str | None = "zh") -> Talk:
        """Begin one and check that it began."""
        body = {"brand": brand, "language": language}
        async with web.post("/api/chat/sessions", json=body) as response:
            assert response.status == 201, await response.text()
            begun = await response.json()
        return cls(web, begun["token"], begun["conversation"])

    async def post(self, path: str, body: object) -> tuple[int, Message]:
        """Post JSON to ``/api/chat/<path>``; the status and the answer's JSON."""
        url = f"/api/chat/{path}"
        async with self.web.post(url, json=body, headers=self.headers) as response:
            return response.status, await response.json()

    async def say(self, text: str, id: str | None = None) -> int:
        """Say something; its number."""
        return await self._sent({"id": id or str(uuid.uuid4()), "text": text})

    async def press(self, title: str) -> int:
        """Press the last button with this title; the message's number."""
        buttons = [b for m in await self.messages() for b in m["buttons"] if b["title"] == title]
        return await self._sent({"id": str(uuid.uuid4()), "button": buttons[-1]["id"]})

    async def _sent(self, body: Message) -> int:
        status, answer = await self.post("messages", body)
        assert status == 202, answer
        return int(answer["seq"])

    async def page(self, after: int = 0, wait: float = 0) -> Message:
        """What ``GET /messages`` says."""
        query = {"after": str(after), "wait": str(wait)}
        async with self.web.get(
            "/api/chat/messages", params=query, headers=self.headers
        ) as response:
            assert response.status == 200, await response.text()
            page: Message = await response.json()
            return page

    async def messages(self) -> list[Message]:
        """All messages so far."""
        page = await self.page()
        found: list[Message] = page["messages"]
        return found

    async def settled(self) -> list[Message]:
        """All messages, once nothing is pending."""
        page = await self.page()
        while page["pending"]:
            page = await self.page(after=len(page["messages"]), wait=1)
            page = await self.page()
        found: list[Message] = page["messages"]
        return found

    async def until(self, text: str) -> list[Message]:
        """All messages, once one of them contains ``text``."""
        while not any(text in message["text"] for message in await self.messages()):
            await self.page(after=len(await self.messages()), wait=10)
        return await self.messages()

    @asynccontextmanager
    async def stream(self, after: int | None = None, last: int | None = None) -> AsyncIterator[Any]:
        """An open event stream, as an iterator of (event, id, data)."""
        headers = self.headers | ({} if last is None else {"Last-Event-ID": str(last)})
        params = {} if after is None else {"after": str(after)}
        async with self.web.get("/api/chat/stream", headers=headers, params=params) as response:
            assert response.status == 200, await response.text()
            assert response.content_type == "text/event-stream"
            yield events(response)


async def eventually(holds: Callable[[], Awaitable[bool]], seconds: float = 10) -> None:
    """Wait for what only the outside can show: another process, or a dropped connection."""
    async with asyncio.timeout(seconds):
        while not await holds():  # noqa: ASYNC110 (no event reaches across a process)
            await asyncio.sleep(0.02)


async def events(response: aiohttp.ClientResponse) -> AsyncIterator[tuple[str, str | None, str]]:
    """The events of a stream; a comment is an event named ``:``."""
    name, number, data = "message", None, ""
    async for raw in response.content:
        line = raw.decode().rstrip("\n")
        field, _, value = line.partition(": ")
        if line.startswith(":"):
            yield ":", None, line
        elif field == "event":
            name = value
        elif field == "id":
            number = value
        elif field == "data":
            data = value
        elif not line and data:
            yield name, number, data
            name, number, data = "message", None, ""
