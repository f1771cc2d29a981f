"""Signing in: a password, then a second factor, and a session whose token changes as it rises.

Knows in what order the steps come, when sessions end, and that a stranger's name is answered as
a wrong password is. Leaves adding people to ``staff``, cookies and forms to the console.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from actions.domain.clock import Clock
from actions.domain.errors import NotAllowed, NotSignedIn, PasswordRefused
from actions.domain.events import Actor, Role
from actions.domain.staff import Staff, StaffState
from actions.services.passwords import Passwords, check_new
from actions.services.second_factor import SecondFactor, new_recovery_codes
from actions.services.sign_in_waits import FORGOTTEN_AFTER, SignInWaits, TryLater
from actions.storage.staff import staff_of
from actions.storage.staff_tables import StaffRow, StaffSessionRow
from actions.storage.work import Storage, Work

SESSION_LASTS = timedelta(hours=12)
IDLE_AT_MOST = timedelta(minutes=30)
TEMPORARY_LASTS = timedelta(days=7)
NOTED_EVERY = timedelta(minutes=1)  # a use within it is not written down again


class Stage(StrEnum):
    """What a session still has to give before it opens anything."""

    CODE = "code"
    PASSWORD = "password"
    ENROL = "enrol"
    FULL = "full"


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody at a browser. ``id`` may be shown to its owner; the token is not in here."""

    id: str
    staff: Staff
    stage: Stage
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Entered:
    """A session and its new token; an earlier token of it opens nothing any more."""

    token: str
    session: Session
    recovery_codes: tuple[str, ...] = ()
    """Shown this once, when the second factor has just been set up."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """Wrong name, password or code: which of them is not said."""


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One of a person's sessions, for them to recognise and to end."""

    id: str
    device: str
    created_at: datetime
    last_used_at: datetime


