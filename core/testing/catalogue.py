"""Finds those of some products for which a condition holds, in a database that lives in memory."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from ..money import to_minor
from ..product import Product

if TYPE_CHECKING:
    from ..conditions.checked import CheckedCondition


def find_products(
    products: Iterable[Product], condition: CheckedCondition, now: datetime
) -> list[int]:
    """Return the ids of those for which a condition holds, ascending.

    A `Product` does not say when it was added nor what its reviews are: each counts as added in
    1970, without a review.
    """
    from sqlalchemy import create_engine, insert

    from ..conditions.selecting import compile_condition
    from ..store.tables import product_categories, product_prices
    from ..store.tables import products as product_table

    engine = create_engine("sqlite://")
    tables = (product_table, product_categories, product_prices)
    given = list(products)
    with engine.begin() as connection:
        for table in tables:
            table.create(connection)
        rows = [[_describe(one) for one in given], [], []]
        for one in given:
            rows[1] += [
                {"product_id": one.id, "position": position, "name": name}
                for position, name in enumerate(one.category)
            ]
            rows[2] += [
                {
                    "product_id": one.id,
                    "currency": currency,
                    "amount": to_minor(price, currency),
                    "list_amount": (
                        to_minor(one.list_prices[currency], currency)
                        if currency in one.list_prices
                        else None
                    ),
                }
                for currency, price in one.prices.items()
            ]
        for table, some in zip(tables, rows, strict=True):
            if some:
                connection.execute(insert(table), some)
        found = sorted(row.id for row in connection.execute(compile_condition(condition, now=now)))
    engine.dispose()
    return found


def _describe(product: Product) -> dict[str, object]:
    return {
        "id": product.id,
        "sku": product.sku,
        "category": list(product.category),
        "widest_category": product.category[0] if product.category else None,
        "narrowest_category": product.category[-1] if product.category else None,
        "brand": product.brand,
        "tags": list(product.tags),
        "stock": product.stock,
        "attributes": dict(product.attributes),
        "created_at": 0,
        "changed_at": 0,
        "content": "",
    }
