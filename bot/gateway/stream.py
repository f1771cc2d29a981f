"""The event stream: a conversation's messages as server-sent events, with replay.

Knows the wire format. Reads the transcript from where the reader is, so that a slow reader holds
nothing in memory and one that is stuck can be dropped without anybody else noticing.
"""

from __future__ import annotations

import asyncio
import json
import re

import structlog
from aiohttp import web

from bot.gateway import bodies
from bot.gateway.chat import message_json, signed_in, who
from bot.gateway.delivery import Listener
from bot.gateway.keys import FANOUT, METRICS, TIMINGS, TRANSCRIPT, WAITING
from bot.gateway.limits.table import Kind

log = structlog.get_logger("gateway.stream")

routes = web.RouteTableDef()
RETRY_MILLISECONDS = 1000


@routes.get("/api/chat/stream", allow_head=False)
async def stream(request: web.Request) -> web.StreamResponse:
    """Send what is there past ``Last-Event-ID`` or ``after``, then what comes."""
    conversation = await signed_in(request, Kind.READ)
    after = bodies.sequence(request.query.get("after"))
    resumed = request.headers.get("Last-Event-ID", "")
    if re.fullmatch(r"[0-9]{1,9}", resumed):
        after = int(resumed)
    response = web.StreamResponse(
        headers={"Content-Type": "text/event-stream; charset=utf-8", "X-Accel-Buffering": "no"}
    )
    reader = _Reader(request, response, conversation, after)
    with (
        request.app[WAITING].one(who(request)),
        request.app[FANOUT].listen(conversation) as listener,
        request.app[METRICS].streams.track_inprogress(),
    ):
        await response.prepare(request)
        try:
            await reader.follow(listener)
        except ConnectionError:
            pass
        except TimeoutError:
            log.info("slow_stream_dropped", conversation=conversation)
            if request.transport is not None:
                request.transport.abort()
    return response


class _Reader:
    """One client and how far it has read."""

    def __init__(
        self, request: web.Request, response: web.StreamResponse, conversation: str, after: int
    ) -> None:
        self._app, self._response = request.app, response
        self._conversation, self._after = conversation, after
        self._state: tuple[bool, str] | None = None
        self._pending = self._typing = False

    async def follow(self, listener: Listener) -> None:
        """Write until the client goes away or the desk closes."""
        await self._write(f"retry: {RETRY_MILLISECONDS}\n\n")
        fanout = self._app[FANOUT]
        while not fanout.closed:
            if listener.changed():
                await self._catch_up()
            await self._tell_typing()
            if not await listener.news(self._app[TIMINGS].heartbeat):
                await self._write(": still here\n\n")

    async def _catch_up(self) -> None:
        page = await self._app[TRANSCRIPT].after(self._conversation, self._after)
        for message in page.messages:
            await self._event("message", message_json(message), message.seq)
            self._after = message.seq
        self._pending = page.pending
        await self._tell_typing()
        if (page.pending, page.status) != self._state:
            self._state = (page.pending, page.status)
            await self._event("status", {"pending": page.pending, "status": page.status})

    async def _tell_typing(self) -> None:
        typing = self._pending and self._app[FANOUT].is_typing(self._conversation)
        if typing != self._typing:
            self._typing = typing
            await self._event("typing", {"author": "bot", "typing": typing})

    async def _event(self, name: str, data: dict[str, object], number: int | None = None) -> None:
        id_line = "" if number is None else f"id: {number}\n"
        await self._write(f"event: {name}\n{id_line}data: {json.dumps(data)}\n\n")

    async def _write(self, text: str) -> None:
        async with asyncio.timeout(self._app[TIMINGS].slowest_write):
            await self._response.write(text.encode())
