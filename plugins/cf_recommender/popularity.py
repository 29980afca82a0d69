"""What is bought by many lately, everywhere and in each country."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from .models.history import MS_PER_DAY, History

Floats = npt.NDArray[np.float32]

FEW_BUYERS = 100.0
"""So many buyers everywhere count as much as what a country's own buyers say."""

LONG_AGO = 1e-3
"""What a purchase before the window counts, so that who sold at all is before who never did."""


def count_demand(
    history: History, countries: Sequence[str | None], *, now: int, window_days: float
) -> tuple[tuple[str, ...], Floats]:
    """Return how many buyers each product had lately: everywhere, and by country.

    Args:
        history: What customers did.
        countries: Of each customer of the history, aligned with its `customer_ids`.
        now: UTC milliseconds.
        window_days: How far back a purchase counts in full.

    Returns:
        The countries, and counts [1 + countries x products]; the first row is everywhere.
    """
    names = tuple(sorted({name for name in countries if name is not None}))
    rows = {name: row for row, name in enumerate(names, start=1)}
    row_of = np.array([rows.get(name or "", 0) for name in countries], np.int64)
    products = history.shape[1]
    bought = history.is_bought & (history.at < now)
    is_recent = history.at >= now - window_days * MS_PER_DAY
    demand = np.zeros((1 + len(names), products), np.float32)
    for kept, worth in ((bought & is_recent, 1.0), (bought & ~is_recent, LONG_AGO)):
        key = history.customers[kept].astype(np.int64) * products + history.products[kept]
        pairs = np.unique(key)
        customers, bought_products = pairs // max(products, 1), pairs % max(products, 1)
        np.add.at(demand, (np.zeros_like(bought_products), bought_products), worth)
        has_country = row_of[customers] > 0
        where = (row_of[customers[has_country]], bought_products[has_country])
        np.add.at(demand, where, worth)
    return names, demand


def rank_demand(demand: Floats) -> Floats:
    """Return the share of buyers that each product has, in each row of `count_demand`.

    A country with few buyers of its own is near to everywhere.
    """
    everywhere = demand[0] / max(float(demand[0].sum()), 1e-9)
    totals = demand.sum(axis=1, keepdims=True)
    shares = (demand + FEW_BUYERS * everywhere) / (totals + FEW_BUYERS)
    shares[0] = everywhere
    return np.asarray(shares, np.float32)
