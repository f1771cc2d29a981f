"""Chats as staff read them: pages of conversations, whole transcripts, and who has looked.

Knows queries, all of them bounded to the brands that the reader sees. Leaves what is masked to the
console. ``None`` for brands means all.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from actions.storage.conversations import ConversationRow, MessageRow
from actions.storage.tables import AccountRow, AuditRow, CaseRow

SEEN = "personal_data_seen"

Brands = Collection[str] | None


@dataclass(frozen=True, slots=True)
class Place:
    """A row's place in a list that is sorted by time: the instant, and an id to tell equals."""

    at: datetime
    id: str


class Transcripts:
    """Reads chats within one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def newest(
        self, brands: Brands, most: int, *, before: Place | None = None
    ) -> list[ConversationRow]:
        """Conversations, the latest touched first, from a place in that order on."""
        asked = _of_brands(select(ConversationRow), brands)
        if before is not None:
            earlier = and_(ConversationRow.updated_at == before.at, ConversationRow.id < before.id)
            asked = asked.where(or_(ConversationRow.updated_at < before.at, earlier))
        asked = asked.order_by(ConversationRow.updated_at.desc(), ConversationRow.id.desc())
        return list(await self._session.scalars(asked.limit(most)))

    async def conversation(
        self, id: str, brands: Brands, *, lock: bool = False
    ) -> ConversationRow | None:
        """One conversation, if it is of these brands."""
        asked = _of_brands(select(ConversationRow).where(ConversationRow.id == id), brands)
        if lock:
            asked = asked.with_for_update()
        return (await self._session.scalars(asked)).one_or_none()

    async def messages(self, conversation: str) -> list[MessageRow]:
        """All messages, in order."""
        found = await self._session.scalars(
            select(MessageRow)
            .where(MessageRow.conversation == conversation)
            .order_by(MessageRow.seq)
        )
        return list(found)

    async def account(self, conversation: ConversationRow) -> AccountRow | None:
        """The account that a chat has proved to speak for."""
        if conversation.account is None:
            return None
        key = (conversation.brand, conversation.account)
        return await self._session.get(AccountRow, key)

    async def cases(self, conversations: Sequence[str]) -> dict[str, list[CaseRow]]:
        """The refund cases that chats led to, oldest first."""
        found = await self._session.scalars(
            select(CaseRow).where(CaseRow.conversation.in_(conversations)).order_by(CaseRow.id)
        )
        cases: dict[str, list[CaseRow]] = {}
        for case in found:
            cases.setdefault(str(case.conversation), []).append(case)
        return cases

    async def looks(
        self, brands: Brands, most: int, *, before: Place | None = None
    ) -> list[AuditRow]:
        """Who has looked at personal data, the latest first."""
        asked = select(AuditRow).where(AuditRow.what == SEEN)
        if brands is not None:
            asked = asked.where(AuditRow.data["brand"].as_string().in_(list(brands)))
        if before is not None:
            earlier = and_(AuditRow.at == before.at, AuditRow.subject < before.id)
            asked = asked.where(or_(AuditRow.at < before.at, earlier))
        asked = asked.order_by(AuditRow.at.desc(), AuditRow.subject.desc())
        return list(await self._session.scalars(asked.limit(most)))


def _of_brands(asked: Select[Any], brands: Brands) -> Select[Any]:
    return asked if brands is None else asked.where(ConversationRow.brand.in_(list(brands)))
