"""Make the tables of products and of the reviews of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORD = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
FACTS = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    """Make the tables of products and of the reviews of them."""
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
