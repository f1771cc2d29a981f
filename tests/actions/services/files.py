"""Small whole files of each kind, for the tests beside this file."""

from __future__ import annotations

import zlib

_HEADER = b"\0\0\0\1\0\0\0\1\x08\0\0\0\0"


def chunk(kind: bytes, data: bytes = b"") -> bytes:
    """One chunk of a PNG, with its length and checksum."""
    checksum = zlib.crc32(kind + data).to_bytes(4)
    return len(data).to_bytes(4) + kind + data + checksum


def a_png(comment: str = "") -> bytes:
    """A picture of one grey pixel; another comment makes another file."""
    chunks = [chunk(b"IHDR", _HEADER), chunk(b"IDAT", zlib.compress(b"\0\x80")), chunk(b"IEND")]
    if comment:
        chunks.insert(1, chunk(b"tEXt", b"Comment\0" + comment.encode()))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def segment(marker: int, data: bytes) -> bytes:
    """One segment of a JPEG, with its length."""
    return bytes((0xFF, marker)) + (len(data) + 2).to_bytes(2) + data


def a_jpeg(scan: bytes = b"\x12\xff\x00\x34\xff\xd0\x56") -> bytes:
    """A picture in structure only; ``scan`` is its compressed data."""
    frame = segment(0xC0, b"\x08\0\1\0\1\1\1\x11\0")
    header = segment(0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0")
    return b"\xff\xd8" + header + frame + segment(0xDA, b"\1\1\0\0\x3f\0") + scan + b"\xff\xd9"


def a_pdf(words: str = "") -> bytes:
    """A document without a page."""
    body = f"%PDF-1.4\n%{words}\n1 0 obj<</Type/Catalog>>endobj\n".encode()
    end = f"xref\n0 1\ntrailer<</Root 1 0 R>>\nstartxref\n{len(body)}\n%%EOF\n"
    return body + end.encode()
