"""People decide: reviews, approvals and appeals of a case, its files, ended auto-renewals."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

from actions.storage import base

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ONE_OPEN = sa.text("state = 'requested'")
_IN_A_CHAT = sa.text("case_number IS NULL")


def _json() -> sa.types.TypeEngine[Any]:
    return sa.JSON(none_as_null=True).with_variant(
        postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
    )


def upgrade() -> None:
    """Apply the change."""
    op.add_column("cases", sa.Column("reviewed_by", _json(), nullable=True))
    op.add_column("cases", sa.Column("appeals", sa.Integer(), server_default="0", nullable=False))
    op.add_column("cases", sa.Column("version", sa.Integer(), server_default="0", nullable=False))
    op.add_column("payouts", sa.Column("tries", sa.Integer(), server_default="1", nullable=False))
    op.add_column("orders", sa.Column("renewal_ended_here_at", base.UtcTime(), nullable=True))

    op.create_table(
        "appeals",
        sa.Column("case_number", sa.String(length=16), nullable=False),
        sa.Column("nth", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("fact", sa.String(length=32), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("evidence", _json(), nullable=False),
        sa.Column("made_at", base.UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_number"], ["cases.number"], name=op.f("fk_appeals_case_number_cases")
        ),
        sa.PrimaryKeyConstraint("case_number", "nth", name=op.f("pk_appeals")),
    )
    op.create_table(
        "evidence",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("brand", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.String(length=128), nullable=True),
        sa.Column("conversation", sa.String(length=64), nullable=True),
        sa.Column("case_number", sa.String(length=16), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("given_at", base.UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_number"], ["cases.number"], name=op.f("fk_evidence_case_number_cases")
        ),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_evidence")),
        sa.UniqueConstraint("case_number", "sha256", name=op.f("uq_evidence_case_number_sha256")),
        sa.UniqueConstraint("id", name=op.f("uq_evidence_id")),
    )
    op.create_index(
        "uq_evidence_once_a_chat",
        "evidence",
        ["conversation", "sha256"],
        unique=True,
        sqlite_where=_IN_A_CHAT,
        postgresql_where=_IN_A_CHAT,
    )
    op.create_table(
        "renewal_cancellations",
        sa.Column("number", sa.String(length=16), nullable=False),
        sa.Column("brand", sa.String(length=32), nullable=False),
        sa.Column("order_number", sa.String(length=128), nullable=False),
        sa.Column("account_id", sa.String(length=128), nullable=False),
        sa.Column("conversation", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("asked_at", base.UtcTime(), nullable=False),
        sa.Column("updated_at", base.UtcTime(), nullable=False),
        sa.Column("refusal", _json(), nullable=True),
        sa.Column("next_charge_on", sa.Date(), nullable=True),
        sa.Column("next_amount", base.MinorUnits(), nullable=True),
        sa.Column("next_currency", sa.String(length=8), nullable=True),
        sa.ForeignKeyConstraint(
            ["brand", "account_id"],
            ["accounts.brand", "accounts.id"],
            name=op.f("fk_renewal_cancellations_brand_account_id_accounts"),
        ),
        sa.ForeignKeyConstraint(
            ["brand", "order_number"],
            ["orders.brand", "orders.order_number"],
            name=op.f("fk_renewal_cancellations_brand_order_number_orders"),
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_renewal_cancellations")),
    )
    op.create_index(
        op.f("ix_renewal_cancellations_brand_account_id"),
        "renewal_cancellations",
        ["brand", "account_id"],
        unique=False,
    )
    op.create_index(
        "uq_renewal_cancellations_one_open_an_order",
        "renewal_cancellations",
        ["brand", "order_number"],
        unique=True,
        sqlite_where=_ONE_OPEN,
        postgresql_where=_ONE_OPEN,
    )


def downgrade() -> None:
    """Undo the change."""
    op.drop_table("renewal_cancellations")
    op.drop_table("evidence")
    op.drop_table("appeals")
    op.drop_column("orders", "renewal_ended_here_at")
    op.drop_column("payouts", "tries")
    for column in ("version", "appeals", "reviewed_by"):
        op.drop_column("cases", column)
