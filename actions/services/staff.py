"""Who works here: adding, disabling, other roles, signing in set up anew. Each is in the trail.

Knows what makes a set of roles and brands whole. Leaves signing in to ``sign_in``.
"""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from actions.domain.account import email_key
from actions.domain.clock import Clock
from actions.domain.errors import (
    Fault,
    InputRefused,
    LastAdmin,
    NotAllowed,
    StaffExists,
    StaffNotFound,
)
from actions.domain.events import Actor, Role
from actions.domain.staff import Staff, StaffRole, StaffState, name_key
from actions.services.inputs import must_be, text_of
from actions.services.passwords import Passwords, temporary_password
from actions.services.sign_in_waits import SignInWaits
from actions.storage.staff import staff_of
from actions.storage.staff_tables import StaffRow
from actions.storage.work import Storage, Work

LONGEST_NAME = 32
LONGEST_EMAIL = 320
COMMAND_LINE = Actor(Role.OPERATOR, "command-line")
NOBODYS_NAMES = frozenset({"command-line", "import", "desk", "worker", "customer"})
"""Under these machines act in the trail."""

_NAME = re.compile(r"[\w][\w .·-]*")
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+")

BAD_NAME = "只能用文字、数字、空格、点和短横 · only letters, digits, spaces, dots and dashes"
TAKEN_BY_A_MACHINE = "系统已使用这个名字 · the desk itself acts under this name"
BAD_EMAIL = "不是邮箱地址 · is not an e-mail address"
NO_ROLE = "请至少选一个角色 · choose at least one role"
NO_BRAND = "请至少选一个品牌，或选全部 · choose at least one brand, or all of them"
UNKNOWN_BRAND = "没有这个品牌 · is not a brand of ours"
ADMIN_OF_ALL = "管理员要能看到全部品牌 · an admin is one of all brands"


@dataclass(frozen=True, slots=True)
class NewStaff:
    """Somebody about to be added; ``brands`` None is all of them."""

    name: str
    email: str
    roles: frozenset[StaffRole]
    brands: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Admitted:
    """Somebody who can sign in, once, with a password that is shown once."""

    staff: Staff
    temporary_password: str


