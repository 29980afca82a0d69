"""Tells equal briefs: those for which the same copy is as good."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, fields
from typing import Any

from .brief import Brief, BriefedProduct

NOT_COMPARED = frozenset({"attempt", "seed", "vector"})
"""Fields of a brief that no copy is written from."""

PASSING = frozenset({"stock", "prices", "list_prices", "url", "image_url"})
"""Fields of a product that reach a message through slots and the layout only."""


def hash_brief(brief: Brief) -> str:
    """Return a short hash of what copy may be written from, the same on every machine.

    Two briefs have the same one when they differ in nothing but attempt, seed, vector, and in
    prices, stock and addresses of their products, which no generator writes down.
    """
    told: dict[str, Any] = {
        one.name: getattr(brief, one.name)
        for one in fields(brief)
        if one.name not in NOT_COMPARED | {"products", "fields", "offer"}
    }
    told["fields"] = {name: asdict(limits) for name, limits in brief.fields.items()}
    told["offer"] = None if brief.offer is None else asdict(brief.offer)
    told["products"] = [_describe(one) for one in brief.products]
    text = json.dumps(told, sort_keys=True, default=_write)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _describe(briefed: BriefedProduct) -> dict[str, Any]:
    product = briefed.product
    known = {
        one.name: getattr(product, one.name) for one in fields(product) if one.name not in PASSING
    }
    # Whether there is a price makes a slot, and a list price above it an offer.
    known["priced"] = sorted(product.prices)
    known["reduced"] = sorted(
        currency
        for currency, before in product.list_prices.items()
        if currency in product.prices and before > product.prices[currency]
    )
    known["reason"] = None if briefed.reason is None else asdict(briefed.reason)
    known["led_by"] = None if briefed.led_by is None else dict(briefed.led_by.titles)
    return known


def _write(value: Any) -> Any:
    """Return what JSON has no form for as one that it has."""
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return dict(value)
