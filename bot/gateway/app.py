"""The gateway as a whole: which parts there are, in what order they start and stop.

Knows every part of this package. Leaves the business' own parts to ``actions.bootstrap``.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import aiohttp_jinja2
import jinja2
from aiohttp import web

from actions.bootstrap import build_desk
from actions.settings import Settings
from bot.gateway import chat, health, openapi, pages, stream, wire
from bot.gateway import web as outside
from bot.gateway.delivery import MemoryFanout
from bot.gateway.demo_mail import DemoMail
from bot.gateway.inbox import Inbox
from bot.gateway.keys import (
    DESK,
    FANOUT,
    INBOX,
    MESSAGE_LIMIT,
    METRICS,
    RASA,
    SESSION_LIMIT,
    SETTINGS,
    TIMINGS,
    TRANSCRIPT,
)
from bot.gateway.limits import Limiter
from bot.gateway.metrics import Metrics
from bot.gateway.rasa import Question, Rasa
from bot.gateway.timings import Timings
from bot.gateway.transcript import Database, Transcript
from bot.gateway.turns import Turns
from bot.gateway.watch import Watch

SESSIONS_A_MINUTE = 30
MESSAGES_A_MINUTE = 60


def create_app(settings: Settings, *, timings: Timings | None = None) -> web.Application:
    """Return the app; everything that opens something is built when it starts."""
    wire.quiet_errors()
    app = web.Application(middlewares=[outside.guard])
    app[SETTINGS], app[TIMINGS] = settings, timings or Timings()
    app[METRICS], app[FANOUT] = Metrics(), MemoryFanout()
    app[SESSION_LIMIT], app[MESSAGE_LIMIT] = Limiter(SESSIONS_A_MINUTE), Limiter(MESSAGES_A_MINUTE)
    aiohttp_jinja2.setup(
        app,
        loader=jinja2.FileSystemLoader([str(folder) for folder in pages.TEMPLATES]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
    )
    for table in (chat.routes, stream.routes, openapi.routes, pages.routes, health.routes):
        app.add_routes(table)
    app.cleanup_ctx.append(_desk)
    if settings.demo:
        app.add_routes(pages.demo_routes)
        app.cleanup_ctx.append(_demo_mail)
    app.cleanup_ctx.append(_answering)
    app.on_response_prepare.append(outside.add_headers)
    app.on_shutdown.append(_let_go)
    return app


async def _desk(app: web.Application) -> AsyncIterator[None]:
    app[DESK] = desk = await build_desk(app[SETTINGS])
    database = Database(desk.engine, desk.clock)
    app[TRANSCRIPT] = Transcript(database)
    app[RASA] = Rasa(app[SETTINGS].rasa_url, app[SETTINGS].internal_secret, app[TIMINGS])
    turns = Turns(database, app[TIMINGS].lease)

    async def hand_over(question: Question) -> None:
        await desk.tickets.hand_over(
            question.conversation,
            question.brand,
            language=question.language,
            reason="contact_human",
        )

    app[INBOX] = Inbox(
        turns, app[RASA], app[FANOUT], app[METRICS], app[TIMINGS], desk.clock, hand_over
    )
    app[_WATCH] = Watch(app[TRANSCRIPT], turns, app[INBOX], app[FANOUT], app[TIMINGS].watch)
    yield
    await app[RASA].close()
    await desk.close()


async def _demo_mail(app: web.Application) -> AsyncIterator[None]:
    settings = app[SETTINGS]
    app[pages.MAIL] = mail = DemoMail(settings.home / "demo" / "mail")
    await mail.start(settings.smtp_host, settings.smtp_port)
    yield
    await mail.stop()


async def _answering(app: web.Application) -> AsyncIterator[None]:
    watching = asyncio.create_task(app[_WATCH].run())
    yield
    app[_WATCH].stop()
    await watching
    await app[INBOX].close()


async def _let_go(app: web.Application) -> None:
    """Streams and long polls end now, so that stopping does not wait for them."""
    app[FANOUT].close()


_WATCH = web.AppKey("watch", Watch)
