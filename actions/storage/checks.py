"""Proof of who is speaking: codes asked for, failures counted, conversations verified.

Knows how these are kept so that two requests at once can't get one try more. Leaves how many
tries there are, and for how long a lock holds, to the verification service.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from actions.domain.customer import Customer
from actions.storage.tables import ChallengeRow, LockRow, VerificationRow


class Checks:
    """Challenges, locks and verifications within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        dialect = session.get_bind().dialect.name
        self._insert = sqlite.insert if dialect == "sqlite" else postgresql.insert

    async def latest_challenge(self, conversation: str) -> ChallengeRow | None:
        """The code that ``conversation`` asked for last, real or decoy."""
        found = await self._session.scalars(
            select(ChallengeRow)
            .where(ChallengeRow.conversation == conversation)
            .order_by(ChallengeRow.seq.desc())
            .limit(1)
        )
        return found.one_or_none()

    async def challenge(self, id: str) -> ChallengeRow | None:
        """One challenge by its id."""
        found = await self._session.scalars(select(ChallengeRow).where(ChallengeRow.id == id))
        return found.one_or_none()

    def add(self, challenge: ChallengeRow) -> None:
        """Keep a new challenge."""
        self._session.add(challenge)

    async def lock_of(self, key: str) -> LockRow:
        """The count of ``key``'s failures, held against all others until the transaction ends."""
        await self._session.execute(
            self._insert(LockRow)
            .values(key=key, failures=0)
            .on_conflict_do_nothing(index_elements=["key"])
        )
        found = await self._session.scalars(
            select(LockRow).where(LockRow.key == key).with_for_update()
        )
        row = found.one_or_none()
        # One that nothing is counted on may be swept between the two statements.
        return row if row is not None else await self.lock_of(key)

    async def verify(self, customer: Customer, level: str, at: datetime) -> None:
        """Remember that ``customer.conversation`` speaks for the account, and no other."""
        values = {
            "brand": customer.brand,
            "account_id": customer.account_id,
            "level": level,
            "at": at,
            "last_used_at": at,
        }
        await self._session.execute(
            self._insert(VerificationRow)
            .values(conversation=customer.conversation, **values)
            .on_conflict_do_update(index_elements=["conversation"], set_=values)
        )

    async def renew(self, conversation: str, *, since: datetime, at: datetime) -> Customer | None:
        """Who ``conversation`` speaks for if it made use of that at ``since`` or later."""
        found = await self._session.execute(
            update(VerificationRow)
            .where(VerificationRow.conversation == conversation)
            .where(VerificationRow.last_used_at >= since)
            .values(last_used_at=at)
            .returning(VerificationRow.brand, VerificationRow.account_id)
        )
        row = found.one_or_none()
        return Customer(row.brand, row.account_id, conversation) if row else None
