"""The demo's mail: an SMTP server that accepts everything and delivers nothing.

Knows the mailbox on disk, which a restart keeps. Leaves showing it to ``pages``. It never runs in
live mode: what it holds (one-time codes among it) anybody may read.
"""

from __future__ import annotations

import asyncio
import contextlib
import email
import email.policy
import mailbox
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from actions.storage.demo_mailbox import RECEIVED_FOR

LARGEST_MAIL = 5 * 1024 * 1024
RECEIVED_AT = "X-Desk-Received-At"


class DemoMail:
    """A mailbox under ``folder`` and, once started, the SMTP server that fills it."""

    def __init__(self, folder: Path) -> None:
        folder.parent.mkdir(parents=True, exist_ok=True)
        self._box = mailbox.Maildir(folder, create=True)
        self._server: asyncio.Server | None = None
        self._one_at_a_time = asyncio.Lock()

    async def start(self, host: str, port: int) -> None:
        """Listen for mail.

        Raises:
            OSError: the port is taken.
        """
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._connection, host, port)

    def _connection(self) -> SMTP:
        return SMTP(
            self,
            loop=asyncio.get_running_loop(),
            hostname="localhost",
            ident="refund-desk demo",
            data_size_limit=LARGEST_MAIL,
            enable_SMTPUTF8=True,
        )

    async def stop(self) -> None:
        """Accept no more mail."""
        if self._server is not None:
            self._server.close()

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        """Keep one mail, marked with when it came and for whom."""
        content = envelope.content
        raw = content.encode() if isinstance(content, str) else content or b""
        people = ", ".join(address.strip() for address in envelope.rcpt_tos)
        at = datetime.now(UTC).isoformat()
        marks = f"{RECEIVED_AT}: {at}\r\n{RECEIVED_FOR}: {people}\r\n"
        async with self._one_at_a_time:
            await asyncio.to_thread(self._box.add, marks.encode() + raw)
        return "250 OK"

    async def messages(self) -> list[dict[str, Any]]:
        """All mail, newest first: to, subject, text, html, at (ISO, UTC)."""
        async with self._one_at_a_time:
            found = await asyncio.to_thread(self._read)
        return sorted(found, key=lambda mail: str(mail["at"]), reverse=True)

    def _read(self) -> list[dict[str, Any]]:
        found = []
        for key in self._box.iterkeys():
            with contextlib.suppress(KeyError):  # erased meanwhile, with the person it was for
                found.append(_summary(self._box.get_bytes(key)))
        return found


def _summary(raw: bytes) -> dict[str, Any]:
    message = email.message_from_bytes(raw, policy=email.policy.default)
    return {
        "to": str(message[RECEIVED_FOR] or ""),
        "subject": str(message["Subject"] or ""),
        "text": _part(message, "plain"),
        "html": _part(message, "html"),
        "at": str(message[RECEIVED_AT] or ""),
    }


def _part(message: EmailMessage, kind: str) -> str | None:
    part = message.get_body((kind,))
    if part is None:
        return None
    try:
        return str(part.get_content()).replace("\r\n", "\n")
    except (LookupError, ValueError):  # an unknown charset, or bytes that are not of it
        payload = part.get_payload(decode=True)
        return payload.decode("utf-8", errors="replace") if isinstance(payload, bytes) else None
