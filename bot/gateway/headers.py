"""The security headers of every kind of answer.

Knows which kind gets which. Leaves setting them on each answer to ``web``, and on those that
aiohttp makes before our code is reached to ``wire``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar
from urllib.parse import urlsplit

from aiohttp import web

Answer = TypeVar("Answer", bound=web.StreamResponse)

NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""What holds data only, should a browser ever show it as a page: nothing is loaded or run."""
_PAGE = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; "
)
PAGE_POLICY = f"{_PAGE}frame-ancestors 'none'"
DOWNLOAD_POLICY = f"sandbox; {NOTHING}"

HEADERS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "accelerometer=(), autoplay=(), browsing-topics=(), camera=(), "
    "display-capture=(), fullscreen=(), geolocation=(), gyroscope=(), magnetometer=(), "
    "microphone=(), midi=(), payment=(), publickey-credentials-get=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Permitted-Cross-Domain-Policies": "none",
    "Server": "refund-desk",
}
"""On every answer, whoever made it."""
ONE_YEAR = 365 * 24 * 60 * 60
STRICT_TRANSPORT = f"max-age={ONE_YEAR}"
"""Without ``includeSubDomains``: a desk at help.example.com knows nothing of what else its owner
runs below that name, and could cut it off for a year. A proxy in front may say more.
"""
_OWN_POLICY = web.ResponseKey("policy", str)
_FRAMED_BY = web.ResponseKey("framed_by", tuple[str, ...])


def own_policy(response: Answer, policy: str) -> Answer:
    """Have ``response`` sent with this Content-Security-Policy in place of its kind's."""
    response[_OWN_POLICY] = policy
    return response


def framed_by(response: Answer, sites: Sequence[str]) -> Answer:
    """Let these origins, and this desk itself, show the page in a frame."""
    response[_FRAMED_BY] = tuple(sites)
    return response


def of(response: web.StreamResponse, public_url: str) -> dict[str, str]:
    """The headers that this answer is sent with."""
    headers = dict(HEADERS) | {"Content-Security-Policy": _policy(response)}
    sites = response.get(_FRAMED_BY)
    if sites is not None:
        # X-Frame-Options can't name several sites; frame-ancestors alone rules here.
        del headers["X-Frame-Options"]
        headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        headers["Content-Security-Policy"] = f"{_PAGE}frame-ancestors 'self' {' '.join(sites)}"
    if urlsplit(public_url).scheme == "https":
        headers["Strict-Transport-Security"] = STRICT_TRANSPORT
    return headers


def _policy(response: web.StreamResponse) -> str:
    chosen: str | None = response.get(_OWN_POLICY)
    if chosen is not None:
        return chosen
    return PAGE_POLICY if response.content_type == "text/html" else NOTHING
