"""Changes of an account's e-mail address: asked for, done, undone.

Knows how they are found. Leaves who may have one, and how a new address is proved, to the service.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from actions.storage.tables import ContactChangeRow


class ContactChangeRows:
    """Changes of addresses within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    def add(self, change: ContactChangeRow) -> None:
        """Keep a new one."""
        self._session.add(change)

    async def get(self, id: str) -> ContactChangeRow | None:
        """One by its id."""
        return await self._session.get(ContactChangeRow, id)

    async def latest(
        self, brand: str, account_id: str, conversation: str
    ) -> ContactChangeRow | None:
        """The one that was asked for last in a conversation."""
        found = await self._session.scalars(
            select(ContactChangeRow)
            .where(
                ContactChangeRow.brand == brand,
                ContactChangeRow.account_id == account_id,
                ContactChangeRow.conversation == conversation,
            )
            .order_by(ContactChangeRow.asked_at.desc(), ContactChangeRow.id)
            .limit(1)
        )
        return found.one_or_none()

    async def done_of(self, brand: str, account_id: str) -> list[ContactChangeRow]:
        """All of an account that were carried out, oldest first."""
        found = await self._session.scalars(
            select(ContactChangeRow)
            .where(
                ContactChangeRow.brand == brand,
                ContactChangeRow.account_id == account_id,
                ContactChangeRow.done_at.is_not(None),
            )
            .order_by(ContactChangeRow.done_at, ContactChangeRow.id)
        )
        return list(found)

    async def asked_since(self, brand: str, account_id: str, since: datetime) -> int:
        """How many an account has asked for since then; unfinished ones before that are dropped,
        and with them the addresses that nobody has proved.
        """
        mine = (ContactChangeRow.brand == brand, ContactChangeRow.account_id == account_id)
        await self._session.execute(
            delete(ContactChangeRow).where(
                *mine, ContactChangeRow.done_at.is_(None), ContactChangeRow.asked_at < since
            )
        )
        found = await self._session.scalar(
            select(func.count())
            .select_from(ContactChangeRow)
            .where(*mine, ContactChangeRow.asked_at >= since)
        )
        return found or 0
