"""The tables of the people who work at the desk and of how they sign in.

Knows columns and keys. Neither a password, a token, a TOTP secret nor a recovery code is in any of
them, and no network address can be read out of one.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from actions.storage.base import Base, Json, UtcTime


class StaffRow(Base):
    """A member of staff; never deleted, so that no name means two people."""

    __tablename__ = "staff"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    name: Mapped[str] = mapped_column(String(64))
    name_key: Mapped[str] = mapped_column(String(128), unique=True)
    email: Mapped[str] = mapped_column(String(320))
    email_key: Mapped[str] = mapped_column(String(320), unique=True)
    roles: Mapped[list[str]] = mapped_column(Json)
    brands: Mapped[list[str] | None] = mapped_column(Json)
    """NULL: all brands."""
    state: Mapped[str] = mapped_column(String(16))
    password_hash: Mapped[str] = mapped_column(Text)
    password_set_at: Mapped[datetime] = mapped_column(UtcTime)
    must_change_password: Mapped[bool]
    totp_generation: Mapped[int] = mapped_column(server_default="1")
    """Counts how often the second factor was set up anew; its secret follows from it."""
    totp_enrolled_at: Mapped[datetime | None] = mapped_column(UtcTime)
    totp_last_step: Mapped[int | None] = mapped_column(BigInteger)
    """The latest time step whose code was used; no earlier one is taken any more."""
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    changed_at: Mapped[datetime] = mapped_column(UtcTime)
    signed_in_at: Mapped[datetime | None] = mapped_column(UtcTime)


class StaffSessionRow(Base):
    """A browser in which somebody has given the password, and perhaps the second factor."""

    __tablename__ = "staff_sessions"

    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    """SHA-256 of the present token, in hex; it is replaced whenever the session rises."""
    staff: Mapped[str] = mapped_column(ForeignKey("staff.id"))
    device: Mapped[str] = mapped_column(String(64))
    """Which browser on what, in a word each, for its owner to know it by."""
    proved_at: Mapped[datetime | None] = mapped_column(UtcTime)
    """When the second factor was given in it."""
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    last_used_at: Mapped[datetime] = mapped_column(UtcTime)
    expires_at: Mapped[datetime] = mapped_column(UtcTime)

    __table_args__ = (Index(None, "staff"), Index(None, "expires_at"))


class RecoveryCodeRow(Base):
    """A code that stands in for the second factor, once."""

    __tablename__ = "staff_recovery_codes"

    staff: Mapped[str] = mapped_column(ForeignKey("staff.id"), primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    used_at: Mapped[datetime | None] = mapped_column(UtcTime)


class SignInWaitRow(Base):
    """How often signing in failed lately, for one account or from one address; the key is a hash
    that can't be read back.
    """

    __tablename__ = "sign_in_waits"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int]
    failed_at: Mapped[datetime | None] = mapped_column(UtcTime)
    waits_until: Mapped[datetime | None] = mapped_column(UtcTime)

    __table_args__ = (Index(None, "failed_at"),)
