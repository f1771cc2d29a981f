"""Files that somebody else made, on their way to a browser: always saved, never shown in place.

Knows the headers that keep a file from being run or framed under our address. Leaves who may have
it, and where it is kept, to the routes.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path
from urllib.parse import quote

from aiohttp import web

from bot.gateway.headers import DOWNLOAD_POLICY, own_policy

TYPES = {
    "image/png": ".png",
    "image/jpeg": ".jpg",
    "application/pdf": ".pdf",
}
"""What is sent as what it is, and the ending its name gets; all else goes as plain bytes."""
BYTES = "application/octet-stream"
LONGEST_NAME = 120
_UNFIT = re.compile(r'[\\/:*?"<>|%;]+')


def download(content: bytes | Path, name: str, media_type: str) -> web.StreamResponse:
    """Answer with a file to be saved as ``name``.

    ``media_type`` is what was found in the content; what an uploader claimed must not get here.
    """
    known = media_type if media_type in TYPES else BYTES
    headers = {
        "Content-Type": known,
        "Content-Disposition": disposition(name, known),
        "Cache-Control": "private, no-store",
    }
    response: web.StreamResponse
    if isinstance(content, Path):
        response = web.FileResponse(content, headers=headers)
    else:
        response = web.Response(body=content, headers=headers)
    return own_policy(response, DOWNLOAD_POLICY)


def disposition(name: str, media_type: str = BYTES) -> str:
    """``attachment`` with the name twice: in ASCII for old programs, and as it is (RFC 6266)."""
    safe = safe_name(name, media_type)
    plain = "".join(each if each.isascii() else "_" for each in safe)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(safe, safe='')}"


def safe_name(name: str, media_type: str = BYTES) -> str:
    """A name without folders, control and direction characters, and with its type's own ending.

    ``invoice.pdf.html`` that is a PDF is saved as ``invoice.pdf``: a double click opens no page.
    """
    seen = unicodedata.normalize("NFC", name)
    kept = "".join(
        each for each in seen if unicodedata.category(each)[0] not in "CZ" or each == " "
    )
    stem = _UNFIT.sub("_", kept.replace("\\", "/").rsplit("/", 1)[-1]).strip(" ._")
    ending = TYPES.get(media_type, ".bin")
    while claimed := re.search(r"\.[A-Za-z][A-Za-z0-9]{1,4}$", stem):
        stem = stem[: claimed.start()]
    return (stem.strip(" .")[:LONGEST_NAME] or "file") + ending
