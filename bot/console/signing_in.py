"""The way in: password, second factor, first password of one's own, setting up an app.

Knows the pages of these steps and what each shows when it goes wrong. Leaves what is right to the
sign-in service.
"""

from __future__ import annotations

import io

import segno
from aiohttp import web

from actions.domain.errors import PasswordRefused
from actions.domain.staff import Permission
from actions.services.sign_in import Entered, Stage, Wrong
from actions.services.sign_in_waits import TryLater
from bot.console.device import device_of
from bot.console.entrance import (
    STEPS,
    bind_form,
    entered,
    left,
    see,
    set_form_cookie,
    set_session,
)
from bot.console.routes import Door, Table
from bot.console.visit import HOME, Visit, inside
from bot.gateway.client import address_of

table = Table()


@table.get("/console", needs=Permission.OWN_ACCOUNT)
async def home(visit: Visit) -> web.StreamResponse:
    """The first room that is open to whoever asks."""
    return see(visit.rooms()[0][0])


@table.get("/console/sign-in", needs=Door.OPEN)
async def ask_password(visit: Visit) -> web.StreamResponse:
    """The form for name and password."""
    if visit.session is not None:
        return see(STEPS[visit.session.stage])
    return _password_form(visit)


@table.post("/console/sign-in", needs=Door.OPEN)
async def take_password(visit: Visit) -> web.StreamResponse:
    """Name and password; a session that this browser had is over."""
    name = visit.field("name")
    result = await visit.desk.sign_in.begin(
        name,
        visit.field("password"),
        address=address_of(visit.request),
        device=device_of(visit.request.headers.get("User-Agent", "")),
    )
    if isinstance(result, TryLater):
        return _password_form(visit, visit.wait(result), 429)
    if isinstance(result, Wrong):
        return _password_form(visit, visit.problem("wrong"), 403)
    if visit.token:
        await visit.desk.sign_in.sign_out(visit.token)
    return entered(visit, result.token, result.session.stage, visit.field("next"))


@table.get("/console/code", needs=Stage.CODE)
async def ask_code(visit: Visit) -> web.StreamResponse:
    """The form for the second factor."""
    return visit.page("code", problem="")


@table.post("/console/code", needs=Stage.CODE)
async def take_code(visit: Visit) -> web.StreamResponse:
    """The second factor, or a recovery code."""
    result = await visit.desk.sign_in.give_code(visit.token, visit.field("code"))
    if isinstance(result, TryLater):
        return visit.page("code", 429, problem=visit.wait(result))
    if isinstance(result, Wrong):
        return visit.page("code", 403, problem=visit.problem("wrong_code"))
    return entered(visit, result.token, result.session.stage)


@table.get("/console/password", needs=Stage.PASSWORD)
async def ask_new_password(visit: Visit) -> web.StreamResponse:
    """The form for a password of one's own, in place of the temporary one."""
    return visit.page("password", problem="")


@table.post("/console/password", needs=Stage.PASSWORD)
async def take_new_password(visit: Visit) -> web.StreamResponse:
    """A password of one's own."""
    result = await new_password(visit)
    if isinstance(result, Entered):
        return entered(visit, result.token, result.session.stage)
    return visit.page("password", 403, problem=result)


@table.get("/console/enrol", needs=Stage.ENROL)
async def show_secret(visit: Visit) -> web.StreamResponse:
    """What an authenticator app needs, as a picture and as text."""
    return await _enrolment(visit)


@table.post("/console/enrol", needs=Stage.ENROL)
async def enrol(visit: Visit) -> web.StreamResponse:
    """The app's first code."""
    return await _enrol(visit)


@table.get("/console/account/second-factor", needs=Permission.OWN_ACCOUNT)
async def show_secret_later(visit: Visit) -> web.StreamResponse:
    """The same for somebody who could put it off (demo mode only)."""
    if visit.staff.totp_enrolled_at is not None:
        return see(f"{HOME}/account")
    return await _enrolment(visit)


@table.post("/console/account/second-factor", needs=Permission.OWN_ACCOUNT)
async def enrol_later(visit: Visit) -> web.StreamResponse:
    """The app's first code."""
    return await _enrol(visit)


@table.post("/console/sign-out", needs=Door.ANY_SESSION)
async def sign_out(visit: Visit) -> web.StreamResponse:
    """The session is over."""
    await visit.desk.sign_in.sign_out(visit.token)
    return left(visit)


async def new_password(visit: Visit) -> Entered | str:
    """Change the password as the form says; what is wrong with it, if something is."""
    new = visit.field("new")
    if new != visit.field("again"):
        return visit.problem("differ")
    try:
        result = await visit.desk.sign_in.choose_password(visit.token, visit.field("old"), new)
    except PasswordRefused as refused:
        return visit.problem(refused.reason)
    if isinstance(result, TryLater):
        return visit.wait(result)
    return visit.problem("wrong_password") if isinstance(result, Wrong) else result


def _password_form(visit: Visit, problem: str = "", status: int = 200) -> web.Response:
    cookie, csrf = bind_form(visit)
    target = visit.field("next") or visit.request.query.get("next", "")
    response = visit.page(
        "sign_in",
        status,
        problem=problem,
        form_csrf=csrf,
        name=visit.field("name"),
        next=inside(target),
    )
    set_form_cookie(visit, response, cookie)
    return response


async def _enrolment(visit: Visit, problem: str = "", status: int = 200) -> web.Response:
    secret, address = await visit.desk.sign_in.enrolment(visit.token)
    grouped = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    return visit.page("enrol", status, problem=problem, secret=grouped, picture=_picture(address))


async def _enrol(visit: Visit) -> web.StreamResponse:
    result = await visit.desk.sign_in.enrol(visit.token, visit.field("code"))
    if isinstance(result, TryLater):
        return await _enrolment(visit, visit.wait(result), 429)
    if isinstance(result, Wrong):
        return await _enrolment(visit, visit.problem("wrong_code"), 403)
    # Shown in the answer itself: it is the only time that the desk knows them.
    response = visit.page("recovery_codes", codes=result.recovery_codes)
    set_session(visit.request, response, result.token)
    return response


def _picture(address: str) -> str:
    """A QR code as SVG: shapes and attributes only, which the page's policy allows."""
    out = io.BytesIO()
    segno.make(address, error="m").save(
        out, kind="svg", xmldecl=False, omitsize=True, border=2, dark="#000", light="#fff"
    )
    return out.getvalue().decode()
