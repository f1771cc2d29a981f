"""Staff, their sessions and waits; chats and looks at personal data are listed by time."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

from actions.storage import base

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def _json() -> sa.types.TypeEngine[Any]:
    return sa.JSON(none_as_null=True).with_variant(
        postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
    )


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "staff",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("name_key", sa.String(length=128), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("email_key", sa.String(length=320), nullable=False),
        sa.Column("roles", _json(), nullable=False),
        sa.Column("brands", _json(), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("password_set_at", base.UtcTime(), nullable=False),
        sa.Column("must_change_password", sa.Boolean(), nullable=False),
        sa.Column("totp_generation", sa.Integer(), server_default="1", nullable=False),
        sa.Column("totp_enrolled_at", base.UtcTime(), nullable=True),
        sa.Column("totp_last_step", sa.BigInteger(), nullable=True),
        sa.Column("created_at", base.UtcTime(), nullable=False),
        sa.Column("changed_at", base.UtcTime(), nullable=False),
        sa.Column("signed_in_at", base.UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("name_key", name=op.f("uq_staff_name_key")),
        sa.UniqueConstraint("email_key", name=op.f("uq_staff_email_key")),
    )
    op.create_table(
        "staff_sessions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("staff", sa.String(length=32), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("proved_at", base.UtcTime(), nullable=True),
        sa.Column("created_at", base.UtcTime(), nullable=False),
        sa.Column("last_used_at", base.UtcTime(), nullable=False),
        sa.Column("expires_at", base.UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff"], ["staff.id"], name=op.f("fk_staff_sessions_staff_staff")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_sessions")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_staff_sessions_token_hash")),
    )
    op.create_index(op.f("ix_staff_sessions_staff"), "staff_sessions", ["staff"])
    op.create_index(op.f("ix_staff_sessions_expires_at"), "staff_sessions", ["expires_at"])
    op.create_table(
        "staff_recovery_codes",
        sa.Column("staff", sa.String(length=32), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("used_at", base.UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["staff"], ["staff.id"], name=op.f("fk_staff_recovery_codes_staff_staff")
        ),
        sa.PrimaryKeyConstraint("staff", "code_hash", name=op.f("pk_staff_recovery_codes")),
    )
    op.create_table(
        "sign_in_waits",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failed_at", base.UtcTime(), nullable=True),
        sa.Column("waits_until", base.UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_sign_in_waits")),
    )
    op.create_index(op.f("ix_sign_in_waits_failed_at"), "sign_in_waits", ["failed_at"])
    op.create_index(op.f("ix_audit_what_at"), "audit", ["what", "at"])
    op.create_index("ix_conversations_updated_at_id", "conversations", ["updated_at", "id"])


def downgrade() -> None:
    """Take the change back."""
    op.drop_index("ix_conversations_updated_at_id", table_name="conversations")
    op.drop_index(op.f("ix_audit_what_at"), table_name="audit")
    for table in ("sign_in_waits", "staff_recovery_codes", "staff_sessions", "staff"):
        op.drop_table(table)
