"""Rasa's private channel as the gateway calls it.

Knows its wire, when to try again and when that is pointless. The message's id is the same on
every try, so that trying again never does anything twice. Leaves waiting customers to ``inbox``.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from actions.domain.errors import DeskError
from bot.gateway.timings import Timings

MOST_FAULTS = 4
"""So often Rasa may fail on one message; then the message is the cause, not the moment."""
MOST_AT_ONCE = 32


class RasaUnavailable(DeskError):
    """Rasa can't be reached, or is not ready."""


class TurnFailed(DeskError):
    """Rasa was reached and has no answer to this message."""


@dataclass(frozen=True)
class Question:
    """One turn, as it is sent."""

    conversation: str
    message: str
    text: str
    payload: str | None
    brand: str
    language: str
    language_locked: bool
    has_files: bool = False
    """Files came with it; Rasa is not told, the gateway itself says that they are here."""

    @property
    def says_nothing(self) -> bool:
        """There are no words in it: the message was a file."""
        return self.payload is None and not self.text.strip()

    def body(self) -> dict[str, Any]:
        """The JSON of it; typed text has no payload."""
        body: dict[str, Any] = {
            "conversation": self.conversation,
            "message": self.message,
            "text": self.text,
            "brand": self.brand,
            "language": self.language,
            "language_locked": self.language_locked,
        }
        return body if self.payload is None else {**body, "payload": self.payload}


@dataclass(frozen=True)
class RasaReply:
    """One message of the bot's; buttons are ``{"title", "payload"}``."""

    text: str
    buttons: Sequence[Mapping[str, str]] = ()
    response: str | None = None

    @property
    def visible(self) -> bool:
        """A customer would see something of it."""
        return bool(self.text.strip() or self.buttons)


@dataclass(frozen=True)
class Answer:
    """All that came of one turn."""

    replies: Sequence[RasaReply]
    understood: Mapping[str, Any] = field(default_factory=dict)
    handed_over: bool = False
    """The gateway itself has called a person, because the bot could not."""

    @property
    def intent(self) -> str | None:
        """The intent's name."""
        return self.understood.get("intent")

    @property
    def confidence(self) -> float | None:
        """Between 0 and 1."""
        return self.understood.get("confidence")

    @property
    def language(self) -> str | None:
        """The conversation's language after this turn: an action may have changed it."""
        slots = self.understood.get("slots") or {}
        return slots.get("language") or self.understood.get("language")

    @property
    def wished_script(self) -> str | None:
        """How the customer asked to be written to in Chinese, Hans or Hant, if they did."""
        return self.understood.get("wished_script")

    @property
    def failed_actions(self) -> Sequence[str]:
        """Actions that ended in an error."""
        return self.understood.get("failed_actions") or ()


class Rasa:
    """A client; make it inside a running loop and close it."""

    def __init__(self, url: str, secret: str, timings: Timings) -> None:
        self._url, self._timings = url, timings
        self._session = aiohttp.ClientSession(
            headers={"Authorization": f"Bearer {secret}"},
            connector=aiohttp.TCPConnector(limit=MOST_AT_ONCE),
            timeout=aiohttp.ClientTimeout(
                total=None, sock_connect=timings.connect, sock_read=timings.turn
            ),
        )

    async def close(self) -> None:
        """Give the connections back."""
        await self._session.close()

    async def answer(self, question: Question) -> Answer:
        """Ask until there is an answer, for ever if need be; cancel it to stop.

        Raises:
            TurnFailed: asking again would not help.
        """
        faults, pause = 0, self._timings.first_retry
        while True:
            try:
                return await self._ask(question)
            except TurnFailed:
                faults += 1
                if faults >= MOST_FAULTS:
                    raise
            except RasaUnavailable:
                pass
            await asyncio.sleep(pause * random.uniform(0.7, 1.3))
            pause = min(pause * 2, self._timings.longest_retry)

    async def ready(self) -> bool:
        """A model is loaded and the channel answers."""
        try:
            async with self._session.get(f"{self._url}/webhooks/desk/ready") as response:
                return response.status == 200
        except (aiohttp.ClientError, TimeoutError):
            return False

    async def _ask(self, question: Question) -> Answer:
        try:
            async with self._session.post(
                f"{self._url}/webhooks/desk/turn", json=question.body()
            ) as response:
                if response.status == 200:
                    return _answer(await response.json())
                if response.status in (400, 413, 500):
                    raise TurnFailed
                raise RasaUnavailable
        except (aiohttp.ContentTypeError, ValueError, TypeError, KeyError, AttributeError):
            raise TurnFailed from None
        except (aiohttp.ClientError, TimeoutError):
            raise RasaUnavailable from None


def _answer(body: Any) -> Answer:
    replies = [
        RasaReply(
            text=str(reply.get("text") or ""),
            buttons=[
                {"title": str(button["title"]), "payload": str(button["payload"])}
                for button in reply.get("buttons") or ()
            ],
            response=reply.get("response"),
        )
        for reply in body["replies"]
    ]
    return Answer(replies, dict(body.get("understood") or {}))
