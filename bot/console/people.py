"""Staff: who works here, adding somebody, other roles, disabling, a new start at signing in.

Knows the page and its forms. Leaves what may be done to whom to the staff service.
"""

from __future__ import annotations

from aiohttp import web

from actions.domain.errors import Fault, InputRefused, LastAdmin, NotAllowed, StaffExists
from actions.domain.events import Actor
from actions.domain.staff import Permission, StaffRole
from actions.services.staff import Admitted, NewStaff
from bot.console.entrance import see
from bot.console.routes import Table
from bot.console.visit import HOME, Visit
from bot.console.words import ROLES
from bot.gateway.errors import ChatError

table = Table()

ALL_BRANDS = "*"


@table.get("/console/staff", needs=Permission.MANAGE_STAFF)
async def people(visit: Visit) -> web.StreamResponse:
    """Everybody, and the forms to change things."""
    return await _people(visit)


@table.post("/console/staff", needs=Permission.MANAGE_STAFF)
async def add(visit: Visit) -> web.StreamResponse:
    """Take somebody on; their temporary password is shown in the answer and never again."""
    new = NewStaff(visit.field("name"), visit.field("email"), *_access(visit))
    try:
        return _once(visit, await visit.desk.staff.add(new, by=_by(visit)))
    except InputRefused as refused:
        return await _people(visit, problems=[_said(visit, each) for each in refused.faults])
    except StaffExists:
        return await _people(visit, problems=[visit.problem("staff_exists")])


@table.post("/console/staff/{id}/disable", needs=Permission.MANAGE_STAFF)
async def disable(visit: Visit) -> web.StreamResponse:
    """Let somebody in no more; their sessions are over."""
    try:
        await visit.desk.staff.disable(_id(visit), by=_by(visit))
    except NotAllowed as error:
        return await _people(visit, problems=[_why_not(visit, error)])
    return see(f"{HOME}/staff")


@table.post("/console/staff/{id}/reset", needs=Permission.MANAGE_STAFF)
async def reset(visit: Visit) -> web.StreamResponse:
    """A temporary password and no second factor, for somebody who can't get in any more."""
    try:
        return _once(visit, await visit.desk.staff.reset(_id(visit), by=_by(visit)))
    except NotAllowed as error:
        return await _people(visit, problems=[_why_not(visit, error)])


@table.post("/console/staff/{id}/access", needs=Permission.MANAGE_STAFF)
async def change_access(visit: Visit) -> web.StreamResponse:
    """Other roles and brands."""
    roles, brands = _access(visit)
    try:
        await visit.desk.staff.change_access(_id(visit), roles, brands, by=_by(visit))
    except InputRefused as refused:
        return await _people(visit, problems=[_said(visit, each) for each in refused.faults])
    except NotAllowed as error:
        return await _people(visit, problems=[_why_not(visit, error)])
    return see(f"{HOME}/staff")


async def _people(visit: Visit, problems: list[str] | None = None) -> web.Response:
    return visit.page(
        "people",
        400 if problems else 200,
        people=await visit.desk.staff.everybody(),
        problems=problems or [],
        brands=visit.desk.brands,
        all_roles=list(StaffRole),
        roles=ROLES,
    )


def _once(visit: Visit, admitted: Admitted) -> web.Response:
    return visit.page("temporary_password", admitted=admitted)


def _access(visit: Visit) -> tuple[frozenset[StaffRole], frozenset[str] | None]:
    try:
        roles = frozenset(StaffRole(each) for each in visit.form.get("role", ()))
    except ValueError:
        raise ChatError("bad_field", field="role") from None
    brands = frozenset(visit.form.get("brand", ()))
    return roles, None if ALL_BRANDS in brands else brands


def _by(visit: Visit) -> Actor:
    return visit.staff.acting(Permission.MANAGE_STAFF)


def _id(visit: Visit) -> str:
    return visit.request.match_info["id"]


def _said(visit: Visit, fault: Fault) -> str:
    chinese, _, english = fault.message.partition(" · ")
    about = {"name": ("姓名", "Name"), "email": ("邮箱", "E-mail")}.get(fault.path)
    said = english if visit.language == "en" else chinese
    if about is None:
        return said[:1].upper() + said[1:]
    return f"{about[1]} {said}" if visit.language == "en" else f"{about[0]}：{said}"


def _why_not(visit: Visit, error: NotAllowed) -> str:
    return visit.problem("last_admin" if isinstance(error, LastAdmin) else "yourself")
