"""Reads what customers did from the store, weighed as the recipe says."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from ballyhoo import Context

from .models.history import BOUGHT, History, make_history
from .options import CfOptions

ALWAYS_READ = (BOUGHT, "return")
STARS = "stars"
"""What reviews are called beside the kinds of events."""

Ids = npt.NDArray[np.int64]
Rows = npt.NDArray[np.integer[Any]] | npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Deeds:
    """What customers did, one deed a row, in order of time.

    Attributes:
        customer_ids: Who.
        product_ids: With which product.
        at: When, UTC milliseconds.
        kinds: What, as an index into `types`.
        quantities: How many pieces.
        weights: What it is worth; 0 for what the recipe does not weigh.
        types: Names of the types of events; reviews are one of them.
    """

    customer_ids: Ids
    product_ids: Ids
    at: Ids
    kinds: npt.NDArray[np.uint8]
    quantities: npt.NDArray[np.int32]
    weights: npt.NDArray[np.float32]
    types: tuple[str, ...]

    def take(self, rows: Rows) -> Deeds:
        """Return some rows."""
        columns = [one.name for one in fields(self) if one.name != "types"]
        return replace(self, **{name: getattr(self, name)[rows] for name in columns})


def list_types(options: CfOptions) -> list[str]:
    """Return the types of events that are read."""
    counted = [kind for kind, weight in options.weights.items() if weight]
    return sorted({*counted, *ALWAYS_READ})


def to_milliseconds(context: Context) -> int:
    """Return now in UTC milliseconds."""
    return int(context.clock.now().timestamp() * 1000)


def read_deeds(
    context: Context,
    options: CfOptions,
    *,
    types: Sequence[str] | None = None,
    customers: Collection[int] | None = None,
) -> Deeds:
    """Return what customers did up to now.

    Args:
        context: What the plugin may touch.
        options: The recipe's block.
        types: Types of events; those that are weighed, purchases and returns when None.
        customers: Only theirs; everybody's when None.
    """
    now = context.clock.now()
    types = list_types(options) if types is None else types
    told = context.store.interactions(types=types, until=now, customers=customers)
    worth = np.array([options.weights.get(kind, 0.0) for kind in told.types], np.float32)
    deeds = Deeds(
        customer_ids=told.customer_ids,
        product_ids=told.product_ids,
        at=told.at,
        kinds=told.kinds,
        quantities=told.quantities,
        weights=worth[told.kinds] if len(worth) else np.zeros(0, np.float32),
        types=told.types,
    )
    return _add_reviews(context, deeds, customers) if options.stars else deeds


def _add_reviews(context: Context, deeds: Deeds, customers: Collection[int] | None) -> Deeds:
    rated = context.store.ratings(until=context.clock.now(), customers=customers)
    added: dict[str, npt.NDArray[Any]] = {
        "customer_ids": rated.customer_ids,
        "product_ids": rated.product_ids,
        "at": rated.at,
        "kinds": np.full(len(rated), len(deeds.types), np.uint8),
        "quantities": np.ones(len(rated), np.int32),
        "weights": weigh_stars(rated.stars),
    }
    columns = {
        name: np.concatenate([getattr(deeds, name), more]).astype(more.dtype, copy=False)
        for name, more in added.items()
    }
    both = Deeds(**columns, types=(*deeds.types, STARS))
    return both.take(np.argsort(both.at, kind="stable"))


def weigh_stars(stars: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """Return what reviews are worth: five stars as much as a purchase, one as much against."""
    return np.asarray((stars - 3) / 2, np.float32)


def read_history(context: Context, options: CfOptions, product_ids: Ids) -> History:
    """Return what all customers did with some products, as a model learns from it.

    Args:
        context: What the plugin may touch.
        options: The recipe's block.
        product_ids: Which products; those without a deed are left out.
    """
    deeds = read_deeds(context, options)
    deeds = deeds.take(np.isin(deeds.product_ids, product_ids))
    return make_history(
        deeds.customer_ids,
        deeds.product_ids,
        deeds.at,
        kinds=deeds.kinds,
        types=deeds.types,
        weights=deeds.weights,
        quantities=deeds.quantities,
    )
