"""Verifications keep their proofs; signed identities, link codes and new addresses are kept."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

from actions.storage import base

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_CONTINUES = "ix_verifications_continues"


def _json() -> sa.types.TypeEngine[Any]:
    return sa.JSON(none_as_null=True).with_variant(
        postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
    )


def _of_an_account(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["brand", "account_id"],
        ["accounts.brand", "accounts.id"],
        name=op.f(f"fk_{table}_brand_account_id_accounts"),
    )


def upgrade() -> None:
    """Apply the change: until now each verification rested on a mailed code."""
    for name in ("proofs", "paid_orders"):
        column = sa.Column(name, _json(), server_default="[]", nullable=False)
        op.add_column("verifications", column)
    op.add_column("verifications", sa.Column("continues", sa.String(length=64), nullable=True))
    op.execute("""UPDATE verifications SET proofs = '["code"]'""")
    op.drop_column("verifications", "level")
    op.create_index(op.f(_CONTINUES), "verifications", ["continues"], unique=False)
    op.add_column("accounts", sa.Column("email_replaced", sa.String(length=320), nullable=True))
    _create_spent_identities()
    _create_link_codes()
    _create_contact_changes()


def _create_spent_identities() -> None:
    op.create_table(
        "spent_identities",
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", base.UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_spent_identities")),
    )
    op.create_index(
        op.f("ix_spent_identities_expires_at"), "spent_identities", ["expires_at"], unique=False
    )


def _create_link_codes() -> None:
    op.create_table(
        "link_codes",
        sa.Column("conversation", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("brand", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.String(length=128), nullable=False),
        sa.Column("proofs", _json(), nullable=False),
        sa.Column("paid_orders", _json(), nullable=False),
        sa.Column("expires_at", base.UtcTime(), nullable=False),
        _of_an_account("link_codes"),
        sa.PrimaryKeyConstraint("conversation", name=op.f("pk_link_codes")),
        sa.UniqueConstraint("hash", name=op.f("uq_link_codes_hash")),
    )


def _create_contact_changes() -> None:
    op.create_table(
        "contact_changes",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("brand", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.String(length=128), nullable=False),
        sa.Column("conversation", sa.String(length=64), nullable=False),
        sa.Column("old_email", sa.String(length=320), nullable=False),
        sa.Column("new_email", sa.String(length=320), nullable=False),
        sa.Column("asked_at", base.UtcTime(), nullable=False),
        sa.Column("expires_at", base.UtcTime(), nullable=False),
        sa.Column("done_at", base.UtcTime(), nullable=True),
        sa.Column("undone_at", base.UtcTime(), nullable=True),
        _of_an_account("contact_changes"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_changes")),
    )
    op.create_index(
        op.f("ix_contact_changes_brand_account_id"),
        "contact_changes",
        ["brand", "account_id"],
        unique=False,
    )


def downgrade() -> None:
    """Take the change back. Who was verified has to be so anew."""
    op.drop_table("contact_changes")
    op.drop_table("link_codes")
    op.drop_table("spent_identities")
    op.drop_column("accounts", "email_replaced")
    op.execute("DELETE FROM verifications")
    op.drop_index(op.f(_CONTINUES), table_name="verifications")
    op.drop_column("verifications", "continues")
    op.drop_column("verifications", "paid_orders")
    op.drop_column("verifications", "proofs")
    level = sa.Column("level", sa.String(length=16), server_default="code", nullable=False)
    op.add_column("verifications", level)
