"""The brand files that decisions were made under, word for word, by their versions.

A brand file changes; what a customer was told under an earlier one must still be found.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import String, Text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from actions.storage.base import Base, Json, UtcTime


class PolicyVersionRow(Base):
    """One version of one brand's file, kept when the first decision was made under it."""

    __tablename__ = "policy_versions"

    brand: Mapped[str] = mapped_column(String(32), primary_key=True)
    version: Mapped[str] = mapped_column(String(64), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    clauses: Mapped[dict[str, Any]] = mapped_column(Json)
    """Each clause's words by its id, so that they can be said even when the rest of an old
    file is no longer understood."""
    first_used_at: Mapped[datetime] = mapped_column(UtcTime)


class Policies:
    """Policy versions within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session
        dialect = session.get_bind().dialect.name
        self._insert = sqlite.insert if dialect == "sqlite" else postgresql.insert

    async def keep(
        self,
        brand: str,
        version: str,
        *,
        text: str,
        clauses: Mapping[str, Mapping[str, str]],
        at: datetime,
    ) -> None:
        """Keep a version, once."""
        await self._session.execute(
            self._insert(PolicyVersionRow)
            .values(
                brand=brand,
                version=version,
                text=text,
                clauses={id: dict(words) for id, words in clauses.items()},
                first_used_at=at,
            )
            .on_conflict_do_nothing(index_elements=["brand", "version"])
        )

    async def clauses_of(self, brand: str, version: str) -> Mapping[str, Mapping[str, str]]:
        """The clauses as a version words them; none if it was never kept."""
        row = await self._session.get(PolicyVersionRow, (brand, version))
        return row.clauses if row else {}

    async def text_of(self, brand: str, version: str) -> str | None:
        """The brand file of a version, or None if it was never kept."""
        row = await self._session.get(PolicyVersionRow, (brand, version))
        return row.text if row else None
