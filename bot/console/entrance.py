"""Who gets into which room: session, permission, and that a form is ours and sent from our page.

Knows cookies, cross-site checks and form tokens. Leaves passwords and sessions to the sign-in
service, and what a room shows to the room.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qs, urlsplit

from aiohttp import web

from actions.domain.errors import NotAllowed, NotFound, NotSignedIn
from actions.domain.staff import Permission
from actions.services.derived import derived_key, keyed_hash
from actions.services.sign_in import Session, Stage
from actions.settings import Settings
from bot.console.routes import Door, Needs, Route
from bot.console.visit import HOME, Visit, inside
from bot.gateway.bodies import clean
from bot.gateway.errors import ChatError
from bot.gateway.keys import DESK, SETTINGS
from bot.gateway.web import LANGUAGE_COOKIE, OWN_HEADERS, language_of

SIGN_IN = f"{HOME}/sign-in"
STEPS = {
    Stage.CODE: f"{HOME}/code",
    Stage.PASSWORD: f"{HOME}/password",
    Stage.ENROL: f"{HOME}/enrol",
    Stage.FULL: HOME,
}
"""Where each stage of signing in goes on."""

SESSION_COOKIE, FORM_COOKIE = "desk_console", "desk_console_form"
LARGEST_FORM = 64 * 1024
MOST_FIELDS = 100
A_YEAR = 365 * 24 * 3600

# ``no-referrer`` would have browsers send ``Origin: null`` with our own forms.
HEADERS = {"Referrer-Policy": "same-origin", "Cache-Control": "no-store"}


def handler_of(route: Route) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """What the router calls: the room's handler, behind its door."""

    async def enter(request: web.Request) -> web.StreamResponse:
        request[OWN_HEADERS] = (
            HEADERS if route.needs is not Door.OPEN else HEADERS | _caching(request)
        )
        try:
            visit = await _let_in(request, route.needs)
            response = await route.handler(visit)
        except NotSignedIn:
            response = _to_sign_in(request)
        except NotFound:
            raise ChatError("not_found") from None
        except NotAllowed:
            raise ChatError("not_allowed") from None
        _remember_language(request, response)
        return response

    return enter


def entered(visit: Visit, token: str, stage: Stage, target: str = HOME) -> web.Response:
    """Go on with a session's new token in place of whatever cookie there was."""
    response = web.Response(status=303)
    response.headers["Location"] = inside(target) if stage is Stage.FULL else STEPS[stage]
    set_session(visit.request, response, token)
    return response


def set_session(request: web.Request, response: web.StreamResponse, token: str) -> None:
    """Have the browser keep a session's token, and forget the cookie of the sign-in form."""
    settings = request.app[SETTINGS]
    _set_cookie(settings, response, SESSION_COOKIE, token)
    response.del_cookie(_named(settings, FORM_COOKIE), path=HOME)


def left(visit: Visit) -> web.Response:
    """Back to the sign-in page, without the session's cookie."""
    return _to_sign_in(visit.request, then="")


def see(target: str) -> web.Response:
    """Go and look there, now that the form has done its work."""
    return web.Response(status=303, headers={"Location": target})


async def _let_in(request: web.Request, needs: Needs) -> Visit:
    settings = request.app[SETTINGS]
    token = request.cookies.get(_named(settings, SESSION_COOKIE), "")
    session = await request.app[DESK].sign_in.session(token) if token else None
    _check_needs(session, needs)
    form = await _form(request) if request.method == "POST" else {}
    bound_to = token if needs is not Door.OPEN else _form_cookie(request)
    visit = Visit(
        request=request,
        language=language_of(request),
        session=session,
        token=token if session else "",
        csrf=_csrf(settings, bound_to),
        form=form,
    )
    if request.method == "POST":
        _check_form(visit, bound_to)
    return visit


def _check_needs(session: Session | None, needs: Needs) -> None:
    if needs is Door.OPEN:
        return
    if session is None:
        raise NotSignedIn()
    if needs is Door.ANY_SESSION:
        return
    due = needs if isinstance(needs, Stage) else Stage.FULL
    if session.stage is not due:
        raise web.HTTPSeeOther(STEPS[session.stage])
    if isinstance(needs, Permission) and not session.staff.may(needs):
        raise NotAllowed()


