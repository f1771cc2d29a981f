"""Who has looked at whose personal data, when and why.

Knows the page. Leaves whose looks may be seen to the transcript service.
"""

from __future__ import annotations

from aiohttp import web

from actions.domain.staff import Permission
from bot.console.conversations import place_in, place_text
from bot.console.routes import Table
from bot.console.showing import inert
from bot.console.visit import Visit
from bot.console.words import FIELDS

table = Table()


@table.get("/console/access-log", needs=Permission.READ_ACCESS_LOG)
async def access_log(visit: Visit) -> web.StreamResponse:
    """Every look, the latest first."""
    page = await visit.desk.transcripts.looks(visit.staff, before=place_in(visit))
    return visit.page(
        "access_log",
        rows=page.rows,
        following=place_text(page.following),
        first="before" not in visit.request.query,
        brands=visit.desk.brands,
        fields=FIELDS,
        pieces=inert,
    )
