"""Units of work: one transaction with all repositories over it, kept whole or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from actions.storage.appeals import Appeals
from actions.storage.audit import Audit
from actions.storage.cases import Cases
from actions.storage.chats import Chats
from actions.storage.checks import Checks
from actions.storage.contact_changes import ContactChangeRows
from actions.storage.engine import make_engine, reader_factory, session_factory
from actions.storage.erasures import Erasures
from actions.storage.evidence import EvidenceFiles
from actions.storage.outbox import Outbox
from actions.storage.payouts import Payouts
from actions.storage.policies import Policies
from actions.storage.records import Records
from actions.storage.renewals import Renewals
from actions.storage.scrub import rewrite
from actions.storage.staff import StaffBook
from actions.storage.tickets import Tickets
from actions.storage.transcripts import Transcripts


class Work:
    """What one transaction can reach."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session
        self.appeals = Appeals(session)
        self.audit = Audit(session)
        self.cases = Cases(session)
        self.chats = Chats(session)
        self.checks = Checks(session)
        self.contact_changes = ContactChangeRows(session)
        self.erasures = Erasures(session)
        self.evidence = EvidenceFiles(session)
        self.outbox = Outbox(session)
        self.payouts = Payouts(session)
        self.policies = Policies(session)
        self.records = Records(session)
        self.renewals = Renewals(session)
        self.staff = StaffBook(session)
        self.tickets = Tickets(session)
        self.transcripts = Transcripts(session)


class Storage:
    """Begins units of work on one database."""

    def __init__(self, engine: AsyncEngine) -> None:
        self.engine = engine
        self.sessions = session_factory(engine)
        self._readers = reader_factory(engine)

    @classmethod
    def at(cls, url: str) -> Storage:
        """The storage at an address; nothing is opened yet."""
        return cls(make_engine(url))

    async def close(self) -> None:
        """Let go of all connections."""
        await self.engine.dispose()

    async def rewrite(self) -> bool:
        """Have the bytes of deleted rows off the disk; False if the file is too large for that.

        SQLite only: on PostgreSQL that is the operator's ``VACUUM``. Raises ``StoreBusy``.
        """
        file = self.engine.url.database
        if self.engine.dialect.name != "sqlite" or not file:
            return True
        return await asyncio.to_thread(rewrite, Path(file))

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Work]:
        """A unit of work: committed at the end of the block, undone if it raises."""
        async with self.sessions.begin() as session:
            yield Work(session)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[Work]:
        """A look without writing, which waits for no writer."""
        async with self._readers() as session:
            yield Work(session)
