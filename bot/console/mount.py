"""Puts the console into the gateway: its rooms, each behind its door.

Knows which rooms there are. An app whose console has a route without a door does not start.
"""

from __future__ import annotations

from pathlib import Path

from aiohttp import web

from bot.console import access_log, account, assets, conversations, people, signing_in
from bot.console.entrance import handler_of
from bot.console.routes import Route, check_all_declared

TEMPLATES = Path(__file__).parent / "templates"
ROUTES: list[Route] = [
    route
    for room in (signing_in, account, conversations, access_log, people, assets)
    for route in room.table.routes
]


def mount(app: web.Application) -> None:
    """Add every route of the console.

    Raises:
        RouteWithoutNeeds: something under its address is not in its table.
    """
    for route in ROUTES:
        app.router.add_route(route.method, route.path, handler_of(route))
    app.on_startup.append(_check)


async def _check(app: web.Application) -> None:
    check_all_declared(app, ROUTES)
