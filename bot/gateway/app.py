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
from actions.domain.clock import Clock
from actions.settings import Settings
from bot.console.mount import TEMPLATES as CONSOLE_TEMPLATES
from bot.console.mount import mount as mount_console
from bot.gateway import attachments, chat, health, openapi, pages, stream, traditional, wire
from bot.gateway import web as outside
from bot.gateway.delivery import MemoryFanout
from bot.gateway.demo_mail import DemoMail
from bot.gateway.inbox import Inbox
from bot.gateway.keys import (
    DESK,
    FANOUT,
    GATE,
    INBOX,
    METRICS,
    RASA,
    SETTINGS,
    TIMINGS,
    TRANSCRIPT,
    UPLOADING,
    WAITING,
)
from bot.gateway.limits.gate import Gate, buckets_at
from bot.gateway.limits.seats import Seats
from bot.gateway.limits.table import (
    OPEN_PER_ADDRESS,
    OPEN_PER_CONVERSATION,
    UPLOADS_PER_ADDRESS,
    Scope,
)
from bot.gateway.metrics import Metrics
from bot.gateway.rasa import Question, Rasa
from bot.gateway.redaction import load_word_lists, redact_label
from bot.gateway.timings import Timings
from bot.gateway.transcript import Database, Transcript
from bot.gateway.turns import Turns
from bot.gateway.watch import Watch


def create_app(
    settings: Settings, *, timings: Timings | None = None, clock: Clock | None = None
) -> web.Application:
    """Return the app; everything that opens something is built when it starts."""
    wire.quiet_errors()
    app = web.Application(middlewares=[outside.guard])
    app[SETTINGS], app[TIMINGS] = settings, timings or Timings()
    app[_CLOCK] = clock
    app[METRICS], app[FANOUT] = Metrics(), MemoryFanout()
    _limits(app)
    aiohttp_jinja2.setup(
        app,
        loader=jinja2.FileSystemLoader(
            [str(folder) for folder in (*pages.TEMPLATES, CONSOLE_TEMPLATES)]
        ),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
    )
    for table in (
        chat.routes,
        attachments.routes,
        stream.routes,
        openapi.routes,
        pages.routes,
        health.routes,
    ):
        app.add_routes(table)
    mount_console(app)
    app.cleanup_ctx.append(_desk)
    if settings.demo:
        app.add_routes(pages.demo_routes)
        app.cleanup_ctx.append(_demo_mail)
    app.cleanup_ctx.append(_answering)
    app.on_response_prepare.append(outside.add_headers)
    app.on_shutdown.append(_let_go)
    return app


def _limits(app: web.Application) -> None:
    settings, metrics = app[SETTINGS], app[METRICS]
    is_open = not settings.rate_limits
    buckets = buckets_at(settings.redis_url, settings.internal_secret, metrics)
    app[GATE] = gate = Gate(buckets, settings.internal_secret, metrics, is_open=is_open)
    open_at_once = {
        Scope.CONVERSATION: OPEN_PER_CONVERSATION,
        Scope.ADDRESS: OPEN_PER_ADDRESS,
    }
    app[WAITING] = Seats("wait", open_at_once, metrics, is_open=is_open)
    app[attachments.IN_MEMORY] = asyncio.Semaphore(attachments.MOST_IN_MEMORY)
    # One at a time is how uploads work, with limits or without.
    at_once = {Scope.CONVERSATION: 1, Scope.ADDRESS: UPLOADS_PER_ADDRESS}
    app[UPLOADING] = Seats("upload", at_once, metrics, reason="upload_under_way")

    async def close(_app: web.Application) -> None:
        await gate.close()

    app.on_cleanup.append(close)


async def _desk(app: web.Application) -> AsyncIterator[None]:
    load_word_lists()
    traditional.load()
    app[DESK] = desk = await build_desk(app[SETTINGS], app[_CLOCK], readable_label=redact_label)
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
    app[pages.MAIL] = mail = DemoMail(settings.demo_mail)
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
_CLOCK: web.AppKey[Clock | None] = web.AppKey("clock")
