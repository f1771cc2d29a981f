"""A conversation remembers how its customer writes Chinese; earlier ones have shown nothing yet."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    # Written out, because a copy of the table, which is Alembic's way to a constraint on SQLite,
    # would take every message with it when the old table goes.
    op.execute(
        "ALTER TABLE conversations ADD COLUMN script VARCHAR(4)"
        " CONSTRAINT ck_conversations_script CHECK (script IN ('Hans', 'Hant'))"
    )
    op.add_column(
        "conversations",
        sa.Column("script_locked", sa.Boolean(), server_default=sa.false(), nullable=False),
    )


def downgrade() -> None:
    """Take the change back."""
    op.drop_column("conversations", "script_locked")
    op.drop_column("conversations", "script")
