"""A mailer that keeps what it was given, and fails when told to."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail as it was handed over."""

    to: str
    subject: str
    text: str
    html: str
    message_id: str
    sender_name: str


class FakeMailer:
    """``sent`` is what went out; each of ``failures`` is raised instead of one sending."""

    def __init__(self) -> None:
        self.sent: list[Mail] = []
        self.failures: deque[Exception] = deque()

    async def send(
        self,
        to: str,
        subject: str,
        text: str,
        html: str,
        message_id: str,
        *,
        sender_name: str = "",
    ) -> None:
        """Keep the mail, or raise the next failure."""
        if self.failures:
            raise self.failures.popleft()
        self.sent.append(Mail(to, subject, text, html, message_id, sender_name))
