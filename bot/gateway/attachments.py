"""Files in a chat: one is uploaded, then named in a message; the same conversation gets it back.

Knows the two routes and what is said when a file can't be taken. Leaves reading the upload to
``uploading``, what a file is and how many there may be to the evidence service.
"""

from __future__ import annotations

import asyncio

import structlog
from aiohttp import web

from actions.domain.errors import (
    EvidenceNotFound,
    FileDamaged,
    FileRefused,
    FileTooLarge,
    TooManyFiles,
)
from actions.domain.evidence import Evidence
from bot.gateway import uploading
from bot.gateway.chat import SPEAKER, signed_in, who
from bot.gateway.downloads import download
from bot.gateway.errors import ChatError
from bot.gateway.keys import DESK, GATE, METRICS, SETTINGS, TIMINGS, UPLOADING
from bot.gateway.limits.table import Kind

log = structlog.get_logger("gateway.attachments")

routes = web.RouteTableDef()
REASONS = {
    FileTooLarge: "file_too_large",
    TooManyFiles: "too_many_files",
    FileRefused: "file_refused",
}
IN_MEMORY = web.AppKey("in_memory", asyncio.Semaphore)
MOST_IN_MEMORY = 2
"""Whole files are looked at two at a time; all others wait on disk."""


@routes.post("/api/chat/attachments")
async def upload(request: web.Request) -> web.Response:
    """Keep one file of the customer's; its id may then be named in a message."""
    await signed_in(request, Kind.UPLOAD)
    kib = -(-uploading.announced(request) // 1024)
    await request.app[GATE].take(Kind.UPLOADED_KIB, who(request), cost=kib)
    with request.app[UPLOADING].one(who(request)):
        try:
            file = await _taken(request)
        except ChatError as error:
            request.app[METRICS].uploads.labels(error.reason).inc()
            raise
    request.app[METRICS].uploads.labels("kept").inc()
    return web.json_response({"id": file.id}, status=201)


@routes.get("/api/chat/attachments/{id}")
async def fetch(request: web.Request) -> web.StreamResponse:
    """Give a file back to the conversation that it came in."""
    conversation = await signed_in(request, Kind.READ)
    evidence = request.app[DESK].evidence
    try:
        file, content = await evidence.read_in_chat(conversation, request.match_info["id"])
    except EvidenceNotFound:
        raise ChatError("attachment_not_found") from None
    except FileDamaged:
        log.error("attachment_damaged", attachment=request.match_info["id"])
        raise ChatError("attachment_not_found") from None
    return download(content, file.label, file.kind.content_type)


async def _taken(request: web.Request) -> Evidence:
    speaker = request[SPEAKER]
    folder = request.app[SETTINGS].uploads
    async with (
        uploading.received(request, folder, request.app[TIMINGS]) as received,
        request.app[IN_MEMORY],
    ):
        content = await received.content()
        try:
            return await request.app[DESK].evidence.give_in_chat(
                speaker.brand, speaker.conversation, content, received.name
            )
        except FileRefused as refused:
            raise ChatError(REASONS[type(refused)]) from None
        except OSError as error:
            raise uploading.no_room(error) from None
