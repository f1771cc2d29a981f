"""The tables of the business. Chat's own tables are in ``conversations``.

Knows columns, keys and what the database itself refuses (a second open case of an order, a
second payout of a case). Leaves what the values mean to the domain.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
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

Counter = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts up in INTEGER keys only


class AccountRow(Base):
    """A customer of one brand, as the brand's own records have them."""

    __tablename__ = "accounts"

    brand: Mapped[str] = mapped_column(String(32), primary_key=True)
    id: Mapped[str] = mapped_column(String(128), primary_key=True)
    email: Mapped[str] = mapped_column(String(320))
    email_key: Mapped[str] = mapped_column(String(320))
    name: Mapped[str] = mapped_column(Text)
    language: Mapped[str | None] = mapped_column(String(8))
    status: Mapped[str] = mapped_column(String(16))
    email_replaced: Mapped[str | None] = mapped_column(String(320))
    """The address, as it is compared, that was replaced here: no import brings it back."""
    imported_at: Mapped[datetime] = mapped_column(UtcTime)
    erased_at: Mapped[datetime | None] = mapped_column(UtcTime)
    """Since when nobody is behind it any more; until an operator lifts that, no import may
    bring the person back."""

    __table_args__ = (Index(None, "brand", "email_key"),)


class OrderRow(Base):
    """What was bought and how it was paid; imported. All the desk changes is auto-renewal."""

    __tablename__ = "orders"

    brand: Mapped[str] = mapped_column(String(32), primary_key=True)
    order_number: Mapped[str] = mapped_column(String(128), primary_key=True)
    order_key: Mapped[str] = mapped_column(String(128))
    """The number as it is looked up when typed in another case or width."""
    account_id: Mapped[str] = mapped_column(String(128))
    item: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(String(32))
    amount: Mapped[int] = mapped_column(MinorUnits)
    currency: Mapped[str] = mapped_column(String(8))
    paid_at: Mapped[datetime | None] = mapped_column(UtcTime)
    status: Mapped[str] = mapped_column(String(32))
    term_start: Mapped[date | None]
    term_end: Mapped[date | None]
    auto_renew: Mapped[bool | None]
    auto_renew_cancelled_at: Mapped[datetime | None] = mapped_column(UtcTime)
    renewal_ended_here_at: Mapped[datetime | None] = mapped_column(UtcTime)
    """When the customer asked this desk to end auto-renewal, once it was; no import undoes it."""
    last_used_at: Mapped[datetime | None] = mapped_column(UtcTime)
    subscription: Mapped[str | None] = mapped_column(String(128))
    payment_method: Mapped[str] = mapped_column(String(32))
    payment_hint: Mapped[str | None] = mapped_column(Text)
    payment_gateway: Mapped[str | None] = mapped_column(String(64))
    payment_reference: Mapped[str | None] = mapped_column(Text)
    payment_captured: Mapped[bool | None]
    payment_instrument: Mapped[str | None] = mapped_column(Text)
    imported_at: Mapped[datetime] = mapped_column(UtcTime)

    __table_args__ = (
        ForeignKeyConstraint(["brand", "account_id"], ["accounts.brand", "accounts.id"]),
        Index(None, "brand", "account_id"),
        Index(None, "brand", "order_key"),
        Index(None, "brand", "payment_instrument"),
    )


class PastRefundRow(Base):
    """A refund made before, or outside, this desk; imported."""

    __tablename__ = "past_refunds"

    id: Mapped[int] = mapped_column(Counter, primary_key=True)
    brand: Mapped[str] = mapped_column(String(32))
    order_number: Mapped[str] = mapped_column(String(128))
    amount: Mapped[int] = mapped_column(MinorUnits)
    currency: Mapped[str] = mapped_column(String(8))
    at: Mapped[datetime] = mapped_column(UtcTime)
    reference: Mapped[str | None] = mapped_column(Text)
    key: Mapped[str] = mapped_column(String(200))
    """What makes it the same refund when imported again: its reference, else its instant."""

    __table_args__ = (
        ForeignKeyConstraint(["brand", "order_number"], ["orders.brand", "orders.order_number"]),
        UniqueConstraint("brand", "order_number", "key"),
    )


