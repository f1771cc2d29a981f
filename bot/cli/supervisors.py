"""Staff from the command line: adding somebody, listing, disabling, a new start at signing in.

Knows how answers are shown; a temporary password is printed once and kept nowhere. Leaves what may
be done to the staff service.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from actions.bootstrap import Desk, build_desk
from actions.domain.errors import InputRefused, LastAdmin, StaffExists, StaffNotFound
from actions.domain.staff import StaffRole, StaffState
from actions.services.staff import COMMAND_LINE, Admitted, NewStaff
from actions.settings import Settings, ensure_secrets
from bot.cli.say import Trouble, say

DEMO = NewStaff("demo", "demo@example.com", frozenset({StaffRole.SUPERVISOR, StaffRole.ADMIN}))


async def add(settings: Settings, new: NewStaff) -> None:
    """Take somebody on and print their temporary password. Raises ``Trouble``."""
    async with _desk(settings) as desk:
        try:
            admitted = await desk.staff.add(new, by=COMMAND_LINE)
        except InputRefused as refused:
            said = [f"{fault.path}：{fault.message}" for fault in refused.faults]
            raise Trouble("；".join(said), "nobody was added") from None
        except StaffExists:
            raise Trouble(
                "这个姓名或邮箱已经有人用了", "somebody has this name or e-mail address already"
            ) from None
    _tell_once(admitted)


async def show_all(settings: Settings) -> None:
    """Everybody, one a line."""
    async with _desk(settings) as desk:
        for person in await desk.staff.everybody():
            brands = "*" if person.brands is None else ",".join(sorted(person.brands))
            roles = ",".join(sorted(person.roles))
            print(f"{person.name}\t{person.email}\t{roles}\t{brands}\t{person.state}")


async def disable(settings: Settings, name: str) -> None:
    """Let somebody in no more. Raises ``Trouble``."""
    async with _desk(settings) as desk:
        try:
            person = await desk.staff.known_as(name)
            await desk.staff.disable(person.id, by=COMMAND_LINE)
        except StaffNotFound:
            raise _nobody(name) from None
        except LastAdmin:
            raise Trouble("至少要留下一位管理员", "at least one admin has to remain") from None
    say(f"已停用 {person.name}，其登录已全部结束", "disabled; their sessions are over")


async def reset(settings: Settings, name: str) -> None:
    """Give somebody a temporary password and no second factor. Raises ``Trouble``."""
    async with _desk(settings) as desk:
        try:
            person = await desk.staff.known_as(name)
        except StaffNotFound:
            raise _nobody(name) from None
        _tell_once(await desk.staff.reset(person.id, by=COMMAND_LINE))


async def first_of_a_demo(settings: Settings) -> Admitted | None:
    """Take on the demo's own supervisor, unless somebody works here already."""
    async with _desk(settings) as desk:
        if await desk.staff.everybody():
            return None
        return await desk.staff.add(DEMO, by=COMMAND_LINE)


def _tell_once(admitted: Admitted) -> None:
    assert admitted.staff.state is StaffState.ACTIVE
    say(
        f"{admitted.staff.name} 的临时密码（只显示这一次，首次登录必须更换）",
        f"temporary password of {admitted.staff.name}, shown once, to be replaced at first sign-in",
    )
    print(admitted.temporary_password)


def _nobody(name: str) -> Trouble:
    return Trouble(f"没有这位员工：{name}", f"there is no such member of staff: {name}")


@asynccontextmanager
async def _desk(settings: Settings) -> AsyncIterator[Desk]:
    desk = await build_desk(ensure_secrets(settings))
    try:
        yield desk
    finally:
        await desk.close()
