"""The tables of what people add to a case: appeals and files; and of cancelled auto-renewals.

Knows columns, keys and what the database itself refuses (the same file twice in a case, two
open cancellations of an order). Leaves what the values mean to the domain.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import (
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from actions.storage.base import Base, Json, MinorUnits, UtcTime
from actions.storage.tables import Counter


class AppealRow(Base):
    """The nth appeal of a case, as the customer made it; never changed."""

    __tablename__ = "appeals"

    case_number: Mapped[str] = mapped_column(ForeignKey("cases.number"), primary_key=True)
    nth: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    fact: Mapped[str] = mapped_column(String(32))
    words: Mapped[str] = mapped_column(Text)
    evidence: Mapped[list[str]] = mapped_column(Json)
    made_at: Mapped[datetime] = mapped_column(UtcTime)


class EvidenceRow(Base):
    """A file that a customer gave for a case, or in a chat before there was one.

    The file itself lies under its hash; ``label`` is the customer's name for it, to be shown
    and nothing else.
    """

    __tablename__ = "evidence"

    seq: Mapped[int] = mapped_column(Counter, primary_key=True)
    id: Mapped[str] = mapped_column(String(32), unique=True)
    brand: Mapped[str] = mapped_column(String(32))
    account_id: Mapped[str | None] = mapped_column(String(128))
    """Whose it is; None where the chat had proved nothing yet."""
    conversation: Mapped[str | None] = mapped_column(String(64))
    case_number: Mapped[str | None] = mapped_column(ForeignKey("cases.number"))
    sha256: Mapped[str] = mapped_column(String(64))
    kind: Mapped[str] = mapped_column(String(16))
    size: Mapped[int]
    label: Mapped[str] = mapped_column(String(120))
    given_at: Mapped[datetime] = mapped_column(UtcTime)

    __table_args__ = (
        UniqueConstraint("case_number", "sha256"),
        Index(
            "uq_evidence_once_a_chat",
            "conversation",
            "sha256",
            unique=True,
            sqlite_where=text("case_number IS NULL"),
            postgresql_where=text("case_number IS NULL"),
        ),
    )


class RenewalRow(Base):
    """A customer's wish to end an order's auto-renewal, and what became of it."""

    __tablename__ = "renewal_cancellations"

    number: Mapped[str] = mapped_column(String(16), primary_key=True)
    brand: Mapped[str] = mapped_column(String(32))
    order_number: Mapped[str] = mapped_column(String(128))
    account_id: Mapped[str] = mapped_column(String(128))
    conversation: Mapped[str | None] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16))
    asked_at: Mapped[datetime] = mapped_column(UtcTime)
    updated_at: Mapped[datetime] = mapped_column(UtcTime)
    refusal: Mapped[dict[str, str] | None] = mapped_column(Json)
    """Why it was refused, in both languages."""
    next_charge_on: Mapped[date | None]
    next_amount: Mapped[int | None] = mapped_column(MinorUnits)
    next_currency: Mapped[str | None] = mapped_column(String(8))

    __table_args__ = (
        ForeignKeyConstraint(["brand", "order_number"], ["orders.brand", "orders.order_number"]),
        ForeignKeyConstraint(["brand", "account_id"], ["accounts.brand", "accounts.id"]),
        Index(
            "uq_renewal_cancellations_one_open_an_order",
            "brand",
            "order_number",
            unique=True,
            sqlite_where=text("state = 'requested'"),
            postgresql_where=text("state = 'requested'"),
        ),
        Index(None, "brand", "account_id"),
    )
