"""Who gets in where: every route of the console, every role, both sides of a brand's border."""

from __future__ import annotations

import re
from typing import Any

import pytest
from aiohttp.test_utils import TestClient

from actions.domain.staff import MAY, Permission, StaffRole
from actions.services.sign_in import Entered, Stage
from actions.services.staff import COMMAND_LINE, NewStaff
from bot.console.mount import ROUTES, mount
from bot.console.routes import Door, Route, RouteWithoutNeeds, Table
from bot.gateway.keys import DESK
from tests.bot.gateway.talk import Talk

Web = TestClient[Any, Any]

OWN = "four unrelated words here"
NOBODY = None


async def signed_in(web: Web, role: StaffRole, brands: frozenset[str] | None) -> str:
    """The token of somebody whose first sign-in is done (a demo needs no second factor)."""
    desk = web.app[DESK]
    new = NewStaff(f"a {role} here", f"{role}@example.com", frozenset({role}), brands)
    admitted = await desk.staff.add(new, by=COMMAND_LINE)
    temporary = admitted.temporary_password
    begun = await desk.sign_in.begin(new.name, temporary, address="192.0.2.1")
    assert isinstance(begun, Entered)
    own = await desk.sign_in.choose_password(begun.token, temporary, OWN)
    assert isinstance(own, Entered)
    assert own.session.stage is Stage.FULL
    return own.token


async def ask(web: Web, route: Route, id: str, token: str, form: dict[str, str]) -> int:
    path = route.path.replace("{id}", id).replace("{name}", "console.css")
    cookie = {"Cookie": f"desk_console={token}"} if token else {}
    data = form if route.method == "POST" else None
    answer = await web.request(route.method, path, headers=cookie, data=data, allow_redirects=False)
    return answer.status


async def csrf_of(web: Web, token: str) -> str:
    page = await web.get("/console/account", headers={"Cookie": f"desk_console={token}"})
    found = re.search(r'name="csrf" value="([0-9a-f]+)"', await page.text())
    assert found
    return found[1]


@pytest.mark.parametrize("role", [*StaffRole, NOBODY], ids=str)
async def test_every_route_lets_in_whom_its_permission_says_and_nobody_else(
    web: Web, role: StaffRole | None
) -> None:
    brands = None if role is StaffRole.ADMIN else frozenset({"kuailian"})
    token = await signed_in(web, role, brands) if role else ""
    ours, theirs = await Talk.begin(web, "kuailian"), await Talk.begin(web, "bitpie")
    form = {"csrf": await csrf_of(web, token) if role else "", "reason": "asked by phone"}
    last = ("sign-out", "sign-out-everywhere")
    for route in sorted(ROUTES, key=lambda each: each.path.endswith(last)):
        if route.path.endswith(last) and role:
            continue
        for conversation in (ours.conversation, theirs.conversation):
            status = await ask(web, route, conversation, token, form)
            where = (route.method, route.path, conversation == ours.conversation, status)
            if route.needs is Door.OPEN:
                assert status in (200, 303, 403), where
            elif role is None or isinstance(route.needs, Stage):
                assert status == 303, where
            elif route.needs not in MAY[role]:
                assert status == 403, where
            elif "/conversations/{id}" in route.path:
                assert status == (200 if conversation == ours.conversation else 404), where
            else:
                assert status in (200, 303, 400, 403, 404), where
                assert route.method == "POST" or status in (200, 303), where


@pytest.mark.parametrize(
    ("form", "headers"),
    [
        ({}, {}),
        ({"csrf": "0" * 64}, {}),
        ({"csrf": "another"}, {}),
        ({"csrf": "right"}, {"Origin": "https://evil.example"}),
        ({"csrf": "right"}, {"Origin": "null"}),
        ({"csrf": "right"}, {"Sec-Fetch-Site": "cross-site"}),
        ({"csrf": "right"}, {"Sec-Fetch-Site": "same-site"}),
    ],
)
async def test_a_forged_form_changes_nothing(
    web: Web, form: dict[str, str], headers: dict[str, str]
) -> None:
    token = await signed_in(web, StaffRole.AGENT, None)
    other = await signed_in(web, StaffRole.SUPERVISOR, None)
    known = {"right": await csrf_of(web, token), "another": await csrf_of(web, other)}
    sent = {name: known.get(value, value) for name, value in form.items()}
    answer = await web.post(
        "/console/account/sign-out-everywhere",
        data=sent,
        headers={"Cookie": f"desk_console={token}"} | headers,
        allow_redirects=False,
    )
    assert answer.status == 403
    assert await web.app[DESK].sign_in.session(token) is not None