class StaffService:
    """The staff of one desk. Raises ``NotAllowed`` for whoever does not act as an operator."""

    def __init__(
        self,
        storage: Storage,
        passwords: Passwords,
        brands: Collection[str],
        secret: str,
        clock: Clock,
    ) -> None:
        self._storage = storage
        self._passwords = passwords
        self._brands = brands
        self._waits = SignInWaits(secret)
        self._clock = clock

    async def everybody(self) -> list[Staff]:
        """All who work here or did, in the order in which they came."""
        async with self._storage.reading() as work:
            return [staff_of(row) for row in await work.staff.everybody()]

    async def known_as(self, typed: str) -> Staff:
        """Who has this name or e-mail address. Raises ``StaffNotFound``."""
        async with self._storage.reading() as work:
            row = await work.staff.known_as(typed)
        if row is None:
            raise StaffNotFound()
        return staff_of(row)

    async def add(self, new: NewStaff, *, by: Actor) -> Admitted:
        """Take somebody on.

        Raises:
            InputRefused: a name, address, role or brand is not one.
            StaffExists: somebody has that name or address, or had it.
        """
        must_be(by, Role.OPERATOR)
        new = self._checked(new)
        now, password = self._clock(), temporary_password()
        hashed = await self._passwords.hashed(password)
        async with self._storage.writing() as work:
            await work.staff.hold_everybody()
            if await work.staff.either(new.name, new.email):
                raise StaffExists()
            row = _row(new, hashed, now)
            work.staff.add(row)
            await work.session.flush()
            await self._tell(work, row, "staff_added", by, now, **_access(row))
        return Admitted(staff_of(row), password)

    async def disable(self, id: str, *, by: Actor) -> None:
        """Let somebody in no more, from this moment on.

        Raises:
            StaffNotFound: there is nobody by that id.
            NotAllowed: people don't disable themselves, or (``LastAdmin``) the last admin.
        """
        must_be(by, Role.OPERATOR)
        now = self._clock()
        async with self._storage.writing() as work:
            row, everybody = await self._held(work, id, by)
            if row.state == StaffState.DISABLED:
                return
            with _leaving_an_admin(everybody):
                row.state, row.changed_at = StaffState.DISABLED, now
            await work.staff.end_sessions(id)
            await self._tell(work, row, "staff_disabled", by, now)

    async def reset(self, id: str, *, by: Actor) -> Admitted:
        """Set up anew how somebody signs in: temporary password, no second factor, no session, no
        waits. Somebody who was disabled may sign in again. Raises as ``disable`` does.
        """
        must_be(by, Role.OPERATOR)
        now, password = self._clock(), temporary_password()
        hashed = await self._passwords.hashed(password)
        async with self._storage.writing() as work:
            row, _everybody = await self._held(work, id, by)
            was = row.state
            row.state = StaffState.ACTIVE
            row.password_hash, row.password_set_at = hashed, now
            row.must_change_password, row.changed_at = True, now
            row.totp_generation += 1
            row.totp_enrolled_at = row.totp_last_step = None
            await work.staff.set_recovery_codes(id, ())
            await work.staff.end_sessions(id)
            waits = (self._waits.account(row.name), self._waits.account(row.email))
            counted = (*waits, self._waits.second_factor(id))
            await work.staff.forget_waits(each.key for each in counted)
            await self._tell(work, row, "staff_reset", by, now, was=was)
        return Admitted(staff_of(row), password)

    async def change_access(
        self,
        id: str,
        roles: Iterable[StaffRole],
        brands: Iterable[str] | None,
        *,
        by: Actor,
    ) -> None:
        """Give somebody other roles and brands; what they may do changes with their next click.

        Raises as ``disable`` and ``add`` do.
        """
        must_be(by, Role.OPERATOR)
        now = self._clock()
        chosen = frozenset(roles), None if brands is None else frozenset(brands)
        self._check_access(*chosen)
        async with self._storage.writing() as work:
            row, everybody = await self._held(work, id, by)
            was = _access(row)
            with _leaving_an_admin(everybody):
                row.roles, row.brands = _stored(*chosen)
                row.changed_at = now
            await self._tell(work, row, "staff_access_changed", by, now, was=was, **_access(row))

    def _checked(self, new: NewStaff) -> NewStaff:
        name = text_of(unicodedata.normalize("NFKC", new.name), "name", LONGEST_NAME)
        if not _NAME.fullmatch(name):
            raise InputRefused(Fault("name", BAD_NAME))
        if name_key(name) in NOBODYS_NAMES:
            raise InputRefused(Fault("name", TAKEN_BY_A_MACHINE))
        email = text_of(new.email, "email", LONGEST_EMAIL)
        if not _EMAIL.fullmatch(email):
            raise InputRefused(Fault("email", BAD_EMAIL))
        self._check_access(new.roles, new.brands)
        return NewStaff(name, email, new.roles, new.brands)

    def _check_access(self, roles: frozenset[StaffRole], brands: frozenset[str] | None) -> None:
        if not roles:
            raise InputRefused(Fault("roles", NO_ROLE))
        if brands is None:
            return
        if not brands:
            raise InputRefused(Fault("brands", NO_BRAND))
        unknown = sorted(brands - set(self._brands))
        if unknown:
            raise InputRefused(*(Fault(f"brands.{each}", UNKNOWN_BRAND) for each in unknown))
        if StaffRole.ADMIN in roles:
            # They hand out access: to all brands, then, and so through others they'd have it.
            raise InputRefused(Fault("brands", ADMIN_OF_ALL))

    async def _held(self, work: Work, id: str, by: Actor) -> tuple[StaffRow, list[StaffRow]]:
        """Somebody, and everybody, all locked: two admins can't disable each other at once."""
        rows = await work.staff.hold_everybody()
        found = [row for row in rows if row.id == id]
        if not found:
            raise StaffNotFound()
        if found[0].name == by.name:
            raise NotAllowed()
        return found[0], rows

    async def _tell(
        self, work: Work, row: StaffRow, what: str, by: Actor, at: datetime, **data: Any
    ) -> None:
        await work.audit.record(f"staff:{row.id}", what, by=by, at=at, data=data)


@contextmanager
def _leaving_an_admin(everybody: list[StaffRow]) -> Iterator[None]:
    """Where there is an admin, one is left; a desk that is run by commands alone needs none."""
    before = any(map(_is_admin, everybody))
    yield
    if before and not any(map(_is_admin, everybody)):
        raise LastAdmin()


def _is_admin(row: StaffRow) -> bool:
    return row.state == StaffState.ACTIVE and StaffRole.ADMIN in row.roles


def _row(new: NewStaff, hashed: str, now: datetime) -> StaffRow:
    roles, brands = _stored(new.roles, new.brands)
    return StaffRow(
        id=secrets.token_hex(8),
        name=new.name,
        name_key=name_key(new.name),
        email=new.email,
        email_key=email_key(new.email),
        roles=roles,
        brands=brands,
        state=StaffState.ACTIVE.value,
        password_hash=hashed,
        password_set_at=now,
        must_change_password=True,
        totp_generation=1,
        created_at=now,
        changed_at=now,
    )


def _stored(
    roles: frozenset[StaffRole], brands: frozenset[str] | None
) -> tuple[list[str], list[str] | None]:
    return sorted(roles), None if brands is None else sorted(brands)


def _access(row: StaffRow) -> dict[str, Any]:
    return {"roles": row.roles, "brands": row.brands}
