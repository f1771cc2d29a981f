"""Conversations: the list, a transcript, and what is masked in it shown for a reason.

Knows what is put on these pages. Leaves who sees which brand, and the record of each look, to the
transcript service.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from actions.domain.errors import InputRefused
from actions.domain.staff import Permission
from actions.services.transcripts import WholeChat
from actions.storage.transcripts import Place
from bot.console.routes import Table
from bot.console.showing import PERSONAL, Masks, Piece, inert
from bot.console.visit import Visit
from bot.console.words import AUTHORS, CHANNELS, FIELDS, LANGUAGES, OUTCOMES, STATUSES
from bot.gateway.errors import ChatError

table = Table()

PLACE = re.compile(r"([0-9T:.+-]{19,40})_([\w:.-]{1,160})")
NAMES = {
    "authors": AUTHORS,
    "channels": CHANNELS,
    "fields": FIELDS,
    "languages": LANGUAGES,
    "outcomes": OUTCOMES,
    "statuses": STATUSES,
}


@table.get("/console/conversations", needs=Permission.READ_CONVERSATIONS)
async def conversations(visit: Visit) -> web.StreamResponse:
    """The conversations of the reader's brands, the latest touched first."""
    page = await visit.desk.transcripts.page(visit.staff, before=place_in(visit))
    return visit.page(
        "conversations",
        rows=page.rows,
        following=place_text(page.following),
        first="before" not in visit.request.query,
        brands=visit.desk.brands,
        names=NAMES,
    )


@table.get("/console/conversations/{id}", needs=Permission.READ_CONVERSATIONS)
async def transcript(visit: Visit) -> web.StreamResponse:
    """One conversation, with what is personal masked."""
    chat = await visit.desk.transcripts.read(visit.staff, visit.request.match_info["id"])
    return _transcript(visit, chat)


@table.post("/console/conversations/{id}/reveal", needs=Permission.REVEAL_PERSONAL_DATA)
async def reveal(visit: Visit) -> web.StreamResponse:
    """The same in full, this once; the look and its reason are on record before it is shown."""
    id, reason = visit.request.match_info["id"], visit.field("reason")
    try:
        chat = await visit.desk.transcripts.reveal(visit.staff, id, reason, PERSONAL)
    except InputRefused:
        chat = await visit.desk.transcripts.read(visit.staff, id)
        return _transcript(visit, chat, problem=visit.problem("reason_missing"))
    return _transcript(visit, chat, revealed=True)


def _transcript(
    visit: Visit, chat: WholeChat, *, revealed: bool = False, problem: str = ""
) -> web.Response:
    brand = visit.desk.brands.get(chat.conversation.brand)
    return visit.page(
        "transcript",
        403 if problem else 200,
        chat=chat,
        brand=brand,
        zone=brand.time_zone if brand else None,
        pieces=inert if revealed else _masking(chat),
        revealed=revealed,
        problem=problem,
        names=NAMES,
    )


def _masking(chat: WholeChat) -> Callable[[Any], list[Piece]]:
    account = chat.account
    masks = Masks([account.name], [account.email]) if account else Masks()
    return lambda text: masks.pieces(str(text))


def place_in(visit: Visit) -> Place | None:
    """Where a list goes on, as its address says. Raises ``ChatError``."""
    typed = visit.request.query.get("before")
    if typed is None:
        return None
    found = PLACE.fullmatch(typed)
    try:
        at = datetime.fromisoformat(found[1]) if found else None
    except ValueError:
        at = None
    if found is None or at is None or at.tzinfo is None:
        raise ChatError("bad_query", field="before")
    return Place(at, found[2])


def place_text(place: Place | None) -> str:
    """The query of the address at which a list goes on; empty at its end."""
    if place is None:
        return ""
    return urlencode({"before": f"{place.at.isoformat()}_{place.id}"})
