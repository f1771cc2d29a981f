"""Pages that people open: the demo page with the widget, the chat alone for other sites' frames,
and the demo's mailbox.

Knows routes and what the templates are given. Leaves how ``/`` looks to the widget's room, whose
template and built files it serves.
"""

from __future__ import annotations

import aiohttp_jinja2
from aiohttp import web

from actions.settings import ROOT
from bot.gateway.demo_mail import DemoMail
from bot.gateway.headers import framed_by
from bot.gateway.keys import DESK, SETTINGS
from bot.gateway.samples import samples
from bot.gateway.web import language_of

TEMPLATES = (ROOT / "bot" / "gateway" / "templates", ROOT / "bot" / "widget" / "page")
FOLDERS = {"widget": ROOT / "build" / "widget", "static": ROOT / "bot" / "gateway" / "static"}

MAIL = web.AppKey("mail", DemoMail)

routes = web.RouteTableDef()
demo_routes = web.RouteTableDef()


@routes.get("/")
@aiohttp_jinja2.template("index.html.jinja")
async def home(request: web.Request) -> dict[str, object]:
    """The widget on a plain page, with a brand and a language switch."""
    brands = request.app[DESK].brands.values()
    demo = request.app[SETTINGS].demo
    return {
        "brands": [{"id": brand.id, "names": brand.name} for brand in brands],
        "brand": request.query.get("brand", ""),
        "demo": demo,
        "samples": samples() if demo else [],
        "language": language_of(request),
    }


@routes.get("/chat/{brand}")
async def embedded(request: web.Request) -> web.StreamResponse:
    """Nothing but one brand's chat, for its sites to show in a frame; the only page that can be."""
    brand = request.app[DESK].brands.get(request.match_info["brand"])
    if brand is None:
        raise web.HTTPNotFound
    language = language_of(request)
    facts = {"brand": brand.id, "name": brand.name[language], "language": language}
    page = aiohttp_jinja2.render_template("embed.html.jinja", request, facts)
    return framed_by(page, brand.trust.sites)


@routes.get("/{folder:widget|static}/{name:.+}")
async def file(request: web.Request) -> web.FileResponse:
    """A built or static file; browsers keep it and ask by its ETag whether it is still so."""
    folder = FOLDERS[request.match_info["folder"]].resolve()
    name = request.match_info["name"]
    try:
        path = (folder / name.replace("\0", "")).resolve()
        found = path.is_relative_to(folder) and path.is_file()
    except OSError:  # a name longer than any file's
        found = False
    if not found:
        raise web.HTTPNotFound
    return web.FileResponse(path, headers={"Cache-Control": "no-cache"})


@demo_routes.get("/demo/mailbox")
@aiohttp_jinja2.template("mailbox.html.jinja")
async def mailbox(request: web.Request) -> dict[str, object]:
    """Every mail that the demo sent, newest first; HTML is shown as its source."""
    return {"messages": await request.app[MAIL].messages(), "language": language_of(request)}


@demo_routes.get("/demo/mailbox.json")
async def mailbox_json(request: web.Request) -> web.Response:
    """The same for programs."""
    return web.json_response(await request.app[MAIL].messages())
