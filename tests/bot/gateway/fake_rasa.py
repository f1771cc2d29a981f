"""A Rasa that says what a test tells it to, behind the real private channel's wire.

Knows the channel's shapes and its promise that one message is run once. It can be slow, broken,
or gone and back on the same port.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from typing import Any

from aiohttp import web

Body = dict[str, Any]


def reply(text: str, *buttons: tuple[str, str], response: str | None = None) -> Body:
    """One message of the bot's; buttons are (title, payload)."""
    shown = [{"title": title, "payload": payload} for title, payload in buttons]
    return {"text": text, "buttons": shown, "response": response, "custom": None}


def echo(turn: Body) -> list[Body]:
    """The default answer: what was asked."""
    return [reply(f"re: {turn.get('payload') or turn['text']}", response="utter_echo")]


class FakeRasa:
    """``answer`` makes replies of a turn; ``understood`` is laid over what is understood."""

    def __init__(self, port: int, secret: str) -> None:
        self.port, self.secret = port, secret
        self.answer: Callable[[Body], list[Body]] = echo
        self.understood: Body = {}
        self.status = 200
        self.go_on = asyncio.Event()
        self.go_on.set()
        self.asked = asyncio.Event()
        self.turns: list[Body] = []
        self.tries: Counter[str] = Counter()
        self.at_once = self.most_at_once = 0
        self._answers: dict[tuple[str, str], Body] = {}
        self._runner: web.AppRunner | None = None

    async def up(self) -> None:
        """Listen."""
        app = web.Application()
        app.router.add_post("/webhooks/desk/turn", self._turn)
        app.router.add_get("/webhooks/desk/ready", self._ready)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.01)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port, reuse_address=True).start()

    async def down(self) -> None:
        """Be gone, as after a crash: what was answered before is still known."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def texts(self) -> list[str]:
        """What was asked, in the order in which it was run."""
        return [turn.get("payload") or turn["text"] for turn in self.turns]

    def _allowed(self, request: web.Request) -> bool:
        return request.headers.get("Authorization") == f"Bearer {self.secret}"

    async def _ready(self, request: web.Request) -> web.Response:
        if not self._allowed(request):
            return web.json_response({"error": "secret"}, status=401)
        return web.json_response({"model": "fake"}, status=self.status)

    async def _turn(self, request: web.Request) -> web.Response:
        if not self._allowed(request):
            return web.json_response({"error": "secret"}, status=401)
        turn = await request.json()
        key = turn["conversation"], turn["message"]
        self.tries[turn["message"]] += 1
        self.asked.set()
        if self.status != 200:
            return web.json_response({"error": "told to"}, status=self.status)
        if key in self._answers:
            return web.json_response({**self._answers[key], "repeated": True})
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            await self.go_on.wait()
        finally:
            self.at_once -= 1
        self.turns.append(turn)
        self._answers[key] = self._answered(turn)
        return web.json_response(self._answers[key])

    def _answered(self, turn: Body) -> Body:
        understood = {
            "intent": "greet",
            "confidence": 0.9,
            "ranking": [{"name": "greet", "confidence": 0.9}],
            "entities": [],
            "language": turn["language"],
            "slots": {},
            "actions": [],
            "failed_actions": [],
            "milliseconds": 1,
        }
        return {
            "conversation": turn["conversation"],
            "message": turn["message"],
            "replies": self.answer(turn),
            "understood": {**understood, **self.understood},
            "repeated": False,
        }
