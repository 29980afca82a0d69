"""Reads products whole: with their texts and prices."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from sqlalchemy import Connection

from ..money import from_minor
from ..product import Product
from .bulk import read_json, select_rows
from .tables import product_prices, product_texts, products


def read_products(connection: Connection, ids: set[int]) -> dict[int, Product]:
    """Return the products with these ids, by id; unknown ones are left out."""
    titles: dict[int, dict[str, str]] = defaultdict(dict)
    descriptions: dict[int, dict[str, str]] = defaultdict(dict)
    columns: tuple[str, ...] = ("product_id", "language", "title", "description")
    for product, language, title, description in select_rows(
        connection, product_texts, columns, "product_id", ids
    ):
        titles[product][language] = title
        if description:
            descriptions[product][language] = description
    prices: dict[int, dict[str, Any]] = defaultdict(dict)
    list_prices: dict[int, dict[str, Any]] = defaultdict(dict)
    columns = ("product_id", "currency", "amount", "list_amount")
    for product, currency, amount, list_amount in select_rows(
        connection, product_prices, columns, "product_id", ids
    ):
        prices[product][currency] = from_minor(amount, currency)
        if list_amount is not None:
            list_prices[product][currency] = from_minor(list_amount, currency)
    columns = (
        "id", "sku", "category", "brand", "tags", "stock", "url", "image_url", "attributes",
    )  # fmt: skip
    return {
        row[0]: Product(
            id=row[0],
            sku=row[1],
            # Sorted: no database promises an order, and of prompts and pages it is a part.
            titles=dict(sorted(titles[row[0]].items())),
            descriptions=dict(sorted(descriptions[row[0]].items())),
            category=tuple(read_json(row[2])),
            brand=row[3],
            tags=tuple(read_json(row[4])),
            prices=dict(sorted(prices[row[0]].items())),
            list_prices=dict(sorted(list_prices[row[0]].items())),
            stock=row[5],
            url=row[6],
            image_url=row[7],
            attributes={name: str(value) for name, value in sorted(read_json(row[8]).items())},
        )
        for row in select_rows(connection, products, columns, "id", ids)
    }
