"""What every request and answer goes through: an id, security headers, errors without innards, one
log line.

Knows nothing of chats. Log lines carry the route's pattern, never the address itself, a body or a
token.
"""

from __future__ import annotations

import secrets
import time
import traceback

import aiohttp_jinja2
import structlog
from aiohttp import web
from aiohttp.typedefs import Handler

from bot.gateway import headers, origins
from bot.gateway.bodies import preferred_language
from bot.gateway.errors import ChatError
from bot.gateway.keys import SETTINGS

log = structlog.get_logger("gateway.web")

REQUEST_ID = web.RequestKey("id", str)
OWN_HEADERS = web.RequestKey("own_headers", dict[str, str])
"""A page's own values of some of ``HEADERS``."""
LANGUAGE_COOKIE = "desk_language"
REASONS = {404: "not_found", 405: "wrong_method", 413: "body_too_large"}


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Runs just before any answer is sent, whoever made it."""
    response.headers.update(headers.of(response, request.app[SETTINGS].public_url))
    response.headers.update(request.get(OWN_HEADERS, {}))
    origins.add_cors(request, response)
    response.headers.setdefault("Cache-Control", "no-store")
    if REQUEST_ID in request:
        response.headers["X-Request-Id"] = request[REQUEST_ID]


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The outermost boundary: whatever happens inside becomes a proper answer."""
    request[REQUEST_ID] = secrets.token_hex(8)
    started = time.perf_counter()
    try:
        if origins.is_preflight(request):
            response: web.StreamResponse = origins.preflight(request)
        else:
            response = await handler(request)
    except ChatError as error:
        response = error.response()
    except web.HTTPException as error:
        response = _refused(request, error)
    except Exception as error:
        # The message may quote what a customer wrote; where it happened does not.
        where = [f"{at.filename}:{at.lineno}" for at in traceback.extract_tb(error.__traceback__)]
        log.error(
            "request_failed", request=request[REQUEST_ID], error=type(error).__name__, at=where
        )
        response = _error(request, ChatError("internal_error"))
    resource = request.match_info.route.resource
    log.info(
        "request",
        request=request[REQUEST_ID],
        method=request.method,
        route=resource.canonical if resource else None,
        status=response.status,
        milliseconds=round((time.perf_counter() - started) * 1000, 1),
    )
    return response


def language_of(request: web.Request) -> str:
    """The language of a page: ``?lang=`` or what was chosen before, if it is one of ours; else
    what the browser prefers.
    """
    for asked in (request.query.get("lang"), request.cookies.get(LANGUAGE_COOKIE)):
        if asked in ("zh", "en"):
            return asked
    return preferred_language(request.headers.get("Accept-Language"))


def _refused(request: web.Request, error: web.HTTPException) -> web.StreamResponse:
    if error.status < 400:
        return error
    allow = error.headers.get("Allow")
    reason = REASONS.get(error.status, "bad_request")
    if error.status >= 500:
        reason = "internal_error"
    return _error(request, ChatError(reason, headers={"Allow": allow} if allow else None))


def _error(request: web.Request, error: ChatError) -> web.StreamResponse:
    if request.path.startswith(("/api/", "/metrics")):
        return error.response()
    language = language_of(request)
    response = aiohttp_jinja2.render_template(
        "error.html.jinja",
        request,
        {
            "language": language,
            "words": error.body()["error"],
            "request_id": request[REQUEST_ID],
            "home": "/console" if request.path.startswith("/console") else "/",
        },
        status=error.status,
    )
    response.headers.update(error.headers)
    return response