class CaseRow(Base):
    """A refund case: one request for one order, and what became of it."""

    __tablename__ = "cases"

    id: Mapped[int] = mapped_column(Counter, primary_key=True)
    """Counts up, and so tells the later of two; people use the number."""
    number: Mapped[str] = mapped_column(String(16), unique=True)
    brand: Mapped[str] = mapped_column(String(32))
    order_number: Mapped[str] = mapped_column(String(128))
    account_id: Mapped[str] = mapped_column(String(128))
    conversation: Mapped[str | None] = mapped_column(String(64))
    state: Mapped[str] = mapped_column(String(16))
    is_open: Mapped[bool]
    """Whether it stands in the way of another case of the order (see ``domain``)."""
    reason: Mapped[str | None] = mapped_column(Text)
    outcome: Mapped[str | None] = mapped_column(String(16))
    decision: Mapped[dict[str, Any] | None] = mapped_column(Json)
    policy_version: Mapped[str | None] = mapped_column(String(64))
    facts: Mapped[dict[str, Any] | None] = mapped_column(Json)
    """What the engine decided on, as ``desk decide`` takes it."""
    decided_by: Mapped[str | None] = mapped_column(String(16))
    """The role that gave the decision: the desk itself, or a person."""
    approved_by: Mapped[list[str]] = mapped_column(Json)
    """Who has agreed to the payout, where the decision needs that."""
    reviewed_by: Mapped[list[str] | None] = mapped_column(Json)
    """The staff who have ever decided the case, in order."""
    appeals: Mapped[int] = mapped_column(server_default="0")
    version: Mapped[int] = mapped_column(server_default="0")
    """Counts the times it was saved: of two who read the same one, only one can save."""
    payment_method: Mapped[str] = mapped_column(String(32))
    payment_hint: Mapped[str | None] = mapped_column(Text)
    opened_at: Mapped[datetime] = mapped_column(UtcTime)
    updated_at: Mapped[datetime] = mapped_column(UtcTime)
    erased_at: Mapped[datetime | None] = mapped_column(UtcTime)
    """When its free text, files and names went; amounts, dates and clauses stay."""

    __table_args__ = (
        ForeignKeyConstraint(["brand", "order_number"], ["orders.brand", "orders.order_number"]),
        ForeignKeyConstraint(["brand", "account_id"], ["accounts.brand", "accounts.id"]),
        Index(
            "uq_cases_one_open_an_order",
            "brand",
            "order_number",
            unique=True,
            sqlite_where=text("is_open"),
            postgresql_where=text("is_open"),
        ),
        Index(None, "brand", "account_id"),
        Index(None, "conversation"),
    )


class PayoutRow(Base):
    """Money on its way back: at most one a case, keyed by the case's number at the gateway."""

    __tablename__ = "payouts"

    case_number: Mapped[str] = mapped_column(ForeignKey("cases.number"), primary_key=True)
    brand: Mapped[str] = mapped_column(String(32))
    order_number: Mapped[str] = mapped_column(String(128))
    gateway: Mapped[str] = mapped_column(String(64))
    idempotency_key: Mapped[str] = mapped_column(String(64), unique=True)
    amount: Mapped[int] = mapped_column(MinorUnits)
    currency: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(16))
    reference: Mapped[str | None] = mapped_column(Text)
    failure: Mapped[str | None] = mapped_column(Text)
    tries: Mapped[int] = mapped_column(server_default="1")
    """How often it was sent on its way, retries after a failure included."""
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    updated_at: Mapped[datetime] = mapped_column(UtcTime)

    __table_args__ = (
        ForeignKeyConstraint(["brand", "order_number"], ["orders.brand", "orders.order_number"]),
        Index(None, "brand", "order_number"),
    )


class AuditRow(Base):
    """One thing that happened to one subject; each row's hash covers the row before it.

    The hash covers ``data`` through ``digest`` alone, which ``salt`` keeps from being guessed:
    without its salt a row has been erased, and the chain still holds.
    """

    __tablename__ = "audit"

    subject: Mapped[str] = mapped_column(String(160), primary_key=True)
    seq: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(UtcTime)
    actor: Mapped[str] = mapped_column(String(160))
    what: Mapped[str] = mapped_column(String(64))
    data: Mapped[dict[str, Any]] = mapped_column(Json)
    salt: Mapped[str | None] = mapped_column(String(32))
    digest: Mapped[str] = mapped_column(String(64), server_default="")
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))

    __table_args__ = (Index(None, "what", "at"),)


