"""Brand files that decisions were made under are kept; orders are found by their instrument."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

from actions.storage import base

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_BY_INSTRUMENT = "ix_orders_brand_payment_instrument"


def _json() -> sa.types.TypeEngine[Any]:
    return sa.JSON(none_as_null=True).with_variant(
        postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
    )


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "policy_versions",
        sa.Column("brand", sa.String(length=32), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("clauses", _json(), nullable=False),
        sa.Column("first_used_at", base.UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("brand", "version", name=op.f("pk_policy_versions")),
    )
    op.add_column("orders", sa.Column("payment_instrument", sa.Text(), nullable=True))
    op.create_index(op.f(_BY_INSTRUMENT), "orders", ["brand", "payment_instrument"], unique=False)


def downgrade() -> None:
    """Take the change back."""
    op.drop_index(op.f(_BY_INSTRUMENT), table_name="orders")
    op.drop_column("orders", "payment_instrument")
    op.drop_table("policy_versions")
