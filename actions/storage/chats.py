"""What the business reads and changes of a chat. Everything else about chats is the gateway's."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from actions.storage.conversations import ConversationRow


class Chats:
    """Conversations within one transaction; one that isn't there is passed over."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def language_of(self, conversation: str) -> str | None:
        """The language that the chat is held in, "zh" or "en"."""
        return await self._session.scalar(
            select(ConversationRow.language).where(ConversationRow.id == conversation)
        )

    async def belongs_to(self, conversation: str, account: str) -> None:
        """Note whose account the chat is about."""
        await self._session.execute(
            update(ConversationRow)
            .where(ConversationRow.id == conversation)
            .values(account=account)
        )

    async def let_a_person_answer(self, conversation: str, at: datetime) -> None:
        """Mark a chat as waiting for a person, unless one is there or it has ended."""
        await self._session.execute(
            update(ConversationRow)
            .where(ConversationRow.id == conversation, ConversationRow.status == "bot")
            .values(status="waiting", updated_at=at)
        )
