"""Which products may be recommended: to everybody, and to one customer."""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from pydantic import TypeAdapter

from ballyhoo import CheckedCondition, Context, ProductCondition

from .batch import Batch
from .learned import Learned
from .models.history import MS_PER_DAY
from .options import CfOptions, Filters

Allowed = npt.NDArray[np.bool_]


def find_allowed(context: Context, filters: Filters, learned: Learned) -> Allowed:
    """Return which products the filters let pass, for everybody: [products]."""
    parts = list_conditions(filters)
    condition = check_condition({"all": parts} if parts else {"field": "id", "op": ">", "value": 0})
    allowed = find_fitting(context, condition, learned)
    if filters.where is not None:
        allowed &= find_fitting(context, filters.where, learned)
    return allowed


def find_fitting(context: Context, condition: CheckedCondition, learned: Learned) -> Allowed:
    """Return for which of the products that were learned of a condition holds now."""
    allowed = np.zeros(len(learned.product_ids), bool)
    allowed[learned.find(context.store.find_products(condition))] = True
    return allowed


def list_conditions(filters: Filters) -> list[dict[str, Any]]:
    """Return the filters as conditions over a product, without `where`; all must hold."""
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
    return parts


def check_condition(structured: dict[str, Any]) -> CheckedCondition:
    """Return a condition over a product from its structured form."""
    return _read_conditions().validate_python(structured)


@lru_cache(maxsize=1)
def _read_conditions() -> TypeAdapter[CheckedCondition]:
    return TypeAdapter(ProductCondition)


def allow_for_each(options: CfOptions, batch: Batch, allowed: Allowed, now: int) -> Allowed:
    """Return which products may be recommended to each customer: [customers x products].

    Args:
        options: The recipe's block.
        batch: The customers, with what they did.
        allowed: What the filters let pass for everybody.
        now: UTC milliseconds.
    """
    each = np.tile(allowed, (len(batch), 1))
    own = batch.own
    refused = np.zeros(len(own), bool)
    if options.task == "discover":
        refused |= batch.is_hers
    if options.filters.not_bought_days is not None:
        since = now - options.filters.not_bought_days * MS_PER_DAY
        refused |= own.is_bought & (own.at >= since)
    each[own.customers[refused], own.products[refused]] = False
    return each
