"""Reading what strangers send: sizes, encodings, types.

Knows nothing of conversations: it gives back plain checked values or raises ``ChatError``.
"""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any

from aiohttp import web
from aiohttp.http_exceptions import ContentEncodingError, PayloadEncodingError

from actions.domain.evidence import MOST_FILES
from actions.storage.conversations import LANGUAGES
from bot.gateway.errors import ChatError
from bot.gateway.keys import TIMINGS

LARGEST_BODY = 64 * 1024
LONGEST_TEXT = 4000
UNREADABLE = "\ufffd"

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


async def json_object(request: web.Request) -> dict[str, Any]:
    """Read a JSON object of at most 64 KB; broken UTF-8 becomes U+FFFD.

    Raises:
        ChatError: another content type, too large, too slow, not JSON, not an object.
    """
    if request.content_type != "application/json":
        raise ChatError("wrong_content_type")
    raw = await _read(request)
    try:
        value = json.loads(raw.decode("utf-8", errors="replace").replace("\x00", UNREADABLE))
    except (ValueError, RecursionError):
        raise ChatError("bad_json") from None
    if not isinstance(value, dict):
        raise ChatError("bad_body")
    return value


async def _read(request: web.Request) -> bytes:
    if (request.content_length or 0) > LARGEST_BODY:
        raise ChatError("body_too_large")
    body = bytearray()
    try:
        async with asyncio.timeout(request.app[TIMINGS].slowest_body):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > LARGEST_BODY:
                    raise ChatError("body_too_large")
    except TimeoutError:
        raise ChatError("too_slow", headers={"Connection": "close"}) from None
    except (web.RequestPayloadError, ContentEncodingError, PayloadEncodingError, ConnectionError):
        # Chunks or compression that can't be read, or a caller who left in the middle.
        raise ChatError("bad_request", headers={"Connection": "close"}) from None
    return bytes(body)


def clean(text: str) -> str:
    """Replace what no database and no JSON can hold: NUL and lone surrogates."""
    return _UNSTORABLE.sub(UNREADABLE, text)


def required_text(body: dict[str, Any], field: str) -> str:
    """A string that must be there."""
    value = body.get(field)
    if not isinstance(value, str):
        raise ChatError("bad_field", field=field)
    return clean(value)


def optional_text(body: dict[str, Any], field: str, longest: int = LONGEST_TEXT) -> str | None:
    """A string, or None when it is null or missing.

    Raises:
        ChatError: not a string; longer than ``longest`` characters.
    """
    if body.get(field) is None:
        return None
    text = required_text(body, field)
    if len(text) > longest:
        raise ChatError("text_too_long")
    return text


def message_id(body: dict[str, Any]) -> str:
    """The client's UUID in lower case."""
    value = required_text(body, "id").lower()
    if not _UUID.fullmatch(value):
        raise ChatError("bad_field", field="id")
    return value


def language(body: dict[str, Any], *, required: bool) -> str | None:
    """``zh``, ``en``, or None when it may be missing and is."""
    value = body.get("language")
    if value is None and not required:
        return None
    if value not in LANGUAGES:
        raise ChatError("bad_field", field="language")
    return str(value)


def stars(body: dict[str, Any]) -> int:
    """A whole number from 1 to 5."""
    value = body.get("stars")
    if type(value) is not int or not 1 <= value <= 5:
        raise ChatError("bad_field", field="stars")
    return value


def attachment_ids(body: dict[str, Any]) -> list[str]:
    """Ids of files that were uploaded before, each once; none when the field is missing."""
    value = body.get("attachments")
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ChatError("bad_field", field="attachments")
    if len(value) > MOST_FILES:
        raise ChatError("bad_field", field="attachments")
    return list(dict.fromkeys(value))


def sequence(text: str | None, field: str = "after") -> int:
    """The number of a message, 0 when none is named."""
    if text is None:
        return 0
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise ChatError("bad_query", field=field)
    return int(text)


def seconds(text: str | None, longest: float) -> float:
    """A time to wait, cut to ``longest``; 0 when none is given."""
    if text is None:
        return 0.0
    if not re.fullmatch(r"[0-9]{1,6}(\.[0-9]{1,6})?", text):
        raise ChatError("bad_query", field="wait")
    return min(float(text), longest)


def preferred_language(header: str | None) -> str:
    """The better liked of our two languages in ``Accept-Language``; Chinese when neither is."""
    best, best_weight = LANGUAGES[0], 0.0
    for item in (header or "").split(","):
        name, _, parameter = item.strip().partition(";")
        tag = name.strip().lower().split("-")[0]
        weight = re.fullmatch(r"\s*q\s*=\s*([01](?:\.[0-9]{0,3})?)\s*", parameter)
        liked = float(weight[1]) if weight else float(not parameter)
        if tag in LANGUAGES and liked > best_weight:
            best, best_weight = tag, liked
    return best
