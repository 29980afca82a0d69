"""The tables that a plugin may build expressions and selectables over."""

from __future__ import annotations

from types import SimpleNamespace

from . import tables as _all

PUBLIC = (
    "customers",
    "events",
    "message_events",
    "messages",
    "order_lines",
    "orders",
    "product_categories",
    "product_prices",
    "product_texts",
    "products",
    "profiles",
    "reviews",
    "runs",
    "skus",
    "standings",
)

tables = SimpleNamespace(**{name: getattr(_all, name) for name in PUBLIC})
"""SQLAlchemy tables by name; a column's money is in minor units, its times in UTC milliseconds."""
