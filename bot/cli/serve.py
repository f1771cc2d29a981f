"""Runs one of the desk's own processes until it is told to stop.

Knows how each is entered and how it logs. Leaves what they do to them; each is imported only
in its own process. Log lines are JSON on standard error, without any customer's words.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys

import structlog
from aiohttp import web

from actions.settings import Settings
from bot.gateway.redaction.logs import without_secrets
from bot.gateway.wire import quiet_errors

# Long polls and streams end at once on a stop; only a turn in the making may take this long.
SHUTDOWN_SECONDS = 3.0
# Also how long a caller may take to send a request's head; aiohttp's own default is an hour.
IDLE_SECONDS = 75.0


def serve_web(settings: Settings) -> None:
    """The public side: chat, pages, health."""
    from bot.gateway.app import create_app

    _serve(create_app(settings), settings.host, settings.port)


def serve_actions(settings: Settings) -> None:
    """Where Rasa has its actions run; loopback only."""
    from actions.skills.server import action_server

    _serve(action_server(settings), "127.0.0.1", settings.actions_port)


def serve_worker(settings: Settings) -> None:
    """Drains the outbox."""
    from actions.worker.main import run

    asyncio.run(run(settings))


def _serve(app: web.Application, host: str, port: int) -> None:
    quiet_errors()  # the action server's too: what can't be read may still hold a secret
    web.run_app(
        app,
        host=host,
        port=port,
        print=None,
        access_log=None,
        shutdown_timeout=SHUTDOWN_SECONDS,
        keepalive_timeout=IDLE_SECONDS,
    )


SERVERS = {"web": serve_web, "actions": serve_actions, "worker": serve_worker}


def configure_logs(settings: Settings, process: str) -> None:
    """One JSON object a line, ours and other libraries' alike; times in UTC."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
    ]
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                without_secrets,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    logging.basicConfig(handlers=[handler], level=settings.log_level.upper(), force=True)
    for noisy in ("asyncio", "aiosqlite", "mail.log", "alembic"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(process=process, pid=os.getpid())