def _check_form(visit: Visit, bound_to: str) -> None:
    """Raise ``ChatError`` unless the form is from our own page, in this browser and session."""
    if not is_from_here(visit.request):
        raise ChatError("form_expired")
    sent = visit.field("csrf").encode()
    if not bound_to or not hmac.compare_digest(sent, visit.csrf.encode()):
        raise ChatError("form_expired")


def is_from_here(request: web.Request) -> bool:
    """Whether no header says that another site's page has sent this.

    Browsers set both headers themselves. One that sends neither still needs the form's token.
    """
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    if site is not None and site != "same-origin":
        return False
    if origin is None:
        return True
    ours = {urlsplit(request.app[SETTINGS].public_url).netloc, request.host}
    return urlsplit(origin).netloc in ours


def _csrf(settings: Settings, bound_to: str) -> str:
    key = derived_key(settings.code_secret, "console/forms")
    return keyed_hash(key, bound_to)


async def _form(request: web.Request) -> dict[str, list[str]]:
    if request.content_type != "application/x-www-form-urlencoded":
        raise ChatError("bad_request")
    body = await request.content.read(LARGEST_FORM + 1)
    while len(body) <= LARGEST_FORM and (more := await request.content.read(LARGEST_FORM)):
        body += more
    if len(body) > LARGEST_FORM:
        raise ChatError("body_too_large")
    try:
        fields = parse_qs(
            body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS
        )
    except ValueError:
        raise ChatError("bad_request") from None
    return {name: [clean(each) for each in values] for name, values in fields.items()}


def _form_cookie(request: web.Request) -> str:
    """What the sign-in form is bound to: a cookie that never becomes a session."""
    return request.cookies.get(_named(request.app[SETTINGS], FORM_COOKIE), "")


def bind_form(visit: Visit) -> tuple[str, str]:
    """A form cookie's value, and the token for the form that goes with it. One that is there is
    kept: the form may be open in two tabs.
    """
    value = _form_cookie(visit.request) or secrets.token_urlsafe(16)
    return value, _csrf(visit.request.app[SETTINGS], value)


def set_form_cookie(visit: Visit, response: web.StreamResponse, value: str) -> None:
    """Have the browser keep what its sign-in form is bound to."""
    _set_cookie(visit.request.app[SETTINGS], response, FORM_COOKIE, value)


def _to_sign_in(request: web.Request, then: str | None = None) -> web.Response:
    here = request.path_qs if request.method == "GET" and then is None else then or ""
    target = request.rel_url.with_path(SIGN_IN).with_query({})
    if here and inside(here) != HOME:
        target = target.with_query({"next": here})
    response = web.Response(status=303, headers={"Location": str(target)})
    cookie = _named(request.app[SETTINGS], SESSION_COOKIE)
    if cookie in request.cookies:  # else another site's link would sign people out
        response.del_cookie(cookie, path=HOME)
    return response


def _remember_language(request: web.Request, response: web.StreamResponse) -> None:
    asked = request.query.get("lang")
    if asked in ("zh", "en"):
        response.set_cookie(
            LANGUAGE_COOKIE,
            asked,
            path=HOME,
            max_age=A_YEAR,
            httponly=True,
            secure=_is_https(request.app[SETTINGS]),
            samesite="Lax",
        )


def _set_cookie(settings: Settings, response: web.StreamResponse, name: str, value: str) -> None:
    response.set_cookie(
        _named(settings, name),
        value,
        path=HOME,
        httponly=True,
        secure=_is_https(settings),
        samesite="Strict",
    )


def _named(settings: Settings, name: str) -> str:
    """``__Host-`` would need ``Path=/`` and send the cookie with every chat request."""
    return f"__Secure-{name}" if _is_https(settings) else name


def _is_https(settings: Settings) -> bool:
    return settings.public_url.startswith("https://")


def _caching(request: web.Request) -> dict[str, str]:
    """Files alone may be kept, and are asked for again by their ETag."""
    is_file = request.path.startswith(f"{HOME}/static/")
    return {"Cache-Control": "no-cache"} if is_file else {}
