"""Files of strangers given back so that no browser ever runs or shows them in our name."""

from __future__ import annotations

from urllib.parse import quote

from aiohttp import web

SAFE = {
    "Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


def download(content: bytes, name: str, media_type: str) -> web.StreamResponse:
    """An answer that is saved under ``name`` and never opened in its place."""
    plain = "".join(
        char if char.isascii() and (char.isalnum() or char in " -_.") else "_" for char in name
    )
    saved_as = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    return web.Response(
        body=content,
        content_type=media_type,
        headers={**SAFE, "Content-Disposition": saved_as},
    )