class TicketRow(Base):
    """Something a person has to do, in a queue."""

    __tablename__ = "tickets"

    number: Mapped[str] = mapped_column(String(24), primary_key=True)
    brand: Mapped[str] = mapped_column(String(32))
    category: Mapped[str] = mapped_column(String(32))
    queue: Mapped[str] = mapped_column(String(32))
    priority: Mapped[str] = mapped_column(String(16))
    state: Mapped[str] = mapped_column(String(24))
    language: Mapped[str | None] = mapped_column(String(8))
    reason: Mapped[str] = mapped_column(Text)
    conversation: Mapped[str | None] = mapped_column(String(64))
    case_number: Mapped[str | None] = mapped_column(ForeignKey("cases.number"))
    data: Mapped[dict[str, Any]] = mapped_column(Json)
    key: Mapped[str | None] = mapped_column(String(200))
    """While open, no second ticket has it: a repeated call finds the first."""
    owner: Mapped[str | None] = mapped_column(String(160))
    opened_at: Mapped[datetime] = mapped_column(UtcTime)
    reopened_at: Mapped[datetime | None] = mapped_column(UtcTime)
    updated_at: Mapped[datetime] = mapped_column(UtcTime)
    first_response_due_at: Mapped[datetime | None] = mapped_column(UtcTime)
    first_responded_at: Mapped[datetime | None] = mapped_column(UtcTime)
    first_response_escalated_at: Mapped[datetime | None] = mapped_column(UtcTime)
    due_at: Mapped[datetime | None] = mapped_column(UtcTime)
    escalated_at: Mapped[datetime | None] = mapped_column(UtcTime)
    """When it was noticed that it is late; with a new ``due_at`` that may happen again."""
    paused_at: Mapped[datetime | None] = mapped_column(UtcTime)
    paused_seconds: Mapped[int] = mapped_column(server_default="0")
    """How long the clock has stood still before, in the time that its promise counts."""
    closed_at: Mapped[datetime | None] = mapped_column(UtcTime)
    outcome: Mapped[str | None] = mapped_column(String(16))
    erased_at: Mapped[datetime | None] = mapped_column(UtcTime)

    __table_args__ = (
        Index(
            "uq_tickets_one_open_a_key",
            "key",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index(
            "ix_tickets_unfinished",
            "due_at",
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index(None, "queue", "state", "opened_at"),
        Index(None, "case_number"),
        Index(None, "conversation"),
        Index(None, "owner"),
    )


class TicketNoteRow(Base):
    """What somebody wrote down on a ticket; rows are added, never changed."""

    __tablename__ = "ticket_notes"

    id: Mapped[int] = mapped_column(Counter, primary_key=True)
    ticket: Mapped[str] = mapped_column(ForeignKey("tickets.number"))
    author: Mapped[str] = mapped_column(String(160))
    at: Mapped[datetime] = mapped_column(UtcTime)
    text: Mapped[str] = mapped_column(Text)

    __table_args__ = (Index(None, "ticket", "id"),)


class ChallengeRow(Base):
    """A one-time code that was asked for. The code itself is nowhere: it follows from ``id`` and
    the desk's secret. Without an account it is a decoy that no code opens.
    """

    __tablename__ = "challenges"

    seq: Mapped[int] = mapped_column(Counter, primary_key=True)
    id: Mapped[str] = mapped_column(String(64), unique=True)
    conversation: Mapped[str] = mapped_column(String(64))
    brand: Mapped[str] = mapped_column(String(32))
    email_key: Mapped[str] = mapped_column(String(320))
    order_number: Mapped[str] = mapped_column(String(128))
    account_id: Mapped[str | None] = mapped_column(String(128))
    sends: Mapped[int]
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    sent_at: Mapped[datetime] = mapped_column(UtcTime)
    expires_at: Mapped[datetime] = mapped_column(UtcTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcTime)

    __table_args__ = (Index(None, "conversation", "seq"),)


class LockRow(Base):
    """How often something was tried wrongly, and until when it rests. The key is a hash."""

    __tablename__ = "locks"

    key: Mapped[str] = mapped_column(String(360), primary_key=True)
    failures: Mapped[int]
    failed_at: Mapped[datetime | None] = mapped_column(UtcTime)
    locked_until: Mapped[datetime | None] = mapped_column(UtcTime)


class VerificationRow(Base):
    """Who a conversation has proved to be, and when it last made use of that."""

    __tablename__ = "verifications"

    conversation: Mapped[str] = mapped_column(String(64), primary_key=True)
    brand: Mapped[str] = mapped_column(String(32))
    account_id: Mapped[str] = mapped_column(String(128))
    proofs: Mapped[list[str]] = mapped_column(Json, server_default="[]")
    paid_orders: Mapped[list[str]] = mapped_column(Json, server_default="[]")
    """The orders whose payment was proved here."""
    continues: Mapped[str | None] = mapped_column(String(64))
    """The conversation, on this or another channel, whose link code was redeemed here."""
    at: Mapped[datetime] = mapped_column(UtcTime)
    last_used_at: Mapped[datetime] = mapped_column(UtcTime)

    __table_args__ = (
        ForeignKeyConstraint(["brand", "account_id"], ["accounts.brand", "accounts.id"]),
        Index(None, "continues"),
    )


class SpentIdentityRow(Base):
    """A signed identity that has been used, until it would no longer be good anyway.

    All that is kept of the token is the SHA-256 of its brand and ``jti``.
    """

    __tablename__ = "spent_identities"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(UtcTime)

    __table_args__ = (Index(None, "expires_at"),)


class LinkCodeRow(Base):
    """The one live code by which a conversation can be continued elsewhere; stored only hashed."""

    __tablename__ = "link_codes"

    conversation: Mapped[str] = mapped_column(String(64), primary_key=True)
    hash: Mapped[str] = mapped_column(String(64), unique=True)
    brand: Mapped[str] = mapped_column(String(32))
    account_id: Mapped[str] = mapped_column(String(128))
    proofs: Mapped[list[str]] = mapped_column(Json)
    paid_orders: Mapped[list[str]] = mapped_column(Json)
    expires_at: Mapped[datetime] = mapped_column(UtcTime)

    __table_args__ = (
        ForeignKeyConstraint(["brand", "account_id"], ["accounts.brand", "accounts.id"]),
    )


class ContactChangeRow(Base):
    """An account's e-mail address on its way to another, and the one before, to undo it."""

    __tablename__ = "contact_changes"

    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    brand: Mapped[str] = mapped_column(String(32))
    account_id: Mapped[str] = mapped_column(String(128))
    conversation: Mapped[str] = mapped_column(String(64))
    old_email: Mapped[str] = mapped_column(String(320))
    new_email: Mapped[str] = mapped_column(String(320))
    asked_at: Mapped[datetime] = mapped_column(UtcTime)
    expires_at: Mapped[datetime] = mapped_column(UtcTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcTime)
    undone_at: Mapped[datetime | None] = mapped_column(UtcTime)

    __table_args__ = (
        ForeignKeyConstraint(["brand", "account_id"], ["accounts.brand", "accounts.id"]),
        Index(None, "brand", "account_id"),
    )


class OutboxRow(Base):
    """Work promised in the transaction that called for it; the worker does it afterwards."""

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(Counter, primary_key=True)
    kind: Mapped[str] = mapped_column(String(32))
    key: Mapped[str] = mapped_column(String(200), unique=True)
    payload: Mapped[dict[str, Any]] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    available_at: Mapped[datetime] = mapped_column(UtcTime)
    attempts: Mapped[int]
    claimed_by: Mapped[str | None] = mapped_column(String(64))
    claimed_until: Mapped[datetime | None] = mapped_column(UtcTime)
    done_at: Mapped[datetime | None] = mapped_column(UtcTime)
    parked_at: Mapped[datetime | None] = mapped_column(UtcTime)
    last_error: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        Index(
            "ix_outbox_waiting",
            "available_at",
            sqlite_where=text("done_at IS NULL AND parked_at IS NULL"),
            postgresql_where=text("done_at IS NULL AND parked_at IS NULL"),
        ),
    )


class HeartbeatRow(Base):
    """A process that says it is alive."""

    __tablename__ = "heartbeats"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcTime)
