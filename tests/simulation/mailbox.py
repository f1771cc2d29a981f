"""The customers' mail: the demo mailbox on disk, each mail read once however many there are."""

from __future__ import annotations

import asyncio
import contextlib
import email
import email.policy
import re
from collections import defaultdict
from pathlib import Path

from actions.storage.demo_mailbox import RECEIVED_FOR

_CODE = re.compile(r"\b\d{6}\b")


class Mailbox:
    """All mail of one desk under ``folder``."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: set[str] = set()
        self._codes: dict[str, list[str]] = defaultdict(list)

    def codes(self, address: str) -> list[str]:
        """Every code mailed to this address so far, oldest first."""
        self._look()
        return self._codes[address.casefold()]

    async def next_code(self, address: str, seen: int, seconds: float) -> str | None:
        """The newest code after the first ``seen``; None if none comes in time."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                # No event reaches across processes.
                while len(self.codes(address)) <= seen:  # noqa: ASYNC110
                    await asyncio.sleep(0.05)
                return self.codes(address)[-1]
        return None

    def _look(self) -> None:
        new = self._folder / "new"
        if not new.is_dir():
            return
        arrived = {path.name: path for path in new.iterdir() if path.name not in self._read}
        for path in sorted(arrived.values(), key=lambda path: path.stat().st_mtime_ns):
            self._read.add(path.name)
            mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
            body = mail.get_body(("plain",))
            code = _CODE.search(str(body.get_content())) if body else None
            if code:
                for address in str(mail[RECEIVED_FOR] or "").split(","):
                    self._codes[address.strip().casefold()].append(code[0])
