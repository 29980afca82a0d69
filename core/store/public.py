"""The tables that a plugin may build expressions and selectables over."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Table


class PublicTables:
    """The SQLAlchemy tables by name, such as `tables.customers`.

    Money is in minor units of its currency, times are in UTC milliseconds. SQLAlchemy is loaded
    when a table is first asked for, so that a plugin may import `tables` at its top.
    """

    customers: Table
    events: Table
    message_events: Table
    messages: Table
    order_lines: Table
    orders: Table
    product_categories: Table
    product_prices: Table
    product_texts: Table
    products: Table
    profiles: Table
    reviews: Table
    runs: Table
    skus: Table
    standings: Table

    def __getattr__(self, name: str) -> Table:
        if name not in PUBLIC:
            raise AttributeError(f"ballyhoo.tables has no '{name}'", name=name, obj=self)
        from . import tables as everything

        table: Table = getattr(everything, name)
        return table

    def __dir__(self) -> list[str]:
        return list(PUBLIC)


PUBLIC = tuple(PublicTables.__annotations__)
"""Their names."""

tables = PublicTables()
