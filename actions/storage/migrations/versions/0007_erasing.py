"""What people said can be erased: audit chains hold salted digests, and rows say when they went.

Every chain is made anew from its rows, after it has been verified: a row that was broken before is
given no hash that fits, so that it stays as visibly broken as it was.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Callable, Iterator
from datetime import UTC
from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from actions.storage import base

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_ERASABLE = ("accounts", "cases", "tickets", "conversations")
_BEGINNING = "0" * 64
_AT_ONCE = 1000
_JSON = sa.JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), "postgresql"
)
_AUDIT = sa.table(
    "audit",
    sa.column("subject", sa.String),
    sa.column("seq", sa.Integer),
    sa.column("at", base.UtcTime()),
    sa.column("actor", sa.String),
    sa.column("what", sa.String),
    sa.column("data", _JSON),
    sa.column("salt", sa.String),
    sa.column("digest", sa.String),
    sa.column("previous", sa.String),
    sa.column("hash", sa.String),
)


def upgrade() -> None:
    """Apply the change."""
    for table in _ERASABLE:
        op.add_column(table, sa.Column("erased_at", base.UtcTime(), nullable=True))
    kept, unfinished = sa.text("erased_at IS NULL"), sa.text("finished_at IS NULL")
    op.create_index(
        "ix_conversations_kept",
        "conversations",
        ["brand", "updated_at"],
        unique=False,
        sqlite_where=kept,
        postgresql_where=kept,
    )
    op.create_table(
        "erasures",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("brand", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.String(length=128), nullable=True),
        sa.Column("begun_at", base.UtcTime(), nullable=False),
        sa.Column("finished_at", base.UtcTime(), nullable=True),
        sa.Column("left", _JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasures")),
    )
    op.create_index(
        "ix_erasures_unfinished",
        "erasures",
        ["id"],
        unique=False,
        sqlite_where=unfinished,
        postgresql_where=unfinished,
    )
    op.create_index(
        op.f("ix_erasures_brand_account_id"), "erasures", ["brand", "account_id"], unique=False
    )
    op.add_column("audit", sa.Column("salt", sa.String(length=32), nullable=True))
    op.add_column(
        "audit", sa.Column("digest", sa.String(length=64), server_default="", nullable=False)
    )
    _chain_anew(_clear_hash, _digest_hash, salted=True)


def downgrade() -> None:
    """Take the change back. What was erased is gone; the chains are made over what is left."""
    _chain_anew(_digest_hash, _clear_hash, salted=False)
    op.drop_column("audit", "digest")
    op.drop_column("audit", "salt")
    op.drop_table("erasures")
    op.drop_index("ix_conversations_kept", "conversations")
    for table in reversed(_ERASABLE):
        op.drop_column(table, "erased_at")


Hashed = Callable[[dict[str, Any]], str]


def _chain_anew(old: Hashed, new: Hashed, *, salted: bool) -> None:
    """Give every whole row its new hash. A broken one keeps the old, which the new rule never
    gives; a broken link stays broken.
    """
    connection = op.get_bind()
    subject, seq, was, now = None, 0, _BEGINNING, _BEGINNING
    key = (_AUDIT.c.subject == sa.bindparam("s"), _AUDIT.c.seq == sa.bindparam("n"))
    for rows in _pages(connection):
        changes = []
        for row in rows:
            if row["subject"] != subject:
                subject, seq, was, now = row["subject"], 0, _BEGINNING, _BEGINNING
            linked = row["seq"] == seq + 1 and row["previous"] == was
            whole = row["hash"] == old(row) and (salted or _says_what_it_said(row))
            before = row["hash"]
            if salted:
                row["salt"] = secrets.token_hex(16)
                row["digest"] = _hash([row["salt"], row["data"]])
            if linked:
                row["previous"] = now
            if whole:
                row["hash"] = new(row)
            seq, was, now = row["seq"], before, row["hash"]
            names = ("salt", "digest", "previous", "hash") if salted else ("previous", "hash")
            changes.append({"s": subject, "n": seq} | {f"_{name}": row[name] for name in names})
        values: dict[str, Any] = {
            name[1:]: sa.bindparam(name) for name in changes[0] if name[0] == "_"
        }
        connection.execute(_AUDIT.update().where(*key).values(values), changes)


def _pages(connection: sa.Connection) -> Iterator[list[dict[str, Any]]]:
    """Every row in its chain's sequence, a thousand at a time."""
    by_key = sa.select(_AUDIT).order_by(_AUDIT.c.subject, _AUDIT.c.seq).limit(_AT_ONCE)
    rows = [dict(row) for row in connection.execute(by_key).mappings()]
    while rows:
        last = sa.tuple_(sa.literal(rows[-1]["subject"]), sa.literal(rows[-1]["seq"]))
        yield rows
        after = by_key.where(sa.tuple_(_AUDIT.c.subject, _AUDIT.c.seq) > last)
        rows = [dict(row) for row in connection.execute(after).mappings()]


def _says_what_it_said(row: dict[str, Any]) -> bool:
    return row["salt"] is None or row["digest"] == _hash([row["salt"], row["data"]])


def _clear_hash(row: dict[str, Any]) -> str:
    return _hash_over(row, row["data"])


def _digest_hash(row: dict[str, Any]) -> str:
    return _hash_over(row, row["digest"])


def _hash_over(row: dict[str, Any], said: Any) -> str:
    at = row["at"].astimezone(UTC).isoformat(timespec="microseconds")
    who = [row["subject"], row["seq"], at, row["actor"], row["what"]]
    return _hash([*who, said, row["previous"]])


def _hash(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
