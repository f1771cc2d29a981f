"""Whether the desk lives, whether it can serve, and its counters.

Knows how to ask each part for a sign of life. Leaves restarting to whoever supervises.
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Awaitable, Callable
from datetime import timedelta

import aiohttp
from aiohttp import web
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from actions.storage.conversations import ConversationRow
from actions.storage.engine import reader_factory
from bot.gateway.errors import ChatError
from bot.gateway.keys import DESK, METRICS, RASA, SETTINGS, TIMINGS

routes = web.RouteTableDef()
WORKER = "worker"


@routes.get("/healthz")
async def healthz(_request: web.Request) -> web.Response:
    """This process answers; nothing else is asked."""
    return web.json_response({"status": "ok"})


@routes.get("/readyz")
async def readyz(request: web.Request) -> web.Response:
    """Every part that a customer's message needs, one by one; 503 until all of them answer."""
    checks = {"database": _database, "rasa": _rasa, "actions": _actions, "worker": _worker}
    answers = await asyncio.gather(*(_within(request, check) for check in checks.values()))
    components = dict(zip(checks, ("ok" if answer else "down" for answer in answers), strict=True))
    ready = all(answers)
    return web.json_response(
        {"ready": ready, "components": components}, status=200 if ready else 503
    )


@routes.get("/metrics")
async def metrics(request: web.Request) -> web.Response:
    """Counters for Prometheus; numbers only, nothing about anybody, yet no customer's business.

    Where the caller comes from proves nothing: behind a proxy everybody comes from this machine.

    Raises:
        ChatError: the secret is wrong, or none is set and the desk is live.
    """
    secret, demo = request.app[SETTINGS].metrics_secret, request.app[SETTINGS].demo
    given = request.headers.get("Authorization", "").encode("utf-8", "replace")
    if not (demo and not secret) and not (
        secret and hmac.compare_digest(given, f"Bearer {secret}".encode())
    ):
        raise ChatError("secret_needed", headers={"WWW-Authenticate": "Bearer"})
    return web.Response(
        body=request.app[METRICS].text(),
        headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"},
    )


async def _within(
    request: web.Request, check: Callable[[web.Application], Awaitable[bool]]
) -> bool:
    try:
        async with asyncio.timeout(request.app[TIMINGS].health):
            return await check(request.app)
    except (TimeoutError, OSError, aiohttp.ClientError, SQLAlchemyError):
        return False


async def _database(app: web.Application) -> bool:
    async with reader_factory(app[DESK].engine)() as session:
        await session.execute(select(ConversationRow.id).limit(1))
    return True


async def _rasa(app: web.Application) -> bool:
    return await app[RASA].ready()


async def _actions(app: web.Application) -> bool:
    async with (
        aiohttp.ClientSession() as client,
        client.get(f"{app[SETTINGS].actions_url}/health") as response,
    ):
        return response.status == 200


async def _worker(app: web.Application) -> bool:
    desk, oldest = app[DESK], timedelta(seconds=app[TIMINGS].heartbeat_age)
    seen = await desk.outbox.last_beat(WORKER)
    return seen is not None and desk.clock() - seen <= oldest
