"""The filters of a recipe as conditions over a product."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from ballyhoo import CheckedCondition, ProductCondition

if TYPE_CHECKING:
    from .options import Filters


def list_conditions(filters: Filters) -> list[CheckedCondition]:
    """Return the conditions that must all hold of a product; none when nothing is filtered."""
    parts: list[dict[str, Any]] = []
    if filters.in_stock:
        parts.append({"field": "in_stock"})
    if filters.price is not None:
        for op, bound in ((">=", filters.price.min), ("<=", filters.price.max)):
            if bound is not None:
                parts.append({"field": "price", "op": op, "value": Decimal(str(bound))})
    if filters.category:
        named = [
            {"field": "category", "op": "holds", "value": category} for category in filters.category
        ]
        parts.append({"any": named})
    if filters.brand:
        parts.append({"field": "brand", "op": "in", "value": list(filters.brand)})
    conditions = [check_condition({"all": parts})] if parts else []
    return conditions if filters.where is None else [*conditions, filters.where]


def check_condition(structured: dict[str, Any]) -> CheckedCondition:
    """Return a condition over a product from its structured form."""
    return _read_conditions().validate_python(structured)


@lru_cache(maxsize=1)
def _read_conditions() -> TypeAdapter[CheckedCondition]:
    return TypeAdapter(ProductCondition)
