"""Staff, their sessions, recovery codes and waits, within one transaction.

Knows how these are kept so that two requests at once can't use one code or one try twice. Leaves
what they mean to the services.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, insert, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from actions.domain.account import email_key
from actions.domain.staff import Staff, StaffRole, StaffState, name_key
from actions.storage.staff_tables import RecoveryCodeRow, SignInWaitRow, StaffRow, StaffSessionRow


class StaffBook:
    """Everybody who works here; a person is locked before anything about them is changed."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        dialect = session.get_bind().dialect.name
        self._insert = sqlite.insert if dialect == "sqlite" else postgresql.insert

    # --- people --------------------------------------------------------------------------

    def add(self, person: StaffRow) -> None:
        """Keep a new member of staff."""
        self._session.add(person)

    async def everybody(self) -> list[StaffRow]:
        """All of them, in the order in which they came."""
        rows = await self._session.scalars(
            select(StaffRow).order_by(StaffRow.created_at, StaffRow.id)
        )
        return list(rows)

    async def hold_everybody(self) -> list[StaffRow]:
        """All of them, locked in one order until the transaction ends."""
        rows = await self._session.scalars(select(StaffRow).order_by(StaffRow.id).with_for_update())
        return list(rows)

    async def person(self, id: str, *, lock: bool = False) -> StaffRow | None:
        """One of them; ``lock`` holds them against all others, and reads them anew."""
        asked = select(StaffRow).where(StaffRow.id == id)
        if lock:
            asked = asked.with_for_update().execution_options(populate_existing=True)
        return (await self._session.scalars(asked)).one_or_none()

    async def known_as(self, typed: str) -> StaffRow | None:
        """Who has this name or this e-mail address; no name looks like an address."""
        return await self._one(
            or_(StaffRow.name_key == name_key(typed), StaffRow.email_key == email_key(typed))
        )

    async def either(self, name: str, email: str) -> StaffRow | None:
        """Somebody who has this name, or this address, or one of them as the other."""
        keys = (name_key(name), email_key(email))
        return await self._one(or_(StaffRow.name_key.in_(keys), StaffRow.email_key.in_(keys)))

    async def _one(self, condition: ColumnElement[bool]) -> StaffRow | None:
        found = await self._session.scalars(select(StaffRow).where(condition).limit(1))
        return found.one_or_none()

    # --- sessions ------------------------------------------------------------------------

    def add_session(self, session: StaffSessionRow) -> None:
        """Keep a new session."""
        self._session.add(session)

    async def session_of(
        self, token_hash: str, *, lock: bool = False
    ) -> tuple[StaffSessionRow, StaffRow] | None:
        """The session that a token opens, and whose it is; the person is locked first."""
        asked = (
            select(StaffSessionRow, StaffRow)
            .join(StaffRow, StaffRow.id == StaffSessionRow.staff)
            .where(StaffSessionRow.token_hash == token_hash)
        )
        found = (await self._session.execute(asked)).one_or_none()
        if found is None or not lock:
            return None if found is None else (found[0], found[1])
        if await self.person(found[1].id, lock=True) is None:
            return None
        # It may have been ended, or have got another token, while this one waited.
        again = asked.execution_options(populate_existing=True)
        held = (await self._session.execute(again)).one_or_none()
        return None if held is None else (held[0], held[1])

    async def sessions_of(self, staff: str) -> list[StaffSessionRow]:
        """All sessions of a person, the latest used first."""
        found = await self._session.scalars(
            select(StaffSessionRow)
            .where(StaffSessionRow.staff == staff)
            .order_by(StaffSessionRow.last_used_at.desc(), StaffSessionRow.id)
        )
        return list(found)

    async def touch(self, session: str, at: datetime) -> None:
        """Note that a session was used, unless a later use was noted already."""
        await self._session.execute(
            update(StaffSessionRow)
            .where(StaffSessionRow.id == session, StaffSessionRow.last_used_at < at)
            .values(last_used_at=at)
            .execution_options(synchronize_session=False)
        )

    async def end_session(self, staff: str, session: str) -> bool:
        """End one session of a person; False if there is none such."""
        ended = await self._session.execute(
            delete(StaffSessionRow)
            .where(StaffSessionRow.id == session, StaffSessionRow.staff == staff)
            .returning(StaffSessionRow.id)
        )
        return ended.one_or_none() is not None

    async def end_sessions(self, staff: str, *, but: str | None = None) -> None:
        """End all sessions of a person, perhaps but one."""
        ending = delete(StaffSessionRow).where(StaffSessionRow.staff == staff)
        if but is not None:
            ending = ending.where(StaffSessionRow.id != but)
        await self._session.execute(ending)

    # --- recovery codes ------------------------------------------------------------------

    async def set_recovery_codes(self, staff: str, hashes: Iterable[str]) -> None:
        """Replace a person's recovery codes."""
        await self._session.execute(delete(RecoveryCodeRow).where(RecoveryCodeRow.staff == staff))
        rows = [{"staff": staff, "code_hash": each} for each in hashes]
        if rows:
            await self._session.execute(insert(RecoveryCodeRow), rows)

    async def use_recovery_code(self, staff: str, code_hash: str, at: datetime) -> bool:
        """Use a code up; False if it isn't one, or was used before."""
        used = await self._session.execute(
            update(RecoveryCodeRow)
            .where(
                RecoveryCodeRow.staff == staff,
                RecoveryCodeRow.code_hash == code_hash,
                RecoveryCodeRow.used_at.is_(None),
            )
            .values(used_at=at)
            .returning(RecoveryCodeRow.code_hash)
            .execution_options(synchronize_session=False)
        )
        return used.one_or_none() is not None

    async def recovery_codes_left(self, staff: str) -> int:
        """How many codes a person has not used."""
        left = await self._session.scalar(
            select(func.count())
            .select_from(RecoveryCodeRow)
            .where(RecoveryCodeRow.staff == staff, RecoveryCodeRow.used_at.is_(None))
        )
        return left or 0

    # --- waits ---------------------------------------------------------------------------

    async def waits(self, keys: Iterable[str]) -> list[SignInWaitRow]:
        """The failures counted under each key, all held until the transaction ends, in an order
        that is the same for everybody.
        """
        held = []
        for key in sorted(keys):
            await self._session.execute(
                self._insert(SignInWaitRow)
                .values(key=key, failures=0)
                .on_conflict_do_nothing(index_elements=["key"])
            )
            found = await self._session.scalars(
                select(SignInWaitRow).where(SignInWaitRow.key == key).with_for_update()
            )
            held.append(found.one())
        return held

    async def forget_waits(self, keys: Iterable[str]) -> None:
        """Count from nothing again."""
        await self._session.execute(delete(SignInWaitRow).where(SignInWaitRow.key.in_(list(keys))))

    async def tidy(self, *, sessions_until: datetime, waits_until: datetime) -> None:
        """Let go of sessions that have expired and of failures long past."""
        await self._session.execute(
            delete(StaffSessionRow).where(StaffSessionRow.expires_at <= sessions_until)
        )
        await self._session.execute(
            delete(SignInWaitRow).where(SignInWaitRow.failed_at < waits_until)
        )


def staff_of(row: StaffRow) -> Staff:
    """A row as the domain knows a member of staff."""
    return Staff(
        id=row.id,
        name=row.name,
        email=row.email,
        roles=frozenset(StaffRole(role) for role in row.roles),
        brands=None if row.brands is None else frozenset(row.brands),
        state=StaffState(row.state),
        created_at=row.created_at,
        totp_enrolled_at=row.totp_enrolled_at,
        must_change_password=row.must_change_password,
        signed_in_at=row.signed_in_at,
    )
