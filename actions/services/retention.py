"""Letting go of what is past its time, as each brand has promised, a few records at a time.

Knows batches and transactions. Leaves what is past its time to ``past_due``, and the erasing
itself to ``erasing``.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select

from actions.domain.clock import Clock
from actions.domain.events import Actor, Role
from actions.policy.brand import Brand
from actions.services.erasing import (
    erase_cases,
    erase_chats,
    erase_files,
    erase_renewals,
    erase_tickets,
)
from actions.services.past_due import due, keeps_a_chat, short_lived
from actions.services.person import files_of, tickets_of
from actions.services.personal_data import rest_of_trail
from actions.services.privacy import FILES, TRACKERS, Privacy
from actions.storage.tables import (
    CaseRow,
)
from actions.storage.work import Storage, Work

AT_ONCE = 25
"""Chats or cases in one transaction: others wait for it."""
ROWS_AT_ONCE = 500
MOST_BATCHES = 20
"""For each sort and brand in one go of the worker's; the next go takes the rest."""

DESK = Actor(Role.DESK)


@dataclass(slots=True)
class Swept:
    """How many went, or would go."""

    chats: int = 0
    cases: int = 0
    tickets: int = 0
    renewals: int = 0
    codes: int = 0
    locks: int = 0
    proofs: int = 0
    links: int = 0
    addresses: int = 0
    promises: int = 0

    @property
    def total(self) -> int:
        """All together."""
        return sum(getattr(self, field.name) for field in fields(self))


class RetentionSweep:
    """Looks for what is past its time, and lets go of it."""

    def __init__(
        self, storage: Storage, brands: Mapping[str, Brand], privacy: Privacy, clock: Clock
    ) -> None:
        self._storage = storage
        self._brands = brands
        self._privacy = privacy
        self._clock = clock

    async def count(self) -> Swept:
        """How much is past its time now; nothing is changed. Tickets and files that go with
        their case or chat are not counted.
        """
        now, counted = self._clock(), Swept()
        async with self._storage.reading() as work:
            for brand in self._brands.values():
                for name, query in due(brand.id, brand.trust.retention, now).items():
                    found = await work.session.scalar(
                        select(func.count()).select_from(query.subquery())
                    )
                    setattr(counted, name, getattr(counted, name) + (found or 0))
            for name, (table, where) in short_lived(now).items():
                found = await work.session.scalar(
                    select(func.count()).select_from(table).where(where)
                )
                setattr(counted, name, found or 0)
        return counted

    async def sweep(self, most_batches: int = MOST_BATCHES) -> Swept:
        """Let go of what is past its time, up to so many batches of each sort and brand."""
        swept = Swept()
        for brand in self._brands.values():
            for name in due(brand.id, brand.trust.retention, self._clock()):
                async for count in self._batches(brand, name, most_batches):
                    setattr(swept, name, getattr(swept, name) + count)
        for name in short_lived(self._clock()):
            for _ in range(most_batches):
                count = await self._delete_some(name)
                setattr(swept, name, getattr(swept, name) + count)
                if count < ROWS_AT_ONCE:
                    break
        return swept

    async def _batches(self, brand: Brand, name: str, most: int) -> AsyncIterator[int]:
        for _ in range(most):
            count = await self._erase_some(brand, name)
            if count:
                yield count
            if count < AT_ONCE:
                return

    async def _erase_some(self, brand: Brand, name: str) -> int:
        """One batch in one transaction, and then what lies outside the database."""
        now = self._clock()
        query = due(brand.id, brand.trust.retention, now)[name].limit(AT_ONCE)
        async with self._storage.reading() as work:  # on most days nothing is due
            if (await work.session.execute(query)).first() is None:
                return 0
        async with self._storage.writing() as work:
            ids = list(await work.session.scalars(query.with_for_update(skip_locked=True)))
            left = await _ERASE[name](work, ids, now)
            erasure = None
            if any(left.values()):
                erasure = await work.erasures.begin(brand.id, None, left, at=now)
        if erasure is not None:
            await self._privacy.finish(erasure)
        return len(ids)

    async def _delete_some(self, name: str) -> int:
        table, where = short_lived(self._clock())[name]
        key = table.__table__.primary_key.columns[0]
        some = select(key).where(where).limit(ROWS_AT_ONCE)
        async with self._storage.reading() as work:
            if (await work.session.execute(some.limit(1))).first() is None:
                return 0
        async with self._storage.writing() as work:
            gone = await work.session.execute(
                delete(table)
                .where(key.in_(some))
                .returning(key)
                .execution_options(synchronize_session=False)
            )
            return len(gone.all())


async def _erase_due_cases(work: Work, numbers: Sequence[str], now: datetime) -> dict[str, Any]:
    found = await work.session.scalars(
        select(CaseRow.conversation)
        .where(CaseRow.number.in_(numbers), CaseRow.conversation.is_not(None))
        .where(~keeps_a_chat(CaseRow.conversation, numbers))
    )
    chats = list(dict.fromkeys(id for id in found if id is not None))
    tickets = await tickets_of(work, numbers, chats)
    files = await files_of(work, numbers, chats)
    await erase_cases(work, numbers, now)
    subjects = [f"case:{number}" for number in numbers]
    return await _erase_the_rest(work, chats, tickets, files, subjects, now)


async def _erase_due_chats(work: Work, chats: Sequence[str], now: datetime) -> dict[str, Any]:
    tickets = await tickets_of(work, (), chats)
    files = await files_of(work, (), chats)
    return await _erase_the_rest(work, chats, tickets, files, [], now)


async def _erase_due_tickets(work: Work, numbers: Sequence[str], now: datetime) -> dict[str, Any]:
    return await _erase_the_rest(work, [], numbers, [], [], now)


async def _erase_due_renewals(work: Work, numbers: Sequence[str], now: datetime) -> dict[str, Any]:
    await erase_renewals(work, numbers)
    subjects = [f"renewal:{number}" for number in numbers]
    return await _erase_the_rest(work, [], [], [], subjects, now)


async def _erase_the_rest(
    work: Work,
    chats: Sequence[str],
    tickets: Sequence[str],
    files: Sequence[str],
    subjects: Sequence[str],
    now: datetime,
) -> dict[str, Any]:
    """Erase chats, tickets and files with their trails; what is left outside the database."""
    await erase_tickets(work, tickets, now)
    contents = await erase_files(work, files)
    await erase_chats(work, chats, now)
    trails = [*subjects, *(f"ticket:{n}" for n in tickets), *(f"evidence:{id}" for id in files)]
    await work.audit.erase(trails, rest_of_trail, by=DESK, at=now)
    return {TRACKERS: list(chats), FILES: contents}


_ERASE = {
    "cases": _erase_due_cases,
    "chats": _erase_due_chats,
    "tickets": _erase_due_tickets,
    "renewals": _erase_due_renewals,
}
