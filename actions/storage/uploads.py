"""Customers' files on disk, each under its own hash: the same content is one file.

Knows how a file is written so that it is there whole or not at all, and checked when read.
Nothing that a customer typed ever becomes part of a path.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from pathlib import Path

from actions.domain.errors import FileDamaged

_HASH = re.compile(r"[0-9a-f]{64}")


class Uploads:
    """The folder with all files; it is made when the first one comes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, content: bytes) -> str:
        """Keep ``content`` for good; its SHA-256."""
        sha256 = hashlib.sha256(content).hexdigest()
        path = self._path(sha256)
        if self._is_whole(path, sha256):
            return sha256
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        _flush_folder(path.parent)
        return sha256

    def get(self, sha256: str) -> bytes:
        """The content with this hash. Raises ``FileDamaged`` when it is gone or another."""
        try:
            content = self._path(sha256).read_bytes()
        except FileNotFoundError:
            raise FileDamaged() from None
        if hashlib.sha256(content).hexdigest() != sha256:
            raise FileDamaged()
        return content

    def has(self, sha256: str) -> bool:
        """Whether there is a file for this hash; it is not read."""
        return self._path(sha256).is_file()

    def remove(self, sha256: str) -> None:
        """Let go of the content with this hash, if it is there. The caller has seen to it that
        nobody's row points at it, and that none comes to meanwhile.
        """
        self._path(sha256).unlink(missing_ok=True)

    def _is_whole(self, path: Path, sha256: str) -> bool:
        """Whether it lies there already; a damaged one is written again."""
        return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == sha256

    def _path(self, sha256: str) -> Path:
        if not _HASH.fullmatch(sha256):
            raise FileDamaged()
        return self._folder / sha256[:2] / sha256


def _flush_folder(folder: Path) -> None:
    """Make the new name itself outlive a power cut."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
