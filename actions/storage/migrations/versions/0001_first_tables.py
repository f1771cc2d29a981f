"""The first tables: records, cases, payouts, audit, tickets, proofs, outbox, chats."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

from actions.storage import base

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply the change."""
    op.create_table(
        "accounts",
        sa.Column("brand", sa.String(length=32), nullable=False),
        sa.Column("id", sa.String(length=128), nullable=False),
        sa.Column("email", sa.String(length=320), nullable=False),
        sa.Column("email_key", sa.String(length=320), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("imported_at", base.UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("brand", "id", name=op.f("pk_accounts")),
    )
    op.create_index(
        op.f("ix_accounts_brand_email_key"), "accounts", ["brand", "email_key"], unique=False
    )

    op.create_table(
        "audit",
        sa.Column("subject", sa.String(length=160), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", base.UtcTime(), nullable=False),
        sa.Column("actor", sa.String(length=160), nullable=False),
        sa.Column("what", sa.String(length=64), nullable=False),
        sa.Column(
            "data",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
            ),
            nullable=False,
        ),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("subject", "seq", name=op.f("pk_audit")),
    )
    op.create_table(
        "challenges",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("conversation", sa.String(length=64), nullable=False),
        sa.Column("brand", sa.String(length=32), nullable=False),
        sa.Column("email_key", sa.String(length=320), nullable=False),
        sa.Column("order_number", sa.String(length=128), nullable=False),
        sa.Column("account_id", sa.String(length=128), nullable=True),
        sa.Column("sends", sa.Integer(), nullable=False),
        sa.Column("created_at", base.UtcTime(), nullable=False),
        sa.Column("sent_at", base.UtcTime(), nullable=False),
        sa.Column("expires_at", base.UtcTime(), nullable=False),
        sa.Column("used_at", base.UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_challenges")),
        sa.UniqueConstraint("id", name=op.f("uq_challenges_id")),
    )
    op.create_index(
        op.f("ix_challenges_conversation_seq"), "challenges", ["conversation", "seq"], unique=False
    )

    op.create_table(
        "conversations",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("brand", sa.String(length=64), nullable=False),
        sa.Column("channel", sa.String(length=32), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("language_locked", sa.Boolean(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("account", sa.String(length=128), nullable=True),
        sa.Column("last_seq", sa.Integer(), nullable=False),
        sa.Column("started_at", base.UtcTime(), nullable=False),
        sa.Column("updated_at", base.UtcTime(), nullable=False),
        sa.Column("ended_at", base.UtcTime(), nullable=True),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("rating_comment", sa.Text(), nullable=True),
        sa.Column("claimed_by", sa.String(length=64), nullable=True),
        sa.Column("claimed_until", base.UtcTime(), nullable=True),
        sa.CheckConstraint("language IN ('zh', 'en')", name=op.f("ck_conversations_language")),
        sa.CheckConstraint(
            "status IN ('bot', 'waiting', 'agent', 'ended')", name=op.f("ck_conversations_status")
        ),
        sa.CheckConstraint("rating BETWEEN 1 AND 5", name=op.f("ck_conversations_rating")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_conversations")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_conversations_token_hash")),
    )
    op.create_index(
        "ix_conversations_brand_updated_at", "conversations", ["brand", "updated_at"], unique=False
    )
    op.create_index(
        "ix_conversations_claimed_by",
        "conversations",
        ["claimed_by"],
        unique=False,
        sqlite_where=sa.text("claimed_by IS NOT NULL"),
        postgresql_where=sa.text("claimed_by IS NOT NULL"),
    )

    op.create_table(
        "heartbeats",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("at", base.UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_heartbeats")),
    )
    op.create_table(
        "locks",
        sa.Column("key", sa.String(length=360), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failed_at", base.UtcTime(), nullable=True),
        sa.Column("locked_until", base.UtcTime(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_locks")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column(
            "payload",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
            ),
            nullable=False,
        ),
        sa.Column("created_at", base.UtcTime(), nullable=False),
        sa.Column("available_at", base.UtcTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claimed_by", sa.String(length=64), nullable=True),
        sa.Column("claimed_until", base.UtcTime(), nullable=True),
        sa.Column("done_at", base.UtcTime(), nullable=True),
        sa.Column("parked_at", base.UtcTime(), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    op.create_index(
        "ix_outbox_waiting",
        "outbox",
        ["available_at"],
        unique=False,
        sqlite_where=sa.text("done_at IS NULL AND parked_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL AND parked_at IS NULL"),
    )

    op.create_table(
        "messages",
        sa.Column("conversation", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("author", sa.String(length=16), nullable=False),
        sa.Column("client_id", sa.String(length=36), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=True),
        sa.Column("payload", sa.Text(), nullable=True),
        sa.Column(
            "buttons",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
            ),
            nullable=True,
        ),
        sa.Column(
            "attachments",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
            ),
            nullable=True,
        ),
        sa.Column("reply_to", sa.Integer(), nullable=True),
        sa.Column("response", sa.String(length=128), nullable=True),
        sa.Column(
            "understood",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
            ),
            nullable=True,
        ),
        sa.Column("intent", sa.String(length=128), nullable=True),
        sa.Column("confidence", sa.Float(), nullable=True),
        sa.Column("at", base.UtcTime(), nullable=False),
        sa.Column("asked_at", base.UtcTime(), nullable=True),
        sa.Column("answered_at", base.UtcTime(), nullable=True),
        sa.CheckConstraint(
            "author IN ('customer', 'bot', 'agent', 'system')", name=op.f("ck_messages_author")
        ),
        sa.CheckConstraint("seq > 0", name=op.f("ck_messages_seq")),
        sa.ForeignKeyConstraint(
            ["conversation"],
            ["conversations.id"],
            name=op.f("fk_messages_conversation_conversations"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("conversation", "seq", name=op.f("pk_messages")),
        sa.UniqueConstraint(
            "conversation", "client_id", name=op.f("uq_messages_conversation_client_id")
        ),
    )
    op.create_index(
        "ix_messages_unanswered",
        "messages",
        ["conversation", "seq"],
        unique=False,
        sqlite_where=sa.text("author = 'customer' AND answered_at IS NULL"),
        postgresql_where=sa.text("author = 'customer' AND answered_at IS NULL"),
    )

    op.create_table(
        "orders",
        sa.Column("brand", sa.String(length=32), nullable=False),
        sa.Column("order_number", sa.String(length=128), nullable=False),
        sa.Column("order_key", sa.String(length=128), nullable=False),
        sa.Column("account_id", sa.String(length=128), nullable=False),
        sa.Column("item", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("amount", base.MinorUnits(), nullable=False),
        sa.Column("currency", sa.String(length=8), nullable=False),
        sa.Column("paid_at", base.UtcTime(), nullable=True),
        sa.Column("status", sa.String(length=32), nullable=False),
        sa.Column("term_start", sa.Date(), nullable=True),
        sa.Column("term_end", sa.Date(), nullable=True),
        sa.Column("auto_renew", sa.Boolean(), nullable=True),
        sa.Column("auto_renew_cancelled_at", base.UtcTime(), nullable=True),
        sa.Column("last_used_at", base.UtcTime(), nullable=True),
        sa.Column("subscription", sa.String(length=128), nullable=True),
        sa.Column("payment_method", sa.String(length=32), nullable=False),
        sa.Column("payment_hint", sa.Text(), nullable=True),
        sa.Column("payment_gateway", sa.String(length=64), nullable=True),
        sa.Column("payment_reference", sa.Text(), nullable=True),
        sa.Column("payment_captured", sa.Boolean(), nullable=True),
        sa.Column("imported_at", base.UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand", "account_id"],
            ["accounts.brand", "accounts.id"],
            name=op.f("fk_orders_brand_account_id_accounts"),
        ),
        sa.PrimaryKeyConstraint("brand", "order_number", name=op.f("pk_orders")),
    )
    op.create_index(
        op.f("ix_orders_brand_account_id"), "orders", ["brand", "account_id"], unique=False
    )
    op.create_index(
        op.f("ix_orders_brand_order_key"), "orders", ["brand", "order_key"], unique=False
    )

    op.create_table(
        "verifications",
        sa.Column("conversation", sa.String(length=64), nullable=False),
        sa.Column("brand", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.String(length=128), nullable=False),
        sa.Column("level", sa.String(length=16), nullable=False),
        sa.Column("at", base.UtcTime(), nullable=False),
        sa.Column("last_used_at", base.UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand", "account_id"],
            ["accounts.brand", "accounts.id"],
            name=op.f("fk_verifications_brand_account_id_accounts"),
        ),
        sa.PrimaryKeyConstraint("conversation", name=op.f("pk_verifications")),
    )
    op.create_table(
        "cases",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.String(length=16), nullable=False),
        sa.Column("brand", sa.String(length=32), nullable=False),
        sa.Column("order_number", sa.String(length=128), nullable=False),
        sa.Column("account_id", sa.String(length=128), nullable=False),
        sa.Column("conversation", sa.String(length=64), nullable=True),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("outcome", sa.String(length=16), nullable=True),
        sa.Column(
            "decision",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
            ),
            nullable=True,
        ),
        sa.Column("policy_version", sa.String(length=64), nullable=True),
        sa.Column(
            "facts",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
            ),
            nullable=True,
        ),
        sa.Column("decided_by", sa.String(length=16), nullable=True),
        sa.Column(
            "approved_by",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
            ),
            nullable=False,
        ),
        sa.Column("payment_method", sa.String(length=32), nullable=False),
        sa.Column("payment_hint", sa.Text(), nullable=True),
        sa.Column("opened_at", base.UtcTime(), nullable=False),
        sa.Column("updated_at", base.UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand", "account_id"],
            ["accounts.brand", "accounts.id"],
            name=op.f("fk_cases_brand_account_id_accounts"),
        ),
        sa.ForeignKeyConstraint(
            ["brand", "order_number"],
            ["orders.brand", "orders.order_number"],
            name=op.f("fk_cases_brand_order_number_orders"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
        sa.UniqueConstraint("number", name=op.f("uq_cases_number")),
    )
    op.create_index(
        op.f("ix_cases_brand_account_id"), "cases", ["brand", "account_id"], unique=False
    )
    op.create_index(op.f("ix_cases_conversation"), "cases", ["conversation"], unique=False)
    op.create_index(
        "uq_cases_one_open_an_order",
        "cases",
        ["brand", "order_number"],
        unique=True,
        sqlite_where=sa.text("is_open"),
        postgresql_where=sa.text("is_open"),
    )

    op.create_table(
        "past_refunds",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("brand", sa.String(length=32), nullable=False),
        sa.Column("order_number", sa.String(length=128), nullable=False),
        sa.Column("amount", base.MinorUnits(), nullable=False),
        sa.Column("currency", sa.String(length=8), nullable=False),
        sa.Column("at", base.UtcTime(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand", "order_number"],
            ["orders.brand", "orders.order_number"],
            name=op.f("fk_past_refunds_brand_order_number_orders"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_past_refunds")),
        sa.UniqueConstraint(
            "brand", "order_number", "key", name=op.f("uq_past_refunds_brand_order_number_key")
        ),
    )
    op.create_table(
        "payouts",
        sa.Column("case_number", sa.String(length=16), nullable=False),
        sa.Column("brand", sa.String(length=32), nullable=False),
        sa.Column("order_number", sa.String(length=128), nullable=False),
        sa.Column("gateway", sa.String(length=64), nullable=False),
        sa.Column("idempotency_key", sa.String(length=64), nullable=False),
        sa.Column("amount", base.MinorUnits(), nullable=False),
        sa.Column("currency", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("created_at", base.UtcTime(), nullable=False),
        sa.Column("updated_at", base.UtcTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["brand", "order_number"],
            ["orders.brand", "orders.order_number"],
            name=op.f("fk_payouts_brand_order_number_orders"),
        ),
        sa.ForeignKeyConstraint(
            ["case_number"], ["cases.number"], name=op.f("fk_payouts_case_number_cases")
        ),
        sa.PrimaryKeyConstraint("case_number", name=op.f("pk_payouts")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_payouts_idempotency_key")),
    )
    op.create_index(
        op.f("ix_payouts_brand_order_number"), "payouts", ["brand", "order_number"], unique=False
    )

    op.create_table(
        "tickets",
        sa.Column("number", sa.String(length=24), nullable=False),
        sa.Column("brand", sa.String(length=32), nullable=False),
        sa.Column("category", sa.String(length=32), nullable=False),
        sa.Column("queue", sa.String(length=32), nullable=False),
        sa.Column("priority", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("conversation", sa.String(length=64), nullable=True),
        sa.Column("case_number", sa.String(length=16), nullable=True),
        sa.Column(
            "data",
            sa.JSON(none_as_null=True).with_variant(
                postgresql.JSONB(none_as_null=True, astext_type=Text()), "postgresql"
            ),
            nullable=False,
        ),
        sa.Column("key", sa.String(length=200), nullable=True),
        sa.Column("opened_at", base.UtcTime(), nullable=False),
        sa.Column("updated_at", base.UtcTime(), nullable=False),
        sa.Column("due_at", base.UtcTime(), nullable=True),
        sa.Column("closed_at", base.UtcTime(), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_number"], ["cases.number"], name=op.f("fk_tickets_case_number_cases")
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_tickets")),
    )
    op.create_index(op.f("ix_tickets_case_number"), "tickets", ["case_number"], unique=False)
    op.create_index(op.f("ix_tickets_conversation"), "tickets", ["conversation"], unique=False)
    op.create_index(
        op.f("ix_tickets_queue_state_opened_at"),
        "tickets",
        ["queue", "state", "opened_at"],
        unique=False,
    )
    op.create_index(
        "uq_tickets_one_open_a_key",
        "tickets",
        ["key"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )


def downgrade() -> None:
    """Undo the change."""
    op.drop_index(
        "uq_tickets_one_open_a_key",
        "tickets",
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.drop_index(op.f("ix_tickets_queue_state_opened_at"), "tickets")
    op.drop_index(op.f("ix_tickets_conversation"), "tickets")
    op.drop_index(op.f("ix_tickets_case_number"), "tickets")

    op.drop_table("tickets")
    op.drop_index(op.f("ix_payouts_brand_order_number"), "payouts")

    op.drop_table("payouts")
    op.drop_table("past_refunds")
    op.drop_index(
        "uq_cases_one_open_an_order",
        "cases",
        sqlite_where=sa.text("is_open"),
        postgresql_where=sa.text("is_open"),
    )
    op.drop_index(op.f("ix_cases_conversation"), "cases")
    op.drop_index(op.f("ix_cases_brand_account_id"), "cases")

    op.drop_table("cases")
    op.drop_table("verifications")
    op.drop_index(op.f("ix_orders_brand_order_key"), "orders")
    op.drop_index(op.f("ix_orders_brand_account_id"), "orders")

    op.drop_table("orders")
    op.drop_index(
        "ix_messages_unanswered",
        "messages",
        sqlite_where=sa.text("author = 'customer' AND answered_at IS NULL"),
        postgresql_where=sa.text("author = 'customer' AND answered_at IS NULL"),
    )

    op.drop_table("messages")
    op.drop_index(
        "ix_outbox_waiting",
        "outbox",
        sqlite_where=sa.text("done_at IS NULL AND parked_at IS NULL"),
        postgresql_where=sa.text("done_at IS NULL AND parked_at IS NULL"),
    )

    op.drop_table("outbox")
    op.drop_table("locks")
    op.drop_table("heartbeats")
    op.drop_index(
        "ix_conversations_claimed_by",
        "conversations",
        sqlite_where=sa.text("claimed_by IS NOT NULL"),
        postgresql_where=sa.text("claimed_by IS NOT NULL"),
    )
    op.drop_index("ix_conversations_brand_updated_at", "conversations")

    op.drop_table("conversations")
    op.drop_index(op.f("ix_challenges_conversation_seq"), "challenges")

    op.drop_table("challenges")
    op.drop_table("audit")
    op.drop_index(op.f("ix_accounts_brand_email_key"), "accounts")

    op.drop_table("accounts")
