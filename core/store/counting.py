"""Counts what is in the store."""

from __future__ import annotations

from sqlalchemy import Engine, func, select

from .tables import articles, customers, enquiries, events, orders, products, reviews, suppressions

COUNTED = (customers, products, orders, events, reviews, enquiries, articles, suppressions)


def count_rows(engine: Engine) -> dict[str, int]:
    """Return the number of rows of each kind that is imported, by name."""
    with engine.connect() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar_one()
            for table in COUNTED
        }
