"""The chat's tables: conversations and their messages, which together are the transcript.

Knows the columns and what keeps them whole. Leaves who writes what, and when, to the gateway
(customers' messages and the answers to them) and to the ticket service (``status``).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Float,
    ForeignKey,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    and_,
    false,
    literal_column,
)
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from actions.storage.base import Base, Json, UtcTime

LANGUAGES = ("zh", "en")
TRADITIONAL = "zh-Hant"
SCRIPTS = ("Hans", "Hant")
STATUSES = ("bot", "waiting", "agent", "ended")
AUTHORS = ("customer", "bot", "agent", "system")

_KEPT = sql("erased_at IS NULL")
_CLAIMED = sql("claimed_by IS NOT NULL")
_UNANSWERED = sql("author = 'customer' AND answered_at IS NULL")


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


class ConversationRow(Base):
    """One chat with one customer.

    ``status`` says who answers: the bot, nobody yet (a person is awaited), a person, or nobody
    any more. ``claimed_by`` and ``claimed_until`` are the lease of the gateway process that is
    answering now; a lease in the past is no lease.
    """

    __tablename__ = "conversations"
    __table_args__ = (
        CheckConstraint(_one_of("language", LANGUAGES), name="language"),
        CheckConstraint(_one_of("script", SCRIPTS), name="script"),
        CheckConstraint(_one_of("status", STATUSES), name="status"),
        CheckConstraint("rating BETWEEN 1 AND 5", name="rating"),
        Index("ix_conversations_brand_updated_at", "brand", "updated_at"),
        Index("ix_conversations_updated_at_id", "updated_at", "id"),
        Index(
            "ix_conversations_kept",
            "brand",
            "updated_at",
            sqlite_where=_KEPT,
            postgresql_where=_KEPT,
        ),
        Index(
            "ix_conversations_claimed_by",
            "claimed_by",
            sqlite_where=_CLAIMED,
            postgresql_where=_CLAIMED,
        ),
    )

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    brand: Mapped[str] = mapped_column(String(64))
    channel: Mapped[str] = mapped_column(String(32), default="web")
    language: Mapped[str] = mapped_column(String(2))
    language_locked: Mapped[bool] = mapped_column(default=False)
    """The customer asked for this language; detection no longer changes it."""
    script: Mapped[str | None] = mapped_column(String(4))
    """How the customer writes Chinese: Hans (Simplified) or Hant (Traditional); None until a
    message has shown it. What the desk says follows it."""
    script_locked: Mapped[bool] = mapped_column(default=False, server_default=false())
    """The customer asked for this script; detection no longer changes it."""
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of the bearer token, in hex. The token itself is kept nowhere."""
    status: Mapped[str] = mapped_column(String(16), default="bot")
    account: Mapped[str | None] = mapped_column(String(128))
    last_seq: Mapped[int] = mapped_column(Integer, default=0)
    started_at: Mapped[datetime] = mapped_column(UtcTime)
    updated_at: Mapped[datetime] = mapped_column(UtcTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime)
    rating: Mapped[int | None] = mapped_column(Integer)
    rating_comment: Mapped[str | None] = mapped_column(Text)
    claimed_by: Mapped[str | None] = mapped_column(String(64))
    claimed_until: Mapped[datetime | None] = mapped_column(UtcTime)
    erased_at: Mapped[datetime | None] = mapped_column(UtcTime)
    """When its messages went; what is left is for counting, and nobody can come back to it."""

    @property
    def wording(self) -> str:
        """What is said to the customer: ``zh`` (Simplified), ``zh-Hant`` or ``en``."""
        return TRADITIONAL if (self.language, self.script) == ("zh", "Hant") else self.language


class MessageRow(Base):
    """One message, numbered from 1 without a gap within its conversation.

    ``client_id`` is the sender's own UUID: one conversation holds it once. ``answered_at`` is
    for customers' messages alone: when their answer was stored, or nobody was to give one.
    """

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("conversation", "client_id"),
        CheckConstraint(_one_of("author", AUTHORS), name="author"),
        CheckConstraint("seq > 0", name="seq"),
        Index(
            "ix_messages_unanswered",
            "conversation",
            "seq",
            sqlite_where=_UNANSWERED,
            postgresql_where=_UNANSWERED,
        ),
    )

    conversation: Mapped[str] = mapped_column(
        String(32), ForeignKey("conversations.id", ondelete="CASCADE"), primary_key=True
    )
    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    author: Mapped[str] = mapped_column(String(16))
    client_id: Mapped[str | None] = mapped_column(String(36))
    text: Mapped[str] = mapped_column(Text)
    language: Mapped[str | None] = mapped_column(String(2))
    payload: Mapped[str | None] = mapped_column(Text)
    """What the pressed button stands for; None for typed text."""
    buttons: Mapped[list[dict[str, str]] | None] = mapped_column(Json)
    """Offered with the message: ``[{"id", "title", "payload"}]``; payloads stay on the server."""
    attachments: Mapped[list[dict[str, Any]] | None] = mapped_column(Json)
    reply_to: Mapped[int | None] = mapped_column(Integer)
    """The customer's message that this one answers."""
    response: Mapped[str | None] = mapped_column(String(128))
    """The response's name, such as ``utter_refund_approved``."""
    understood: Mapped[dict[str, Any] | None] = mapped_column(Json)
    intent: Mapped[str | None] = mapped_column(String(128))
    confidence: Mapped[float | None] = mapped_column(Float)
    at: Mapped[datetime] = mapped_column(UtcTime)
    asked_at: Mapped[datetime | None] = mapped_column(UtcTime)
    """When a customer's message was first put to Rasa."""
    answered_at: Mapped[datetime | None] = mapped_column(UtcTime)


def unanswered() -> ColumnElement[bool]:
    """A customer's message that is owed an answer.

    Written without a parameter: only so does SQLite see that its partial index will do.
    """
    return and_(MessageRow.author == literal_column("'customer'"), MessageRow.answered_at.is_(None))
