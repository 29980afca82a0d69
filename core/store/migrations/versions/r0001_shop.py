"""Make the tables of customers, products, orders, events and the knowledge base."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
FACTS = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Make the tables of customers, products, orders, events and the knowledge base."""
    op.create_table(
        "addresses",
        sa.Column("id", ID, autoincrement=True),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("address", WORD),
        sa.Column("hash", WORD, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_addresses"),
        sa.UniqueConstraint("kind", "hash", name="uq_addresses_kind_hash"),
    )
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
        "erased_keys",
        sa.Column("hash", WORD, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_erased_keys"),
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
        "key_checks",
        sa.Column("key_id", WORD, nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("is_current", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("key_id", name="pk_key_checks"),
    )
    op.create_table(
        "products",
        sa.Column("id", ID, autoincrement=True),
        sa.Column("sku", WORD, nullable=False),
        sa.Column("category", FACTS, server_default="[]", nullable=False),
        sa.Column("widest_category", WORD),
        sa.Column("narrowest_category", WORD),
        sa.Column("brand", WORD),
        sa.Column("tags", FACTS, server_default="[]", nullable=False),
        sa.Column("stock", sa.Integer()),
        sa.Column("url", sa.Text()),
        sa.Column("image_url", sa.Text()),
        sa.Column("attributes", FACTS, server_default="{}", nullable=False),
        sa.Column("review_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("star_sum", sa.Integer(), server_default="0", nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("content", WORD, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_products"),
        sa.UniqueConstraint("sku", name="uq_products_sku"),
    )
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
        "suppressions",
        sa.Column("channel", WORD, nullable=False),
        sa.Column("hash", WORD, nullable=False),
        sa.Column("reason", WORD, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("source", WORD, nullable=False),
        sa.Column("key_id", WORD, nullable=False),
        sa.PrimaryKeyConstraint("channel", "hash", name="pk_suppressions"),
    )
    op.create_table(
        "consents",
        sa.Column("id", ID, autoincrement=True),
        sa.Column("address_id", ID, nullable=False),
        sa.Column("channel", WORD, nullable=False),
        sa.Column("customer_id", ID, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("is_given", sa.Boolean(), nullable=False),
        sa.Column("source", WORD, nullable=False),
        sa.Column("place", sa.Text()),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["address_id"], ["addresses.id"], name="fk_consents_address_id"),
        sa.PrimaryKeyConstraint("id", name="pk_consents"),
        sa.UniqueConstraint(
            "address_id",
            "channel",
            "customer_id",
            "at",
            "is_given",
            name="uq_consents_address_id_channel_customer_id_at_is_given",
        ),
    )
    op.create_table(
        "customers",
        sa.Column("id", ID, autoincrement=True),
        sa.Column("key", WORD),
        sa.Column("email_id", ID),
        sa.Column("phone_id", ID),
        sa.Column("first_name", sa.Text()),
        sa.Column("last_name", sa.Text()),
        sa.Column("language", WORD),
        sa.Column("country", WORD),
        sa.Column("time_zone", WORD),
        sa.Column("created_at", sa.BigInteger()),
        sa.Column("traits", FACTS, server_default="{}", nullable=False),
        sa.Column("erased_at", sa.BigInteger()),
        sa.Column("content", WORD),
        sa.ForeignKeyConstraint(["email_id"], ["addresses.id"], name="fk_customers_email_id"),
        sa.ForeignKeyConstraint(["phone_id"], ["addresses.id"], name="fk_customers_phone_id"),
        sa.PrimaryKeyConstraint("id", name="pk_customers"),
        sa.UniqueConstraint("key", name="uq_customers_key"),
    )
    op.create_index("ix_customers_email_id", "customers", ["email_id"])
    op.create_index("ix_customers_phone_id", "customers", ["phone_id"])
    op.create_table(
        "product_categories",
        sa.Column("product_id", ID, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", WORD, nullable=False),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name="fk_product_categories_product_id"
        ),
        sa.PrimaryKeyConstraint("product_id", "position", name="pk_product_categories"),
    )
    op.create_index("ix_product_categories_name", "product_categories", ["name"])
    op.create_table(
        "product_prices",
        sa.Column("product_id", ID, nullable=False),
        sa.Column("currency", WORD, nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("list_amount", sa.BigInteger()),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name="fk_product_prices_product_id"
        ),
        sa.PrimaryKeyConstraint("product_id", "currency", name="pk_product_prices"),
    )
    op.create_table(
        "product_texts",
        sa.Column("product_id", ID, nullable=False),
        sa.Column("language", WORD, nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text()),
        sa.ForeignKeyConstraint(
            ["product_id"], ["products.id"], name="fk_product_texts_product_id"
        ),
        sa.PrimaryKeyConstraint("product_id", "language", name="pk_product_texts"),
    )
    op.create_table(
        "skus",
        sa.Column("sku", WORD, nullable=False),
        sa.Column("product_id", ID, nullable=False),
        sa.Column("variant_id", ID),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name="fk_skus_product_id"),
        sa.PrimaryKeyConstraint("sku", name="pk_skus"),
    )
    op.create_index("ix_skus_product_id", "skus", ["product_id"])
    op.create_table(
        "standings",
        sa.Column("address_id", ID, nullable=False),
        sa.Column("channel", WORD, nullable=False),
        sa.Column("is_given", sa.Boolean(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["address_id"], ["addresses.id"], name="fk_standings_address_id"),
        sa.PrimaryKeyConstraint("address_id", "channel", name="pk_standings"),
    )
    op.create_table(
        "variants",
        sa.Column("id", ID, autoincrement=True),
        sa.Column("product_id", ID, nullable=False),
        sa.Column("sku", WORD, nullable=False),
        sa.Column("title", sa.Text()),
        sa.Column("stock", sa.Integer()),
        sa.Column("attributes", FACTS, server_default="{}", nullable=False),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name="fk_variants_product_id"),
        sa.PrimaryKeyConstraint("id", name="pk_variants"),
        sa.UniqueConstraint("product_id", "sku", name="uq_variants_product_id_sku"),
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
        "reviews",
        sa.Column("id", ID, autoincrement=True),
        sa.Column("key", WORD, nullable=False),
        sa.Column("product_id", ID, nullable=False),
        sa.Column("customer_id", ID),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text()),
        sa.Column("text", sa.Text()),
        sa.Column("language", WORD),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_reviews_customer_id"),
        sa.ForeignKeyConstraint(["product_id"], ["products.id"], name="fk_reviews_product_id"),
        sa.PrimaryKeyConstraint("id", name="pk_reviews"),
        sa.UniqueConstraint("key", name="uq_reviews_key"),
    )
    op.create_index("ix_reviews_customer_id", "reviews", ["customer_id"])
    op.create_index("ix_reviews_product_id", "reviews", ["product_id"])
    op.create_table(
        "variant_prices",
        sa.Column("variant_id", ID, nullable=False),
        sa.Column("currency", WORD, nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False),
        sa.Column("list_amount", sa.BigInteger()),
        sa.ForeignKeyConstraint(
            ["variant_id"], ["variants.id"], name="fk_variant_prices_variant_id"
        ),
        sa.PrimaryKeyConstraint("variant_id", "currency", name="pk_variant_prices"),
    )
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
