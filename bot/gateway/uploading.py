"""An upload on its way in: a form with one file, read piece by piece into a nameless file.

Knows the form, sizes, patience and the disk. The file has no name from the first byte on, so
that nothing of it is left whatever happens: a client that goes away, a refusal, a killed process.
What is in it is for others to judge.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import aiohttp
import structlog
from aiohttp import BodyPartReader, MultipartReader, web
from aiohttp.http_exceptions import HttpProcessingError

from actions.domain.evidence import MOST_BYTES
from bot.gateway.errors import ChatError
from bot.gateway.timings import Timings

log = structlog.get_logger("gateway.uploading")

FIELD = "file"
MOST_AROUND = 64 * 1024
"""For the form around the file."""
LONGEST_HEADER = 64 * 1024
"""A file name of 4,000 Chinese characters has 36,000 bytes at its longest; it is cut later."""
PIECE = 64 * 1024
LEAST_FREE_SHARE = 0.02
"""Of the disk; the database on it must be able to go on writing."""

# Whatever a parser of other people's bytes may make of them; a broken line among it.
UNREADABLE = (
    ValueError,
    AssertionError,
    LookupError,
    RuntimeError,
    HttpProcessingError,
    aiohttp.ClientError,
    ConnectionError,
    EOFError,
)


@dataclass(frozen=True)
class Received:
    """A file that has come whole, and the customer's name for it."""

    name: str
    _file: IO[bytes]

    async def content(self) -> bytes:
        """All of it, in memory."""

        def read() -> bytes:
            self._file.seek(0)
            return self._file.read()

        return await asyncio.to_thread(read)


def announced(request: web.Request) -> int:
    """How many bytes the body will have; the most that it may have where it does not say.

    Raises:
        ChatError: not a plain form; more than a file may have.
    """
    if request.content_type != "multipart/form-data" or "Content-Encoding" in request.headers:
        raise ChatError("not_a_form")
    most = MOST_BYTES + MOST_AROUND
    length = most if request.content_length is None else request.content_length
    if length > most:
        raise ChatError("file_too_large")
    return max(1, length)


@asynccontextmanager
async def received(request: web.Request, folder: Path, timings: Timings) -> AsyncIterator[Received]:
    """The one file of the form, for as long as the block lasts.

    Raises:
        ChatError: no form, no file or several, too large, too slow, not whole, no room for it.
    """
    try:
        file = await asyncio.to_thread(_nameless, folder)
    except OSError as error:
        raise no_room(error) from None
    try:
        yield Received(await _in_time(request, file, timings), file)
    finally:
        await asyncio.to_thread(file.close)


def no_room(error: OSError) -> ChatError:
    """The disk is full, or can't be written to: a matter for us, not for the customer."""
    log.error("uploads_not_writable", error=type(error).__name__, number=error.errno)
    return ChatError("no_room_for_files")


def _nameless(folder: Path) -> IO[bytes]:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    disk = shutil.disk_usage(folder)
    if disk.free < disk.total * LEAST_FREE_SHARE:
        log.error("uploads_disk_nearly_full", free=disk.free, total=disk.total)
        raise ChatError("no_room_for_files")
    return tempfile.TemporaryFile(dir=folder)


async def _in_time(request: web.Request, file: IO[bytes], timings: Timings) -> str:
    try:
        async with asyncio.timeout(timings.upload):
            return await _read_form(request, file, timings.upload_silence)
    except TimeoutError:
        raise ChatError("upload_too_slow", headers={"Connection": "close"}) from None
    except UNREADABLE:
        raise ChatError("bad_upload") from None


async def _read_form(request: web.Request, file: IO[bytes], silence: float) -> str:
    """Write the content of the form's one file to ``file``; its name."""
    form = MultipartReader(request.headers, request.content, max_field_size=LONGEST_HEADER)
    part = await asyncio.wait_for(form.next(), silence)
    if not isinstance(part, BodyPartReader) or part.name != FIELD:
        raise ChatError("no_file")
    size = 0
    while piece := await asyncio.wait_for(part.read_chunk(PIECE), silence):
        size += len(piece)
        if size > MOST_BYTES:
            raise ChatError("file_too_large")
        await _write(file, piece)
    # Only a form that ends as forms do has come whole.
    if await asyncio.wait_for(form.next(), silence) is not None:
        raise ChatError("one_file")
    if not size:
        raise ChatError("no_file")
    return part.filename or ""


async def _write(file: IO[bytes], piece: bytes) -> None:
    try:
        await asyncio.to_thread(file.write, piece)
    except OSError as error:
        raise no_room(error) from None
