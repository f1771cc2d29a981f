"""What the HTTP server itself answers before any of our code runs: broken request lines, overlong
headers, lengths that contradict each other.

aiohttp would quote the request back in plain text without one security header, and log it with a
trace and the caller's address. Here it is a bare 400 that says nothing of anybody. aiohttp has no
setting for it; the change holds for the whole process, and is made when the app is built.
"""

from __future__ import annotations

import json

import structlog
from aiohttp import web
from aiohttp.web_protocol import RequestHandler

from bot.gateway.errors import ChatError
from bot.gateway.headers import HEADERS, NOTHING

log = structlog.get_logger("gateway.wire")


def quiet_errors() -> None:
    """Have this process' HTTP servers answer what they can't read, or lost, in our words."""
    RequestHandler.handle_error = _refuse  # type: ignore[method-assign]


def _refuse(
    self: RequestHandler,
    request: web.BaseRequest,
    status: int = 500,
    exc: BaseException | None = None,
    message: str | None = None,
) -> web.StreamResponse:
    """Takes what aiohttp's own ``handle_error`` takes; ``message`` may quote the request."""
    log.warning("unreadable_request", status=status, error=type(exc).__name__)
    if request.writer.output_size > 0:
        raise ConnectionError("an answer has begun: the connection can only be closed")
    error = ChatError("internal_error" if status >= 500 else "bad_request")
    response = web.Response(
        status=error.status,
        text=json.dumps(error.body()),
        content_type="application/json",
        headers={**HEADERS, "Content-Security-Policy": NOTHING, "Cache-Control": "no-store"},
    )
    response.force_close()
    return response
