"""Files that customers give: what kind they are by their content, and what they may be called.

Knows the structure of PNG, JPEG and PDF well enough to tell a whole file from a cut or disguised
one. Whose they are and where they lie is left to others.
"""

import re
import unicodedata
import zlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

MOST_BYTES = 10 * 1024 * 1024
MOST_FILES = 10
"""In one case, or in one chat before there is a case."""
LONGEST_LABEL = 120


class FileKind(StrEnum):
    """What can be taken."""

    PNG = "png"
    JPEG = "jpeg"
    PDF = "pdf"

    @property
    def content_type(self) -> str:
        """What a browser is told that it is."""
        return "application/pdf" if self is FileKind.PDF else f"image/{self}"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One file: whose it is, where it belongs, and what it is called when shown.

    ``account_id`` is None where a chat gave it before it had proved anything.
    """

    id: str
    brand: str
    account_id: str | None
    conversation: str | None
    case_number: str | None
    sha256: str
    kind: FileKind
    size: int
    label: str
    given_at: datetime


def kind_of(content: bytes) -> FileKind | None:
    """What ``content`` is, whatever it is called; None if it is nothing we take, or not whole."""
    for kind, is_whole in _CHECKS.items():
        if is_whole(content):
            return kind
    return None


def label_of(name: str, kind: FileKind) -> str:
    """A customer's file name as it may be shown: no folders, nothing invisible, not too long."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    seen = "".join(char if _is_visible(char) else " " for char in last)
    label = " ".join(seen.split()).strip(". ")
    return label[:LONGEST_LABEL].rstrip() or f"file.{kind}"


def _is_visible(char: str) -> bool:
    # Control, format (bidi overrides, zero width), surrogate, private, unassigned; separators.
    return unicodedata.category(char)[0] not in "CZ"


_MOST_PIECES = 100_000
"""Chunks or segments that are followed; a file made to keep us busy is no evidence."""

# --- PNG -----------------------------------------------------------------------------------

_PNG = b"\x89PNG\r\n\x1a\n"
_FIRST_CHUNK = b"\0\0\0\rIHDR"
_CHUNK_FRAME = 12  # length, type and checksum around a chunk's data


def _is_png(content: bytes) -> bool:
    """Its chunks follow one another with right checksums, from IHDR by way of IDAT to IEND.

    What comes after the end is nobody's; some phones leave something there.
    """
    if not content.startswith(_PNG):
        return False
    if content[len(_PNG) : len(_PNG) + 8] != _FIRST_CHUNK:
        return False
    place, has_pixels = len(_PNG), False
    for _ in range(_MOST_PIECES):
        end = place + _CHUNK_FRAME + int.from_bytes(content[place : place + 4])
        if end > len(content) or not _has_right_checksum(content[place:end]):
            return False
        kind = content[place + 4 : place + 8]
        if kind == b"IEND":
            return has_pixels
        has_pixels = has_pixels or kind == b"IDAT"
        place = end
    return False


def _has_right_checksum(chunk: bytes) -> bool:
    return zlib.crc32(chunk[4:-4]) == int.from_bytes(chunk[-4:])


# --- JPEG ----------------------------------------------------------------------------------

_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
_MARKER = re.compile(rb"\xff+([^\x00\xff])")
_NEXT_MARKER = re.compile(rb"\xff([^\x00\xff\xd0-\xd7])")
"""Within compressed data a stuffed zero or a restart does not end it."""


def _is_jpeg(content: bytes) -> bool:
    """Its segments lead from the start by way of a frame and a scan to the end of the image."""
    if not content.startswith(b"\xff\xd8\xff"):
        return False
    place, seen = 2, {_SOI}
    for _ in range(_MOST_PIECES):
        found = _marker_at(content, place, in_scan=_SOS in seen)
        if found is None:
            return False
        marker, place = found
        if marker == _EOI:
            return _SOS in seen and not seen.isdisjoint(_FRAMES)
        if marker not in _ALONE:
            length = int.from_bytes(content[place : place + 2])
            if length < 2:
                return False
            place += length
        seen.add(marker)
    return False


def _marker_at(content: bytes, place: int, *, in_scan: bool) -> tuple[int, int] | None:
    """The marker that stands at ``place`` (in compressed data: the next), and where it ends."""
    found = _NEXT_MARKER.search(content, place) if in_scan else _MARKER.match(content, place)
    return (found[1][0], found.end()) if found else None


# --- PDF -----------------------------------------------------------------------------------

_PDF_HEADER = re.compile(rb"%PDF-[12]\.[0-9]")
_PDF_END = re.compile(rb"startxref\s+([0-9]+)\s+%%EOF")
_TAIL = 2048


def _is_pdf(content: bytes) -> bool:
    """It begins with its version and ends by saying where its table of contents lies."""
    if not _PDF_HEADER.match(content):
        return False
    ends = _PDF_END.findall(content[-_TAIL:])
    return bool(ends) and int(ends[-1]) < len(content)


_CHECKS = {FileKind.PNG: _is_png, FileKind.JPEG: _is_jpeg, FileKind.PDF: _is_pdf}
