"""Tickets have owners, clocks and notes."""

import sqlalchemy as sa
from alembic import op

from actions.storage import base

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_TIMES = (
    "reopened_at",
    "first_response_due_at",
    "first_responded_at",
    "first_response_escalated_at",
    "escalated_at",
    "paused_at",
)
_UNFINISHED = sa.text("closed_at IS NULL")


def _state(was: int, now: int) -> None:
    """Change the length of a state's name; SQLite takes a copy of the table for that."""
    with op.batch_alter_table("tickets") as table:
        table.alter_column(
            "state",
            existing_type=sa.String(length=was),
            type_=sa.String(length=now),
            existing_nullable=False,
        )


def upgrade() -> None:
    """Apply the change."""
    _state(was=16, now=24)
    op.add_column("tickets", sa.Column("owner", sa.String(length=160), nullable=True))
    for name in _TIMES:
        op.add_column("tickets", sa.Column(name, base.UtcTime(), nullable=True))
    op.add_column(
        "tickets", sa.Column("paused_seconds", sa.Integer(), server_default="0", nullable=False)
    )
    op.add_column("tickets", sa.Column("outcome", sa.String(length=16), nullable=True))
    op.create_index(op.f("ix_tickets_owner"), "tickets", ["owner"], unique=False)
    op.create_index(
        "ix_tickets_unfinished",
        "tickets",
        ["due_at"],
        unique=False,
        sqlite_where=_UNFINISHED,
        postgresql_where=_UNFINISHED,
    )
    op.create_table(
        "ticket_notes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ticket", sa.String(length=24), nullable=False),
        sa.Column("author", sa.String(length=160), nullable=False),
        sa.Column("at", base.UtcTime(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["ticket"], ["tickets.number"], name=op.f("fk_ticket_notes_ticket_tickets")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ticket_notes")),
    )
    op.create_index(
        op.f("ix_ticket_notes_ticket_id"), "ticket_notes", ["ticket", "id"], unique=False
    )


def downgrade() -> None:
    """Undo the change."""
    op.drop_table("ticket_notes")
    op.drop_index("ix_tickets_unfinished", "tickets")
    op.drop_index(op.f("ix_tickets_owner"), "tickets")
    for column in ("outcome", "paused_seconds", *reversed(_TIMES), "owner"):
        op.drop_column("tickets", column)
    _state(was=24, now=16)
