"""Which sites' pages may call the chat and load the widget: those that a brand lists, and our own.

Knows origins and what browsers are told about them (CORS). No cookie is ever involved: a token
travels in ``Authorization``, so nothing is allowed "with credentials". The ``Host`` header is not
asked: the desk's own origin is ``DESK_PUBLIC_URL``.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from aiohttp import web

from actions.policy.brand import Brand
from actions.settings import is_loopback
from bot.gateway.errors import ChatError
from bot.gateway.keys import DESK, SETTINGS

CHAT = "/api/chat/"
WIDGET = "/widget/"
PREFLIGHT_SECONDS = 600
METHODS = "GET, POST"
REQUEST_HEADERS = "Authorization, Content-Type, Last-Event-ID"
EXPOSED = "Retry-After, X-Request-Id"


def check_site(request: web.Request, brand: Brand) -> None:
    """Let a conversation begin on one of the brand's own sites, or ours, only.

    Programs send no ``Origin`` and are not asked for one.

    Raises:
        ChatError: the page that asks is on another site; another brand's counts as one.
    """
    origin = request.headers.get("Origin")
    if origin is not None and not _is_ours(request, origin) and origin not in brand.trust.sites:
        raise ChatError("site_not_listed")


def is_preflight(request: web.Request) -> bool:
    """A browser asks whether a page may call the chat."""
    return (
        request.method == "OPTIONS"
        and request.path.startswith(CHAT)
        and "Origin" in request.headers
        and "Access-Control-Request-Method" in request.headers
    )


def preflight(request: web.Request) -> web.Response:
    """The answer to that: methods and headers for a listed site.

    Raises:
        ChatError: the site is on no brand's list.
    """
    if not _may_call(request, request.headers["Origin"]):
        raise ChatError("site_not_listed")
    return web.Response(
        status=204,
        headers={
            "Access-Control-Allow-Methods": METHODS,
            "Access-Control-Allow-Headers": REQUEST_HEADERS,
            "Access-Control-Max-Age": str(PREFLIGHT_SECONDS),
        },
    )


def add_cors(request: web.Request, response: web.StreamResponse) -> None:
    """Tell the browser whether the page that asked may read this answer."""
    bundle = request.path.startswith(WIDGET) and request.path.endswith(".js")
    if not bundle and not request.path.startswith(CHAT):
        return
    response.headers.add("Vary", "Origin")
    if bundle:
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    origin = request.headers.get("Origin")
    if origin is not None and _may_call(request, origin):
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Expose-Headers"] = EXPOSED


def _may_call(request: web.Request, origin: str) -> bool:
    brands = request.app[DESK].brands.values()
    return _is_ours(request, origin) or any(origin in brand.trust.sites for brand in brands)


def _is_ours(request: web.Request, origin: str) -> bool:
    settings = request.app[SETTINGS]
    if origin == origin_of(settings.public_url):
        return True
    return settings.demo and _is_on_this_machine(origin)


def origin_of(url: str) -> str:
    """The scheme, host and port of an address as browsers write them in ``Origin``."""
    parts = urlsplit(url)
    default = {"https": ":443", "http": ":80"}.get(parts.scheme, "")
    return f"{parts.scheme}://{parts.netloc.lower().removesuffix(default)}"


def _is_on_this_machine(origin: str) -> bool:
    try:
        parts = urlsplit(origin)
        return parts.scheme in ("http", "https") and is_loopback(parts.hostname or "")
    except ValueError:  # such as half an IPv6 address
        return False
