"""Make the tables of orders, events, profiles, articles and enquiries."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
FACTS = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Make the tables of orders, events, profiles, articles and enquiries."""
    op.create_table(
        "articles",
        sa.Column("id", ID, autoincrement=True),
        sa.Column("key", WORD, nullable=False),
        sa.Column("language", WORD, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("questions", FACTS, server_default="[]", nullable=False),
        sa.Column("intent", WORD),
        sa.Column("valid_from", sa.BigInteger()),
        sa.Column("valid_until", sa.BigInteger()),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("content", WORD, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_articles"),
        sa.UniqueConstraint("key", "language", "version", name="uq_articles_key_language_version"),
    )
    op.create_table(
        "events",
        sa.Column("id", ID, autoincrement=True),
        sa.Column("key", WORD, nullable=False),
        sa.Column("customer_id", ID),
        sa.Column("product_id", ID),
        sa.Column("type", WORD, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("value", sa.BigInteger()),
        sa.Column("currency", WORD),
        sa.Column("order_key", WORD),
        sa.Column("source", WORD, nullable=False),
        sa.Column("properties", FACTS),
        sa.PrimaryKeyConstraint("id", name="pk_events"),
        sa.UniqueConstraint("key", name="uq_events_key"),
    )
    op.create_index("ix_events_at", "events", ["at"])
    op.create_index(
        "ix_events_bought",
        "events",
        ["product_id", "customer_id"],
        postgresql_where=sa.text("type = 'purchase'"),
        sqlite_where=sa.text("type = 'purchase'"),
    )
    op.create_index("ix_events_customer_id_type_at", "events", ["customer_id", "type", "at"])
    op.create_table(
        "profiles",
        sa.Column("customer_id", ID, autoincrement=False, nullable=False),
        sa.Column("orders", sa.Integer(), nullable=False),
        sa.Column("pieces", sa.Integer(), nullable=False),
        sa.Column("returned_pieces", sa.Integer(), nullable=False),
        sa.Column("total_spent", sa.BigInteger(), nullable=False),
        sa.Column("currency", WORD),
        sa.Column("first_order_at", sa.BigInteger()),
        sa.Column("last_order_at", sa.BigInteger()),
        sa.Column("reorder_days", sa.Integer()),
        sa.Column("price_low", sa.BigInteger()),
        sa.Column("price_high", sa.BigInteger()),
        sa.Column("favourite_category", WORD),
        sa.Column("favourite_brand", WORD),
        sa.Column("views", sa.Integer(), nullable=False),
        sa.Column("last_viewed_product_id", ID),
        sa.Column("last_viewed_at", sa.BigInteger()),
        sa.Column("last_seen_at", sa.BigInteger()),
        sa.PrimaryKeyConstraint("customer_id", name="pk_profiles"),
    )
    op.create_table(
        "stale_profiles",
        sa.Column("customer_id", ID, autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("customer_id", name="pk_stale_profiles"),
    )
    op.create_table(
        "enquiries",
        sa.Column("id", ID, autoincrement=True),
        sa.Column("key", WORD, nullable=False),
        sa.Column("customer_id", ID),
        sa.Column("conversation", WORD),
        sa.Column("text", sa.Text()),
        sa.Column("language", WORD),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("source", WORD, nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_enquiries_customer_id"),
        sa.PrimaryKeyConstraint("id", name="pk_enquiries"),
        sa.UniqueConstraint("key", name="uq_enquiries_key"),
    )
    op.create_index("ix_enquiries_at", "enquiries", ["at"])
    op.create_index("ix_enquiries_customer_id", "enquiries", ["customer_id"])
    op.create_table(
        "orders",
        sa.Column("id", ID, autoincrement=True),
        sa.Column("key", WORD, nullable=False),
        sa.Column("customer_id", ID),
        sa.Column("state", WORD, nullable=False),
        sa.Column("placed_at", sa.BigInteger(), nullable=False),
        sa.Column("shipped_at", sa.BigInteger()),
        sa.Column("returned_at", sa.BigInteger()),
        sa.Column("tracking_url", sa.Text()),
        sa.Column("currency", WORD, nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("discount", sa.BigInteger()),
        sa.Column("shipping", sa.BigInteger()),
        sa.Column("code", WORD),
        sa.Column("content", WORD, nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_orders_customer_id"),
        sa.PrimaryKeyConstraint("id", name="pk_orders"),
        sa.UniqueConstraint("key", name="uq_orders_key"),
    )
    op.create_index("ix_orders_customer_id_placed_at", "orders", ["customer_id", "placed_at"])
    op.create_table(
        "order_lines",
        sa.Column("order_id", ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("product_id", ID),
        sa.Column("variant_id", ID),
        sa.Column("sku", WORD),
        sa.Column("title", sa.Text()),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("returned", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name="fk_order_lines_order_id"),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name="fk_order_lines_product_id"),
        sa.PrimaryKeyConstraint("order_id", "position", name="pk_order_lines"),
    )
