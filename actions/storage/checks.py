"""Proof of who is speaking: codes asked for, failures counted, conversations verified.

Knows how these are kept so that two requests at once can't get one try more. Leaves how many
tries there are, and for how long a lock or a proof holds, to the services.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from actions.domain.assurance import Proof
from actions.domain.customer import Customer
from actions.storage.tables import (
    ChallengeRow,
    LinkCodeRow,
    LockRow,
    SpentIdentityRow,
    VerificationRow,
)


class Checks:
    """Challenges, locks and verifications within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        dialect = session.get_bind().dialect.name
        self._insert = sqlite.insert if dialect == "sqlite" else postgresql.insert

    # --- mailed codes ----------------------------------------------------------------------

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

    # --- locks -----------------------------------------------------------------------------

    async def lock_of(self, key: str) -> LockRow:
        """The count of ``key``'s failures, held against all others until the transaction ends."""
        await self._session.execute(
            self._insert(LockRow)
            .values(key=key, failures=0)
            .on_conflict_do_nothing(index_elements=["key"])
        )
        found = await self._session.scalars(
            select(LockRow)
            .where(LockRow.key == key)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        row = found.one_or_none()
        # One that nothing is counted on may be swept between the two statements.
        return row if row is not None else await self.lock_of(key)

    async def seen_lock(self, key: str) -> LockRow | None:
        """The same to look at, without holding it; None if nothing was ever tried."""
        found = await self._session.scalars(select(LockRow).where(LockRow.key == key))
        return found.one_or_none()

    # --- who a conversation speaks for -----------------------------------------------------

    async def verify(
        self,
        customer: Customer,
        *,
        since: datetime,
        at: datetime,
        continues: str | None = None,
    ) -> Customer:
        """Remember that ``customer.conversation`` has given the proofs of ``customer``.

        They add to proofs of the same account that were made use of at ``since`` or later; all
        others go. Who the conversation speaks for now.
        """
        key = customer.conversation
        await self._session.execute(
            self._insert(VerificationRow)
            .values(
                conversation=key,
                brand=customer.brand,
                account_id=customer.account_id,
                proofs=[],
                paid_orders=[],
                at=at,
                last_used_at=at,
            )
            .on_conflict_do_nothing(index_elements=["conversation"])
        )
        row = await self._held(key)
        assert row is not None  # it was there, or has just been put there
        mine = (row.brand, row.account_id) == (customer.brand, customer.account_id)
        if not mine or row.last_used_at < since:
            row.proofs, row.paid_orders, row.continues = [], [], None
            row.brand, row.account_id, row.at = customer.brand, customer.account_id, at
        row.proofs = sorted({*row.proofs, *customer.proofs})
        row.paid_orders = sorted({*row.paid_orders, *customer.paid_orders})
        row.continues = continues or row.continues
        row.last_used_at = at
        await self._session.flush()
        return _customer(row)

    async def renew(self, conversation: str, *, since: datetime, at: datetime) -> Customer | None:
        """Who ``conversation`` speaks for if it made use of that at ``since`` or later."""
        found = await self._session.scalars(
            update(VerificationRow)
            .where(VerificationRow.conversation == conversation)
            .where(VerificationRow.last_used_at >= since)
            .values(last_used_at=at)
            .returning(VerificationRow)
        )
        row = found.one_or_none()
        return _customer(row) if row else None

    async def continued_in(self, conversation: str) -> list[str]:
        """The conversations that a link code of this one was redeemed in."""
        found = await self._session.scalars(
            select(VerificationRow.conversation)
            .where(VerificationRow.continues == conversation)
            .order_by(VerificationRow.conversation)
        )
        return list(found)

    async def forget(self, conversation: str) -> Customer | None:
        """Take all proofs and codes of a conversation away; who it spoke for, if anyone."""
        row = await self._held(conversation)
        await self._session.execute(
            delete(LinkCodeRow).where(LinkCodeRow.conversation == conversation)
        )
        await self._session.execute(
            update(ChallengeRow)
            .where(ChallengeRow.conversation == conversation)
            .values(account_id=None)
        )
        if row is None:
            return None
        await self._session.delete(row)
        await self._session.flush()
        return _customer(row)

    async def _held(self, conversation: str) -> VerificationRow | None:
        found = await self._session.scalars(
            select(VerificationRow)
            .where(VerificationRow.conversation == conversation)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        return found.one_or_none()

    # --- what may be used once -------------------------------------------------------------

    async def spend_identity(self, hash: str, expires_at: datetime, *, at: datetime) -> bool:
        """Mark a signed identity as used; False if it is. Those that have run out are dropped."""
        await self._session.execute(
            delete(SpentIdentityRow).where(SpentIdentityRow.expires_at < at)
        )
        found = await self._session.execute(
            self._insert(SpentIdentityRow)
            .values(hash=hash, expires_at=expires_at)
            .on_conflict_do_nothing(index_elements=["hash"])
            .returning(SpentIdentityRow.hash)
        )
        return found.one_or_none() is not None

    async def put_link_code(self, customer: Customer, hash: str, expires_at: datetime) -> None:
        """Keep a code that passes the customer's proofs on; it replaces the one before it."""
        values: dict[str, Any] = {
            "hash": hash,
            "brand": customer.brand,
            "account_id": customer.account_id,
            "proofs": sorted(customer.proofs),
            "paid_orders": sorted(customer.paid_orders),
            "expires_at": expires_at,
        }
        await self._session.execute(
            self._insert(LinkCodeRow)
            .values(conversation=customer.conversation, **values)
            .on_conflict_do_update(index_elements=["conversation"], set_=values)
        )

    async def take_link_code(self, brand: str, hash: str, *, at: datetime) -> Customer | None:
        """Use up a code that is still good: who it was given to, in their own conversation."""
        found = await self._session.scalars(
            delete(LinkCodeRow)
            .where(
                LinkCodeRow.hash == hash,
                LinkCodeRow.brand == brand,
                LinkCodeRow.expires_at > at,
            )
            .returning(LinkCodeRow)
        )
        row = found.one_or_none()
        return _customer(row) if row else None


def _customer(row: VerificationRow | LinkCodeRow) -> Customer:
    return Customer(
        row.brand, row.account_id, row.conversation, _proofs(row.proofs), frozenset(row.paid_orders)
    )


def _proofs(names: Iterable[str]) -> frozenset[Proof]:
    return frozenset(map(Proof, names))
