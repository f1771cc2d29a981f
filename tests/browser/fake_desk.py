"""A small desk for the widget's tests: the chat API's shape, set answers, and a network that can
be cut wherever a test wants. It knows nothing of refunds, Rasa or databases, and runs in a thread
of its own so that a test can steer it while the browser waits.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jinja2
from aiohttp import web

ROOT = Path(__file__).resolve().parents[2]
BUILT = ROOT / "build" / "widget"
POLICY = "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'"
BRANDS = [
    {"id": "kuailian", "names": {"zh": "快连VPN", "en": "Kuailian VPN"}},
    {"id": "bitpie", "names": {"zh": "比特派", "en": "Bitpie"}},
]
SAMPLES = [
    {
        "brand": "kuailian",
        "email": "li@example.com",
        "order_number": "KL20260901001",
        "zh": "年付订阅,30 天内,可全额退款",
        "en": "Yearly plan, inside 30 days: refunded in full",
    },
    {
        "brand": "kuailian",
        "email": "han@example.com",
        "order_number": "KL20260601002",
        "zh": "已过 30 天,由专人审核",
        "en": "Past the 30 days: a person decides",
    },
]
GREETING = {
    "zh": "您好,我是智能客服,可以帮您申请退款、查询进度或转接人工。",
    "en": "Hello! I can help you with a refund, its progress, or a person to talk to.",
}


@dataclass
class Chat:
    """One conversation as the desk would store it."""

    brand: str
    language: str
    messages: list[dict[str, Any]] = field(default_factory=list)
    ids: dict[str, int] = field(default_factory=dict)
    pending: int = 0
    status: str = "bot"

    def add(self, author: str, text: str, **more: Any) -> int:
        """Store a message under the next number."""
        seq = len(self.messages) + 1
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        message = {"seq": seq, "author": author, "text": text, "buttons": [], "attachments": []}
        self.messages.append({**message, "at": at, "reply_to": None, **more})
        return seq

    def said(self, author: str = "customer") -> list[str]:
        """What one side said, in order."""
        return [each["text"] for each in self.messages if each["author"] == author]


class FakeDesk:
    """The server and its switches; a test flips them, the handlers obey."""

    def __init__(self) -> None:
        self.chats: dict[str, Chat] = {}
        self.url = ""
        self.down = False
        """Every connection is dropped, as if the cable were pulled."""
        self.lose_acknowledgements = 0
        """So many messages are stored, and the answer to the browser lost."""
        self.no_streams = False
        """A proxy in between that does not let streams through."""
        self.too_many = 0
        """So many messages are refused for coming too fast, a second each."""
        self.answer_after = 0.0
        self.posts: list[dict[str, Any]] = []
        self.polls = 0
        self._news = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def chat(self) -> Chat:
        """The newest conversation."""
        return list(self.chats.values())[-1]

    def steer(self, change: Callable[[], None]) -> None:
        """Change something in the server's own thread, and let the streams notice."""
        assert self._loop is not None
        done = threading.Event()

        def apply() -> None:
            change()
            self._tell()
            done.set()

        self._loop.call_soon_threadsafe(apply)
        assert done.wait(5)

    def say(self, author: str, text: str, **more: Any) -> None:
        """The desk's side says something by itself."""
        self.steer(lambda: void(self.chat.add(author, text, **more)))

    def cut(self) -> None:
        """Pull the cable: open streams end, new calls get nothing."""
        self.steer(lambda: setattr(self, "down", True))

    def mend(self) -> None:
        """Plug it in again."""
        self.steer(lambda: setattr(self, "down", False))

    def forget(self) -> None:
        """Lose every conversation, as a fresh database would."""
        self.steer(self.chats.clear)

    def _tell(self) -> None:
        news, self._news = self._news, asyncio.Event()
        news.set()

    def _chat(self, request: web.Request) -> Chat:
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if token not in self.chats:
            raise web.HTTPUnauthorized
        return self.chats[token]

    def _drop_if_down(self, request: web.Request) -> None:
        if self.down:
            assert request.transport is not None
            request.transport.abort()
            raise web.HTTPServiceUnavailable

    async def begin(self, request: web.Request) -> web.Response:
        """POST /sessions"""
        self._drop_if_down(request)
        body = await request.json()
        chat = Chat(body["brand"], body["language"])
        chat.add("bot", GREETING[chat.language])
        token = secrets.token_urlsafe(16)
        self.chats[token] = chat
        return web.json_response({"conversation": secrets.token_hex(8), "token": token}, status=201)

    async def receive(self, request: web.Request) -> web.Response:
        """POST /messages"""
        self._drop_if_down(request)
        chat, body = self._chat(request), await request.json()
        self.posts.append(body)
        if self.too_many:
            self.too_many -= 1
            return web.json_response(
                {"error": {"code": "too_many_requests"}}, status=429, headers={"Retry-After": "1"}
            )
        text = body.get("text") or next(
            button["title"]
            for message in chat.messages
            for button in message["buttons"]
            if button["id"] == body["button"]
        )
        if len(text) > 4000 or text.startswith("!413"):
            return web.json_response({"error": {"code": "text_too_long"}}, status=413)
        if body["id"] not in chat.ids:
            chat.ids[body["id"]] = chat.add("customer", text)
            chat.pending += 1
            asyncio.get_running_loop().create_task(self._answer(chat, chat.ids[body["id"]], text))
            self._tell()
        if self.lose_acknowledgements:
            self.lose_acknowledgements -= 1
            assert request.transport is not None
            request.transport.abort()
        return web.json_response({"seq": chat.ids[body["id"]]}, status=202)

    async def _answer(self, chat: Chat, seq: int, text: str) -> None:
        await asyncio.sleep(self.answer_after)
        buttons: list[dict[str, str]] = []
        if text in ("选项", "options"):
            titles = ("确认退款", "先不退了") if chat.language == "zh" else ("Confirm", "Not now")
            buttons = [{"id": f"b-{n}", "title": title} for n, title in enumerate(titles)]
        chat.add("bot", f"→ {text}", buttons=buttons, reply_to=seq)
        chat.pending -= 1
        self._tell()

    async def language(self, request: web.Request) -> web.Response:
        """POST /language"""
        self._drop_if_down(request)
        chat = self._chat(request)
        chat.language = (await request.json())["language"]
        chat.add("system", {"zh": "接下来用中文。", "en": "English from here."}[chat.language])
        self._tell()
        return web.json_response({"language": chat.language})

    async def read(self, request: web.Request) -> web.Response:
        """GET /messages"""
        self._drop_if_down(request)
        self.polls += 1
        chat, after = self._chat(request), int(request.query["after"])
        if len(chat.messages) <= after and float(request.query.get("wait", "0")):
            await asyncio.wait({asyncio.ensure_future(self._news.wait())}, timeout=2)
            self._drop_if_down(request)
        fresh = [each for each in chat.messages if each["seq"] > after]
        return web.json_response({"messages": fresh, "pending": chat.pending > 0})

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """GET /stream"""
        self._drop_if_down(request)
        chat = self._chat(request)
        if self.no_streams:
            raise web.HTTPBadGateway
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream"})
        await response.prepare(request)
        after = int(request.headers.get("Last-Event-ID") or request.query["after"])
        async for event in self._events(chat, after):
            await response.write(event.encode())
        if self.down and request.transport is not None:
            request.transport.abort()
        return response

    async def _events(self, chat: Chat, after: int) -> AsyncIterator[str]:
        yield "retry: 1000\n\n"
        state: dict[str, object] = {}
        while not self.down and chat in self.chats.values():
            news = self._news
            for message in chat.messages[after:]:
                after = message["seq"]
                yield f"event: message\nid: {after}\ndata: {json.dumps(message)}\n\n"
            if state != (state := {"pending": chat.pending > 0, "status": chat.status}):
                yield f"event: status\ndata: {json.dumps(state)}\n\n"
            await news.wait()

    async def page(self, request: web.Request) -> web.Response:
        """The help page, rendered as the gateway renders it."""
        folder = jinja2.FileSystemLoader(str(ROOT / "bot" / "widget" / "page"))
        pages = jinja2.Environment(loader=folder, autoescape=True, undefined=jinja2.StrictUndefined)
        facts = {
            "brands": BRANDS,
            "samples": SAMPLES,
            "demo": True,
            "brand": request.query.get("brand"),
            "language": request.query.get("lang", "zh"),
        }
        return web.Response(
            text=pages.get_template("index.html.jinja").render(facts), content_type="text/html"
        )

    def app(self) -> web.Application:
        """The routes, with the headers that the real gateway sends."""
        app = web.Application()
        chat = "/api/chat"
        app.add_routes(
            [
                web.get("/", self.page),
                web.static("/widget", BUILT),
                web.post(f"{chat}/sessions", self.begin),
                web.post(f"{chat}/messages", self.receive),
                web.get(f"{chat}/messages", self.read),
                web.get(f"{chat}/stream", self.stream),
                web.post(f"{chat}/language", self.language),
            ]
        )

        async def headers(request: web.Request, response: web.StreamResponse) -> None:
            response.headers["Content-Security-Policy"] = POLICY

        app.on_response_prepare.append(headers)
        return app

    @asynccontextmanager
    async def _serving(self) -> AsyncIterator[None]:
        self._loop = asyncio.get_running_loop()
        runner = web.AppRunner(self.app(), shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        host, port = runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"
        try:
            yield
        finally:
            self.down = True
            self._tell()
            await runner.cleanup()

    @contextmanager
    def running(self) -> Iterator[FakeDesk]:
        """Serve from a thread for as long as the ``with`` lasts."""
        ready, over = threading.Event(), asyncio.Event()

        async def serve() -> None:
            async with self._serving():
                ready.set()
                await over.wait()

        thread = threading.Thread(target=lambda: asyncio.run(serve()), daemon=True)
        thread.start()
        assert ready.wait(10)
        assert self._loop is not None
        try:
            yield self
        finally:
            self._loop.call_soon_threadsafe(over.set)
            thread.join(10)


def void(_: object) -> None:
    """Throw a value away, where a call without one is wanted."""
