"""One's own account: password, recovery codes, and the sessions that are open.

Knows the page and its forms. Leaves what they do to the sign-in service.
"""

from __future__ import annotations

from aiohttp import web

from actions.domain.staff import Permission
from actions.services.sign_in import Entered, Wrong
from actions.services.sign_in_waits import TryLater
from bot.console.entrance import left, see, set_session
from bot.console.routes import Table
from bot.console.signing_in import new_password
from bot.console.visit import HOME, Visit
from bot.console.words import ROLES

table = Table()

DONE = {
    "password": ("密码已更改，其他设备已退出。", "Password changed; your other sessions are over."),
    "session": ("那个登录已结束。", "That session is over."),
}


@table.get("/console/account", needs=Permission.OWN_ACCOUNT)
async def account(visit: Visit) -> web.StreamResponse:
    """Who one is here, and how one signs in."""
    return await _account(visit, done=visit.request.query.get("done", ""))


@table.post("/console/account/password", needs=Permission.OWN_ACCOUNT)
async def change_password(visit: Visit) -> web.StreamResponse:
    """Another password; every other session of the person ends."""
    result = await new_password(visit)
    if not isinstance(result, Entered):
        return await _account(visit, password_problem=result)
    response = see(f"{HOME}/account?done=password")
    set_session(visit.request, response, result.token)
    return response


@table.post("/console/account/recovery-codes", needs=Permission.OWN_ACCOUNT)
async def renew_recovery_codes(visit: Visit) -> web.StreamResponse:
    """New recovery codes, for the password; shown in the answer and never again."""
    result = await visit.desk.sign_in.renew_recovery_codes(visit.token, visit.field("password"))
    if isinstance(result, TryLater):
        return await _account(visit, codes_problem=visit.wait(result))
    if isinstance(result, Wrong):
        return await _account(visit, codes_problem=visit.problem("wrong_password"))
    return visit.page("recovery_codes", codes=result)


@table.post("/console/account/sessions/{id}/end", needs=Permission.OWN_ACCOUNT)
async def end_session(visit: Visit) -> web.StreamResponse:
    """Another of one's own sessions is over."""
    id = visit.request.match_info["id"]
    if not await visit.desk.sign_in.end_session(visit.staff, id):
        raise web.HTTPNotFound
    return see(f"{HOME}/account?done=session")


@table.post("/console/account/sign-out-everywhere", needs=Permission.OWN_ACCOUNT)
async def sign_out_everywhere(visit: Visit) -> web.StreamResponse:
    """All of one's sessions are over, this one too."""
    await visit.desk.sign_in.sign_out_everywhere(visit.staff)
    return left(visit)


async def _account(
    visit: Visit, *, done: str = "", password_problem: str = "", codes_problem: str = ""
) -> web.Response:
    sign_in = visit.desk.sign_in
    return visit.page(
        "account",
        403 if password_problem or codes_problem else 200,
        sessions=await sign_in.sessions(visit.staff),
        codes_left=await sign_in.recovery_codes_left(visit.staff),
        done=DONE.get(done),
        password_problem=password_problem,
        codes_problem=codes_problem,
        roles=ROLES,
    )
