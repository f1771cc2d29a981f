"""Erasures under way: what is still to go from files, mailbox and Rasa's store once the database
has let go of it. Whoever was interrupted, another goes on from here.

Knows rows. Leaves what has to go, and taking it away, to the services.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Index, String, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from actions.storage.base import Base, Json, UtcTime
from actions.storage.tables import Counter

_UNFINISHED = text("finished_at IS NULL")


class ErasureRow(Base):
    """One erasure: of a person, or (without an account) of what was past its time."""

    __tablename__ = "erasures"

    id: Mapped[int] = mapped_column(Counter, primary_key=True)
    brand: Mapped[str] = mapped_column(String(32))
    account_id: Mapped[str | None] = mapped_column(String(128))
    begun_at: Mapped[datetime] = mapped_column(UtcTime)
    finished_at: Mapped[datetime | None] = mapped_column(UtcTime)
    left: Mapped[dict[str, Any]] = mapped_column(Json)
    """Each step that is not done yet, with what it needs to know; empty in the end."""

    __table_args__ = (
        Index(
            "ix_erasures_unfinished", "id", sqlite_where=_UNFINISHED, postgresql_where=_UNFINISHED
        ),
        Index(None, "brand", "account_id"),
    )


class Erasures:
    """Erasures within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def begin(
        self, brand: str, account_id: str | None, left: Mapping[str, Any], *, at: datetime
    ) -> int:
        """Keep what is left to do; the erasure's number."""
        row = ErasureRow(brand=brand, account_id=account_id, begun_at=at, left=dict(left))
        self._session.add(row)
        await self._session.flush()
        return row.id

    async def get(self, id: int) -> ErasureRow | None:
        """One erasure."""
        return await self._session.get(ErasureRow, id)

    async def unfinished(self) -> list[int]:
        """Those with something left, oldest first."""
        found = await self._session.scalars(
            select(ErasureRow.id).where(ErasureRow.finished_at.is_(None)).order_by(ErasureRow.id)
        )
        return list(found)

    async def unfinished_of(self, brand: str, account_id: str) -> list[int]:
        """Those of one account with something left."""
        found = await self._session.scalars(
            select(ErasureRow.id)
            .where(ErasureRow.brand == brand, ErasureRow.account_id == account_id)
            .where(ErasureRow.finished_at.is_(None))
        )
        return list(found)

    async def step_done(self, id: int, step: str) -> None:
        """Note that a step is done; whoever does it again does no harm."""
        row = await self._session.get(ErasureRow, id, with_for_update=True)
        if row is not None:
            row.left = {name: what for name, what in row.left.items() if name != step}
            await self._session.flush()

    async def finish(self, id: int, *, at: datetime) -> None:
        """Note that nothing is left."""
        await self._session.execute(
            update(ErasureRow).where(ErasureRow.id == id).values(finished_at=at, left={})
        )
