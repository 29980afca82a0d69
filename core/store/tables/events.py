"""The tables of events, and of what they come to for each customer."""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, Table, text

from .columns import Id, Json, Moment, Money, Word, make_id, metadata

events = Table(
    "events",
    metadata,
    make_id(),
    Column("key", Word, nullable=False, unique=True),
    # No foreign keys: rows are resolved by a join when they are written, neither customers nor
    # products are ever deleted, and the checks would be most of the cost of a row.
    Column("customer_id", Id),
    Column("product_id", Id),
    Column("type", Word, nullable=False),
    Column("at", Moment, nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("value", Money),
    Column("currency", Word),
    Column("order_key", Word),
    Column("source", Word, nullable=False),
    Column("properties", Json),
    Index(None, "customer_id", "type", "at"),
    Index(None, "at"),
    Index(
        "ix_events_bought",
        "product_id",
        "customer_id",
        postgresql_where=text("type = 'purchase'"),
        sqlite_where=text("type = 'purchase'"),
    ),
)

profiles = Table(
    "profiles",
    metadata,
    Column("customer_id", Id, primary_key=True, autoincrement=False),
    Column("orders", Integer, nullable=False),
    Column("pieces", Integer, nullable=False),
    Column("returned_pieces", Integer, nullable=False),
    Column("total_spent", Money, nullable=False),
    Column("currency", Word),
    Column("first_order_at", Moment),
    Column("last_order_at", Moment),
    Column("reorder_days", Integer),
    Column("price_low", Money),
    Column("price_high", Money),
    Column("favourite_category", Word),
    Column("favourite_brand", Word),
    Column("views", Integer, nullable=False),
    Column("last_viewed_product_id", Id),
    Column("last_viewed_at", Moment),
    Column("last_seen_at", Moment),
)
"""One row for each customer with events; `core/store/profiles.py` says what each column is."""

stale_profiles = Table(
    "stale_profiles",
    metadata,
    Column("customer_id", Id, primary_key=True, autoincrement=False),
)
"""Whose profile is older than her events; written in the same transaction as the events."""
