"""The tables of orders and their lines."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text

from .columns import Id, Moment, Money, Word, make_id, metadata

orders = Table(
    "orders",
    metadata,
    make_id(),
    Column("key", Word, nullable=False, unique=True),
    Column("customer_id", Id, ForeignKey("customers.id")),
    Column("state", Word, nullable=False),
    Column("placed_at", Moment, nullable=False),
    Column("shipped_at", Moment),
    Column("returned_at", Moment),
    Column("tracking_url", Text),
    Column("currency", Word, nullable=False),
    Column("total", Money, nullable=False),
    Column("discount", Money),
    Column("shipping", Money),
    Column("code", Word),
    Column("content", Word, nullable=False),  # hash of what was told last
    Index(None, "customer_id", "placed_at"),
)

order_lines = Table(
    "order_lines",
    metadata,
    Column("order_id", Id, ForeignKey("orders.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("product_id", Id, ForeignKey("products.id")),
    Column("variant_id", Id),
    Column("sku", Word),
    Column("title", Text),
    Column("quantity", Integer, nullable=False),
    Column("amount", Money, nullable=False),
    Column("returned", Integer, nullable=False, server_default="0"),
)
