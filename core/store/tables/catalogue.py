"""The tables of products, their variants, texts and prices, and the reviews of them."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from .columns import Id, Json, Moment, Money, Word, make_id, metadata

products = Table(
    "products",
    metadata,
    make_id(),
    Column("sku", Word, nullable=False, unique=True),
    Column("category", Json, nullable=False, server_default="[]"),  # widest first
    Column("widest_category", Word),
    Column("narrowest_category", Word),
    Column("brand", Word),
    Column("tags", Json, nullable=False, server_default="[]"),
    Column("stock", Integer),
    Column("url", Text),
    Column("image_url", Text),
    Column("attributes", Json, nullable=False, server_default="{}"),
    Column("review_count", Integer, nullable=False, server_default="0"),
    Column("star_sum", Integer, nullable=False, server_default="0"),
    Column("created_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("content", Word, nullable=False),  # hash of what was told last
)

product_categories = Table(
    "product_categories",
    metadata,
    Column("product_id", Id, ForeignKey("products.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("name", Word, nullable=False),
    Index(None, "name"),
)

product_texts = Table(
    "product_texts",
    metadata,
    Column("product_id", Id, ForeignKey("products.id"), primary_key=True),
    Column("language", Word, primary_key=True),
    Column("title", Text, nullable=False),
    Column("description", Text),
)

product_prices = Table(
    "product_prices",
    metadata,
    Column("product_id", Id, ForeignKey("products.id"), primary_key=True),
    Column("currency", Word, primary_key=True),
    Column("amount", Money, nullable=False),
    Column("list_amount", Money),
)

variants = Table(
    "variants",
    metadata,
    make_id(),
    Column("product_id", Id, ForeignKey("products.id"), nullable=False),
    Column("sku", Word, nullable=False),
    Column("title", Text),
    Column("stock", Integer),
    Column("attributes", Json, nullable=False, server_default="{}"),
    UniqueConstraint("product_id", "sku"),
)

variant_prices = Table(
    "variant_prices",
    metadata,
    Column("variant_id", Id, ForeignKey("variants.id"), primary_key=True),
    Column("currency", Word, primary_key=True),
    Column("amount", Money, nullable=False),
    Column("list_amount", Money),
)

skus = Table(
    "skus",
    metadata,
    Column("sku", Word, primary_key=True),
    Column("product_id", Id, ForeignKey("products.id"), nullable=False),
    Column("variant_id", Id),
    Index(None, "product_id"),
)
"""What an order or an event may call a product by: its own sku or one of its variants'."""

reviews = Table(
    "reviews",
    metadata,
    make_id(),
    Column("key", Word, nullable=False, unique=True),
    Column("product_id", Id, ForeignKey("products.id"), nullable=False),
    Column("customer_id", Id, ForeignKey("customers.id")),
    Column("stars", Integer, nullable=False),
    Column("title", Text),
    Column("text", Text),
    Column("language", Word),
    Column("at", Moment, nullable=False),
    Index(None, "product_id"),
    Index(None, "customer_id"),
)
