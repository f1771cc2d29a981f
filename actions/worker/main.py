"""The worker's process: builds a desk, works until told to stop, closes the desk."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import socket

import structlog

from actions.bootstrap import build_desk
from actions.settings import Settings
from actions.worker.worker import Worker

log = structlog.get_logger(__name__)


async def run(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT; jobs under way are finished first."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, stop.set)
    name = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(3)}"[:64]
    desk = await build_desk(settings)
    try:
        log.info("worker_started", name=name)
        await Worker(desk, name).run(stop)
        log.info("worker_stopped", name=name)
    finally:
        await desk.close()
