"""Erasing a person: refused while money is under way, then all at once in the database, then step
by step from files, mailbox and Rasa's store. Whatever interrupts it, it is brought to an end.

Knows the steps and what can be told of them. Leaves finding what is theirs to ``person`` and the
rows to ``erasing``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from actions.domain.clock import Clock
from actions.domain.errors import ErasureRefused, Hindrance, PersonNotFound, StoreBusy
from actions.domain.events import Actor
from actions.services.erasing import (
    erase_access,
    erase_account,
    erase_cases,
    erase_chats,
    erase_files,
    erase_mentions,
    erase_renewals,
    erase_tickets,
)
from actions.services.person import Belongings, Person, belongings_of, find_person, hindrances
from actions.services.personal_data import rest_of_trail
from actions.storage.demo_mailbox import DemoMailbox
from actions.storage.tables import AccountRow, OrderRow
from actions.storage.trackers import Trackers
from actions.storage.uploads import Uploads
from actions.storage.work import Storage, Work

MAIL, TRACKERS, FILES, REWRITE = "mail", "trackers", "files", "rewrite"
STEPS = (MAIL, TRACKERS, FILES, REWRITE)
"""What comes after the database, in this sequence. Each may be done again without harm."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What would go, and what stands in the way. ``unfinished`` are erasures to be finished."""

    person: Person
    theirs: Belongings
    hindrances: Sequence[Hindrance]
    unfinished: Sequence[int]


@dataclass(frozen=True, slots=True)
class Finished:
    """``left`` are steps that had to wait: the worker tries them again. ``too_large`` says that
    a database file was not rewritten: that needs a desk that stands still.
    """

    left: Sequence[str] = ()
    too_large: bool = False


class Privacy:
    """Erases people."""

    def __init__(
        self,
        storage: Storage,
        uploads: Uploads,
        trackers: Trackers,
        mailbox: DemoMailbox,
        clock: Clock,
    ) -> None:
        self._storage = storage
        self._uploads = uploads
        self._trackers = trackers
        self._mailbox = mailbox
        self._clock = clock

    async def preview(
        self, brand: str, *, account: str | None = None, email: str | None = None
    ) -> Preview:
        """What is a person's, without changing it. Raises as ``find_person`` does."""
        async with self._storage.reading() as work:
            person = await find_person(work, brand, account=account, email=email)
            theirs = await belongings_of(work, person)
            return Preview(
                person,
                theirs,
                await hindrances(work, person, theirs, self._clock()),
                await work.erasures.unfinished_of(brand, person.account_id),
            )

    async def erase(self, person: Person, *, by: Actor) -> Finished:
        """Erase a person, or finish what was begun; one who is erased already is left alone.

        Raises:
            ErasureRefused: something is under way; each thing is named.
            PersonNotFound: the account is gone.
        """
        async with self._storage.writing() as work:
            await self._erase_in(work, person, by=by)
        finished = Finished()
        async with self._storage.reading() as work:
            unfinished = await work.erasures.unfinished_of(person.brand, person.account_id)
        for id in unfinished:
            finished = await self.finish(id)
        return finished

    async def lift(self, brand: str, account: str, *, by: Actor) -> bool:
        """Let an import bring an erased account back; False if it was not erased.

        Raises:
            PersonNotFound: there is no such account.
        """
        async with self._storage.writing() as work:
            row = await work.session.get(AccountRow, (brand, account), with_for_update=True)
            if row is None:
                raise PersonNotFound()
            if row.erased_at is None:
                return False
            row.erased_at = None
            await work.audit.record(
                f"account:{brand}/{account}", "erasure_lifted", by=by, at=self._clock(), data={}
            )
            return True

    async def finish_all(self) -> int:
        """Go on with whatever was interrupted; how many erasures had something left."""
        async with self._storage.reading() as work:
            unfinished = await work.erasures.unfinished()
        for id in unfinished:
            await self.finish(id)
        return len(unfinished)

    async def finish(self, id: int) -> Finished:
        """Take the steps that are left; one that has to wait does not keep the others."""
        async with self._storage.reading() as work:
            row = await work.erasures.get(id)
        steps = dict(row.left) if row is not None and row.finished_at is None else {}
        left, too_large = [], False
        for step in (name for name in STEPS if name in steps):
            try:
                too_large |= not await self._take(step, steps[step])
            except StoreBusy:
                left.append(step)
                continue
            async with self._storage.writing() as work:
                await work.erasures.step_done(id, step)
        if not left:
            async with self._storage.writing() as work:
                await work.erasures.finish(id, at=self._clock())
        return Finished(tuple(left), too_large)

    async def _erase_in(self, work: Work, person: Person, *, by: Actor) -> None:
        now, account = self._clock(), (person.brand, person.account_id)
        # Orders first, as everyone takes them: whoever decides or pays waits, or is waited for.
        await work.session.execute(
            select(OrderRow.order_number)
            .where(OrderRow.brand == account[0], OrderRow.account_id == account[1])
            .order_by(OrderRow.order_number)
            .with_for_update()
        )
        row = await work.session.get(AccountRow, account, with_for_update=True)
        if row is None:
            raise PersonNotFound()
        if row.erased_at is not None:
            return
        person = Person(*account, row.email)
        theirs = await belongings_of(work, person)
        if found := await hindrances(work, person, theirs, now):
            raise ErasureRefused(*found)
        contents = await _erase_rows(work, person, theirs, now)
        subject = f"account:{person.brand}/{person.account_id}"
        await work.audit.erase([*theirs.subjects, subject], rest_of_trail, by=by, at=now)
        left: Mapping[str, Any] = {
            MAIL: [person.email],
            TRACKERS: list(theirs.chats),
            FILES: contents,
            REWRITE: True,
        }
        id = await work.erasures.begin(person.brand, person.account_id, left, at=now)
        await work.audit.record(subject, "person_erased", by=by, at=now, data={"erasure": id})

    async def _take(self, step: str, what: Any) -> bool:
        """Take one step; False if a file was too large to be rewritten."""
        if step == MAIL:
            for address in what:
                await asyncio.to_thread(self._mailbox.forget, address)
        elif step == TRACKERS:
            await asyncio.to_thread(self._trackers.forget, what)
        elif step == FILES:
            await self._remove_files(what)
        elif step == REWRITE:
            trackers = await asyncio.to_thread(self._trackers.rewrite)
            return await self._storage.rewrite() and trackers
        return True

    async def _remove_files(self, contents: Sequence[str]) -> None:
        """Remove content that no row points at any more; whoever gives it anew meanwhile waits."""
        for sha256 in contents:
            async with self._storage.writing() as work:
                await work.evidence.hold_content(sha256)
                if not await work.evidence.is_used(sha256):
                    await asyncio.to_thread(self._uploads.remove, sha256)


async def _erase_rows(work: Work, person: Person, theirs: Belongings, now: Any) -> list[str]:
    pseudonym = await erase_account(work, person, now)
    await erase_access(work, person, theirs)
    await erase_cases(work, theirs.cases, now, pseudonym)
    await erase_renewals(work, theirs.renewals)
    await erase_mentions(work, person, pseudonym)
    await erase_tickets(work, theirs.tickets, now)
    contents = await erase_files(work, theirs.files)
    await erase_chats(work, theirs.chats, now)
    return contents