class SignIn:
    """Lets staff in, and out. ``optional`` lets them put off the second factor (demo only)."""

    def __init__(
        self, storage: Storage, passwords: Passwords, secret: str, clock: Clock, *, optional: bool
    ) -> None:
        self._storage = storage
        self._passwords = passwords
        self._second = SecondFactor(secret)
        self._waits = SignInWaits(secret)
        self._clock = clock
        self._optional = optional

    async def begin(
        self, name: str, password: str, *, address: str, device: str = ""
    ) -> Entered | Wrong | TryLater:
        """Take a name (or e-mail address) and a password; what else is due, the session says."""
        now = self._clock()
        account, place = self._waits.account(name), self._waits.address(address)
        async with self._storage.writing() as work:
            wait = await self._waits.take(work, (account, place), now)
            known = None if wait else await work.staff.known_as(name)
        if wait is not None:
            return wait
        kept = known.password_hash if known else None
        if not await self._passwords.is_right(kept, password) or known is None or kept is None:
            return Wrong()
        better = await self._rehashed(kept, password)
        async with self._storage.writing() as work:
            person = await work.staff.person(known.id, lock=True)
            if person is None or person.password_hash != kept or not self._may_enter(person, now):
                return Wrong()
            person.password_hash = better
            failed = (await work.staff.waits([account.key]))[0].failures - 1
            await work.staff.forget_waits([account.key])
            await self._waits.give_back(work, place)
            entered = self._new_session(work, person, device, now)
            await self._tell(
                work, person, "staff_password_given", now, failed_before=max(failed, 0)
            )
        async with self._storage.writing() as work:
            await work.staff.tidy(sessions_until=now, waits_until=now - FORGOTTEN_AFTER)
        return entered

    async def session(self, token: str) -> Session | None:
        """Whose browser this is, if it is still anybody's; a call counts as use."""
        now = self._clock()
        async with self._storage.reading() as work:
            found = await work.staff.session_of(token_hash(token))
        if found is None or not _is_open(*found, now):
            return None
        row, person = found
        if now - row.last_used_at >= NOTED_EVERY:
            async with self._storage.writing() as work:
                await work.staff.touch(row.id, now)
        return self._session(row, person)

    async def give_code(self, token: str, typed: str) -> Entered | Wrong | TryLater:
        """Take the second factor: a code of the person's app, or a recovery code.

        Raises:
            NotSignedIn: no session is waiting for it.
        """
        now = self._clock()
        async with self._storage.writing() as work:
            row, person = await self._held(work, token, Stage.CODE, now)
            counted = self._waits.second_factor(person.id)
            wait = await self._waits.take(work, (counted,), now)
            if wait is not None:
                return wait
            kind = await self._kind_of_code(work, person, typed, now)
            if kind is None:
                return Wrong()
            await work.staff.forget_waits([counted.key])
            row.proved_at = now
            await self._tell(work, person, "staff_second_factor_given", now, kind=kind)
            return self._risen(row, person, now)

    async def choose_password(self, token: str, old: str, new: str) -> Entered | Wrong | TryLater:
        """Replace the password; all other sessions of the person end.

        Raises:
            NotSignedIn: the session is not theirs, or has another step to take first.
            PasswordRefused: the new one can't be taken.
        """
        now = self._clock()
        person = await self._whose(token, Stage.PASSWORD, Stage.FULL)
        check_new(new, person.name, person.email)
        if old == new:
            raise PasswordRefused("same")
        found = await self._proved_again(person, old)
        if found is not None:
            return found
        hashed = await self._passwords.hashed(new)
        async with self._storage.writing() as work:
            row, held = await self._held(work, token, None, now)
            if held.password_hash != person.password_hash:
                return Wrong()
            held.password_hash, held.password_set_at = hashed, now
            held.must_change_password, held.changed_at = False, now
            await work.staff.end_sessions(held.id, but=row.id)
            await self._tell(work, held, "staff_password_changed", now)
            return self._risen(row, held, now)

    async def enrolment(self, token: str) -> tuple[str, str]:
        """What an app needs to be set up: the secret as text, and its ``otpauth:`` address.

        Raises:
            NotSignedIn: the session is not to set one up now.
        """
        person = await self._whose(token, Stage.ENROL, Stage.FULL)
        if person.totp_enrolled_at is not None:
            raise NotSignedIn()
        of = (person.id, person.totp_generation)
        return self._second.secret_of(*of), self._second.address_of(*of, person.name)

    async def enrol(self, token: str, typed: str) -> Entered | Wrong | TryLater:
        """Take the first code of a newly set up app; recovery codes come with the answer.

        Raises:
            NotSignedIn: the session is not to set one up now.
        """
        now = self._clock()
        async with self._storage.writing() as work:
            row, person = await self._held(work, token, None, now)
            if person.totp_enrolled_at is not None or person.must_change_password:
                raise NotSignedIn()
            counted = self._waits.second_factor(person.id)
            wait = await self._waits.take(work, (counted,), now)
            if wait is not None:
                return wait
            step = self._second.step_of(person.id, person.totp_generation, typed, now)
            if step is None:
                return Wrong()
            await work.staff.forget_waits([counted.key])
            person.totp_enrolled_at, person.totp_last_step = now, step
            person.changed_at = row.proved_at = now
            codes = await self._new_recovery_codes(work, person)
            await work.staff.end_sessions(person.id, but=row.id)
            await self._tell(work, person, "staff_second_factor_set_up", now)
            return self._risen(row, person, now, codes)

    async def renew_recovery_codes(
        self, token: str, password: str
    ) -> tuple[str, ...] | Wrong | TryLater:
        """New recovery codes in place of all former ones, for the password.

        Raises:
            NotSignedIn: the session is not fully signed in.
            NotAllowed: there is no second factor that they could stand in for.
        """
        now = self._clock()
        person = await self._whose(token, Stage.FULL)
        if person.totp_enrolled_at is None:
            raise NotAllowed()
        found = await self._proved_again(person, password)
        if found is not None:
            return found
        async with self._storage.writing() as work:
            _row, held = await self._held(work, token, Stage.FULL, now)
            codes = await self._new_recovery_codes(work, held)
            await self._tell(work, held, "staff_recovery_codes_renewed", now)
        return codes

    async def recovery_codes_left(self, staff: Staff) -> int:
        """How many recovery codes somebody has not used."""
        async with self._storage.reading() as work:
            return await work.staff.recovery_codes_left(staff.id)

    async def sessions(self, staff: Staff) -> list[OpenSession]:
        """A person's sessions that still are open, the latest used first."""
        now = self._clock()
        async with self._storage.reading() as work:
            rows = await work.staff.sessions_of(staff.id)
        return [
            OpenSession(row.id, row.device, row.created_at, row.last_used_at)
            for row in rows
            if _is_in_time(row, now)
        ]

    async def sign_out(self, token: str) -> None:
        """End the session; one that has ended already is passed over."""
        async with self._storage.writing() as work:
            found = await work.staff.session_of(token_hash(token), lock=True)
            if found is not None:
                await self._end(work, *found)

    async def end_session(self, staff: Staff, session: str) -> bool:
        """End another of a person's own sessions; False if they have none such."""
        async with self._storage.writing() as work:
            person = await work.staff.person(staff.id, lock=True)
            if person is None or not await work.staff.end_session(staff.id, session):
                return False
            await self._tell(work, person, "staff_signed_out", self._clock(), session=session)
        return True

    async def sign_out_everywhere(self, staff: Staff) -> None:
        """End all sessions of a person, this one too."""
        async with self._storage.writing() as work:
            person = await work.staff.person(staff.id, lock=True)
            if person is not None:
                await work.staff.end_sessions(staff.id)
                await self._tell(work, person, "staff_signed_out_everywhere", self._clock())

    # --- within ----------------------------------------------------------------------------

    def _may_enter(self, person: StaffRow, now: datetime) -> bool:
        """A disabled person may not, nor one whose temporary password was never used in time."""
        late = person.must_change_password and now - person.password_set_at > TEMPORARY_LASTS
        return person.state == StaffState.ACTIVE and (self._optional or not late)

    def _new_session(self, work: Work, person: StaffRow, device: str, now: datetime) -> Entered:
        row = StaffSessionRow(
            id=secrets.token_hex(8),
            staff=person.id,
            device=device[:64],
            proved_at=None,
            created_at=now,
            last_used_at=now,
            expires_at=now + SESSION_LASTS,
        )
        entered = self._risen(row, person, now)
        work.staff.add_session(row)
        return entered

    def _risen(
        self,
        row: StaffSessionRow,
        person: StaffRow,
        now: datetime,
        recovery_codes: tuple[str, ...] = (),
    ) -> Entered:
        """The session under a new token; whoever knew the old one is left outside."""
        token = secrets.token_urlsafe(32)
        row.token_hash, row.last_used_at = token_hash(token), now
        session = self._session(row, person)
        if session.stage is Stage.FULL:
            person.signed_in_at = now
        return Entered(token, session, recovery_codes)

    def _session(self, row: StaffSessionRow, person: StaffRow) -> Session:
        return Session(row.id, staff_of(person), self._stage(row, person), row.expires_at)

    def _stage(self, row: StaffSessionRow, person: StaffRow) -> Stage:
        if person.totp_enrolled_at is not None and row.proved_at is None:
            return Stage.CODE
        if person.must_change_password:
            return Stage.PASSWORD
        # Only now: whoever else has seen the temporary password must not see the app's secret.
        if person.totp_enrolled_at is None and not self._optional:
            return Stage.ENROL
        return Stage.FULL

    async def _held(
        self, work: Work, token: str, stage: Stage | None, now: datetime
    ) -> tuple[StaffSessionRow, StaffRow]:
        found = await work.staff.session_of(token_hash(token), lock=True)
        if found is None or not _is_open(*found, now):
            raise NotSignedIn()
        if stage is not None and self._stage(*found) is not stage:
            raise NotSignedIn()
        return found

    async def _whose(self, token: str, *stages: Stage) -> StaffRow:
        async with self._storage.reading() as work:
            found = await work.staff.session_of(token_hash(token))
        if found is None or not _is_open(*found, self._clock()):
            raise NotSignedIn()
        if self._stage(*found) not in stages:
            raise NotSignedIn()
        return found[1]

    async def _proved_again(self, person: StaffRow, password: str) -> Wrong | TryLater | None:
        """None if the password is right; its tries are counted as those of a sign-in."""
        counted = self._waits.account(person.name)
        async with self._storage.writing() as work:
            wait = await self._waits.take(work, (counted,), self._clock())
        if wait is not None:
            return wait
        if not await self._passwords.is_right(person.password_hash, password):
            return Wrong()
        async with self._storage.writing() as work:
            await work.staff.forget_waits([counted.key])
        return None

    async def _rehashed(self, kept: str, password: str) -> str:
        if not self._passwords.is_outdated(kept):
            return kept
        return await self._passwords.hashed(password)

    async def _kind_of_code(
        self, work: Work, person: StaffRow, typed: str, now: datetime
    ) -> str | None:
        step = self._second.step_of(person.id, person.totp_generation, typed, now)
        if step is not None and step > (person.totp_last_step or 0):
            person.totp_last_step = step
            return "totp"
        hashed = self._second.recovery_hash(person.id, typed)
        if await work.staff.use_recovery_code(person.id, hashed, now):
            return "recovery_code"
        return None

    async def _new_recovery_codes(self, work: Work, person: StaffRow) -> tuple[str, ...]:
        codes = tuple(new_recovery_codes())
        hashes = [self._second.recovery_hash(person.id, code) for code in codes]
        await work.staff.set_recovery_codes(person.id, hashes)
        return codes

    async def _end(self, work: Work, row: StaffSessionRow, person: StaffRow) -> None:
        await work.staff.end_session(person.id, row.id)
        await self._tell(work, person, "staff_signed_out", self._clock(), session=row.id)

    async def _tell(
        self, work: Work, person: StaffRow, what: str, at: datetime, **data: Any
    ) -> None:
        by = Actor(Role.AGENT, person.name)
        await work.audit.record(f"staff:{person.id}", what, by=by, at=at, data=data)


def token_hash(token: str) -> str:
    """What is stored of a session's token."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _is_open(row: StaffSessionRow, person: StaffRow, now: datetime) -> bool:
    return person.state == StaffState.ACTIVE and _is_in_time(row, now)


def _is_in_time(row: StaffSessionRow, now: datetime) -> bool:
    return row.expires_at > now and now - row.last_used_at < IDLE_AT_MOST
