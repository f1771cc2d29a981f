"""The real gateway and console in a thread of their own, before a Rasa that repeats what it hears,
so that a test can steer a browser meanwhile.

Knows how such a desk is started, talked to and given a member of staff. Leaves looking to tests.
"""

from __future__ import annotations

import asyncio
import smtplib
import threading
from collections.abc import Coroutine, Iterator, Sequence
from contextlib import contextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import aiohttp
from aiohttp.test_utils import TestServer

from actions.domain.staff import StaffRole
from actions.services.staff import COMMAND_LINE, NewStaff
from actions.settings import Settings, ensure_secrets
from actions.storage.base import Base
from actions.storage.engine import make_engine
from bot.gateway.app import create_app
from bot.gateway.keys import DESK
from tests.bot.gateway.fake_rasa import FakeRasa
from tests.bot.gateway.talk import Talk
from tests.conftest import free_port_run

NAME, PASSWORD = "Mei", "four unrelated quiet words"
HOSTILE_FACT = "\u202e<img src=x onerror=window.hostile='ran'>"
"""What the bot believes to be an order number, in every turn."""
A_CONVERSATION = 30
AT_ONCE = 6


class HostedDesk:
    """A demo desk of one's own under ``home``."""

    def __init__(self, home: Path) -> None:
        names = ("DESK_PORT", "DESK_RASA_PORT", "DESK_ACTIONS_PORT", "DESK_SMTP_PORT")
        ports = enumerate(names, start=free_port_run(len(names)))
        named = {name: str(port) for port, name in ports}
        environment = {"DESK_HOME": str(home), "DESK_RATE_LIMITS": "off", **named}
        self.settings = ensure_secrets(Settings.from_env(environment))
        self.url = f"http://127.0.0.1:{self.settings.port}"
        self.temporary_password = ""
        self.browser_state: dict[str, Any] = {}
        """Of the member of staff, once signed in."""
        self._loop: asyncio.AbstractEventLoop | None = None

    @contextmanager
    def running(self) -> Iterator[HostedDesk]:
        """Serve for as long as the ``with`` lasts."""
        ready, over = threading.Event(), asyncio.Event()
        thread = threading.Thread(target=lambda: asyncio.run(self._serve(ready, over)), daemon=True)
        thread.start()
        assert ready.wait(60)
        assert self._loop is not None
        try:
            yield self
        finally:
            self._loop.call_soon_threadsafe(over.set)
            thread.join(20)

    async def _serve(self, ready: threading.Event, over: asyncio.Event) -> None:
        self._loop = asyncio.get_running_loop()
        engine = make_engine(self.settings.database_url)
        async with engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)
        await engine.dispose()
        rasa = FakeRasa(self.settings.rasa_port, self.settings.internal_secret)
        fact = {"entity": "order_number", "value": HOSTILE_FACT, "start": 0, "end": 1}
        rasa.understood = {"entities": [fact]}
        await rasa.up()
        server = TestServer(create_app(self.settings), port=self.settings.port)
        await server.start_server()
        new = NewStaff(NAME, "mei@example.com", frozenset({StaffRole.AGENT}))
        admitted = await server.app[DESK].staff.add(new, by=COMMAND_LINE)
        self.temporary_password = admitted.temporary_password
        ready.set()
        await over.wait()
        await server.close()
        await rasa.down()

    def say_all(self, texts: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
        """Say every text through the chat API; by conversation, the messages that were kept."""
        return self._run(self._say_all(texts))

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        assert self._loop is not None
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(120)

    async def _say_all(self, texts: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
        limit = asyncio.Semaphore(AT_ONCE)
        kept: dict[str, list[dict[str, Any]]] = {}

        async def converse(web: aiohttp.ClientSession, part: Sequence[str]) -> None:
            async with limit:
                talk = await Talk.begin(web)
                for text in part:
                    await talk.say(text)
                kept[talk.conversation] = await talk.settled()

        parts = [texts[at : at + A_CONVERSATION] for at in range(0, len(texts), A_CONVERSATION)]
        async with aiohttp.ClientSession(self.url) as web:
            await asyncio.gather(*(converse(web, part) for part in parts))
        return kept

    def mail(self, texts: Sequence[str]) -> None:
        """Send mails with these texts as subject, body and HTML to the demo's mailbox."""
        with smtplib.SMTP("127.0.0.1", self.settings.smtp_port) as server:
            for text in texts:
                message = EmailMessage()
                message["Subject"] = text
                message["From"] = message["To"] = "li@example.com"
                message.set_content(text)
                message.add_alternative(text, subtype="html")
                server.send_message(message)
