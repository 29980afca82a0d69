"""Where the fields of a product stand in the store."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, FromClause, Text, cast, func, literal, or_, select

from ..functions import ConditionSubject
from ..store.tables import product_categories, product_prices, products
from .json_values import JsonHolds, JsonHoldsUnder
from .measures import Measure, Unit

_PRODUCT: dict[str, tuple[str, Unit]] = {
    "id": ("id", "plain"),
    "sku": ("sku", "plain"),
    "brand": ("brand", "plain"),
    "stock": ("stock", "plain"),
    "reviews": ("review_count", "plain"),
    "created_at": ("created_at", "moment"),
    "days_since_added": ("created_at", "days"),
}


class ProductColumns:
    """Finds the columns of fields, and remembers which tables they need.

    Args:
        currency: The currency of prices; without it a product with one price has that one, and a
            product with several has none.

    Attributes:
        table: What a condition is about.
        who: What must hold of every product.
    """

    table = products
    who = ()

    def __init__(self, currency: str | None = None) -> None:
        self._currency = currency
        self._uses_prices = False
        self._prices = self._select_prices().subquery("price")

    def make_subject(self, **facts: Any) -> ConditionSubject:
        """Return what functions are told."""
        return ConditionSubject(id=products.c.id, **facts)

    def find(self, name: str, missing: int | None) -> Measure:
        """Return what stands for a field; `missing` is what no value counts as."""
        key = name.partition(".")[2]
        if key:
            return Measure(expression=products.c.attributes, unit="free", key=key)
        if name in ("price", "list_price", "on_sale"):
            return self._find_price(name)
        if name == "in_stock":
            there = or_(products.c.stock.is_(None), products.c.stock > 0)
            return Measure(expression=there, is_optional=False)
        if name == "rating":
            count = func.nullif(products.c.review_count, 0)
            return Measure(expression=products.c.star_sum * literal(1.0) / count)
        column, unit = _PRODUCT[name]
        is_optional = products.c[column].nullable or False
        return Measure(
            expression=products.c[column], unit=unit, missing=missing, is_optional=is_optional
        )

    def hold(self, name: str, value: str) -> ColumnElement[bool]:
        """Return whether the list in a field holds a value; it is never null."""
        if name == "category":
            named = product_categories.c.name == value
            return self._has_category(named)
        if name == "tags":
            return JsonHolds(products.c.tags, value)
        return JsonHoldsUnder(products.c.attributes, name.partition(".")[2], value)

    def lack(self, name: str) -> ColumnElement[bool]:
        """Return whether the list in a field is empty."""
        if name == "category":
            return ~self._has_category()
        return cast(products.c.tags, Text) == "[]"

    def source(self) -> FromClause:
        """Return the tables that were needed so far, joined."""
        if not self._uses_prices:
            return products
        return products.outerjoin(self._prices, self._prices.c.product_id == products.c.id)

    def _has_category(self, *which: ColumnElement[bool]) -> ColumnElement[bool]:
        own = product_categories.c.product_id == products.c.id
        return select(literal(1)).where(own, *which).correlate(products).exists()

    def _find_price(self, name: str) -> Measure:
        self._uses_prices = True
        price = self._prices.c
        if name == "on_sale":
            less = func.coalesce(price.amount < price.list_amount, False)
            return Measure(expression=less, is_optional=False)
        amount = price.amount if name == "price" else price.list_amount
        return Measure(expression=amount, unit="money", currency=price.currency)

    def _select_prices(self) -> Any:
        price = product_prices.c
        if self._currency is not None:
            chosen = select(price.product_id, price.currency, price.amount, price.list_amount)
            return chosen.where(price.currency == self._currency)
        return (
            select(
                price.product_id,
                func.min(price.currency).label("currency"),
                func.min(price.amount).label("amount"),
                func.min(price.list_amount).label("list_amount"),
            )
            .group_by(price.product_id)
            .having(func.count() == 1)
        )
