"""The files that the console's pages are made of; nothing comes from anywhere else."""

from __future__ import annotations

from pathlib import Path

from aiohttp import web

from bot.console.routes import Door, Table
from bot.console.visit import Visit

FOLDER = Path(__file__).parent / "static"
FILES = frozenset({"console.css"})

table = Table()


@table.get("/console/static/{name}", needs=Door.OPEN)
async def file(visit: Visit) -> web.StreamResponse:
    """One of the few files there are."""
    name = visit.request.match_info["name"]
    if name not in FILES:
        raise web.HTTPNotFound
    return web.FileResponse(FOLDER / name)