async def test_a_right_form_from_our_own_page_is_obeyed(web: Web) -> None:
    token = await signed_in(web, StaffRole.AGENT, None)
    answer = await web.post(
        "/console/account/sign-out-everywhere",
        data={"csrf": await csrf_of(web, token)},
        headers={"Cookie": f"desk_console={token}", "Sec-Fetch-Site": "same-origin"},
        allow_redirects=False,
    )
    assert answer.status == 303
    assert await web.app[DESK].sign_in.session(token) is None


async def test_personal_data_is_masked_until_a_reason_is_given_and_the_look_is_on_record(
    web: Web,
) -> None:
    token = await signed_in(web, StaffRole.AGENT, None)
    talk = await Talk.begin(web)
    await talk.say("li@example.com 13800138000 <script>alert(1)</script>\u202e")
    cookie, csrf = {"Cookie": f"desk_console={token}"}, await csrf_of(web, token)
    path = f"/console/conversations/{talk.conversation}"
    page = await (await web.get(path, headers=cookie)).text()
    assert not re.search("li@example.com|13800138000|<script|\u202e", page)
    assert "&lt;script&gt;" in page
    form = {"csrf": csrf, "reason": " "}
    refused = await web.post(f"{path}/reveal", data=form, headers=cookie)
    assert "li@example.com" not in await refused.text()
    shown = await web.post(f"{path}/reveal", data=form | {"reason": "核实"}, headers=cookie)
    page = await shown.text()
    assert "li@example.com 13800138000" in page
    assert not re.search("<script|\u202e", page)
    assert "li@example.com" not in await (await web.get(path, headers=cookie)).text()
    async with web.app[DESK].storage.reading() as work:
        (look,) = await work.audit.trail(f"conversation:{talk.conversation}")
    assert (look.actor, look.data["reason"]) == ("agent:a agent here", "核实")
    assert look.data["fields"] == ["email", "name", "phone"]


async def test_a_route_that_does_not_say_what_it_needs_cannot_be_added(web: Web) -> None:
    with pytest.raises(TypeError):
        Table().get("/console/more")  # type: ignore[call-arg]
    with pytest.raises(RouteWithoutNeeds):
        Table().post("/console/more", needs=None)  # type: ignore[arg-type]
    from aiohttp import web as aio

    app = aio.Application()
    mount(app)
    app.router.add_get("/console/more", lambda _: aio.Response())
    with pytest.raises(RouteWithoutNeeds):
        await aio.AppRunner(app).setup()


def test_every_permission_belongs_to_somebody() -> None:
    assert set().union(*MAY.values()) == set(Permission)


@pytest.mark.parametrize(
    "target", ["https://evil.example", "//evil.example", "/console/../x", "/console\\x", "/"]
)
async def test_signing_in_leads_nowhere_but_into_the_console(web: Web, target: str) -> None:
    new = NewStaff("wang", "wang@example.com", frozenset({StaffRole.AGENT}))
    desk = web.app[DESK]
    admitted = await desk.staff.add(new, by=COMMAND_LINE)
    begun = await desk.sign_in.begin("wang", admitted.temporary_password, address="192.0.2.1")
    assert isinstance(begun, Entered)
    await desk.sign_in.choose_password(begun.token, admitted.temporary_password, OWN)
    page = await web.get("/console/sign-in", params={"next": target})
    csrf = re.search(r'name="csrf" value="([0-9a-f]+)"', await page.text())
    fixed = page.cookies["desk_console_form"].value
    assert csrf
    form = {"csrf": csrf[1], "name": "wang", "password": OWN, "next": target}
    cookie = {"Cookie": f"desk_console_form={fixed}; desk_console=planted"}
    answer = await web.post("/console/sign-in", data=form, headers=cookie, allow_redirects=False)
    assert (answer.status, answer.headers["Location"]) == (303, "/console")
    given = answer.cookies["desk_console"]
    assert given.value not in (fixed, "planted")
    assert (given["httponly"], given["samesite"], given["path"]) == (True, "Strict", "/console")
    for planted in (fixed, "planted"):
        assert await desk.sign_in.session(planted) is None
