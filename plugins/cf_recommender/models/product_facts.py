"""What is known of each product as of a moment, whoever is asked."""

from __future__ import annotations

import numpy as np

from .history import MS_PER_DAY, Floats, History
from .own_pairs import OwnPairs

NAMES = (
    "bought in 7 days",
    "bought in 14 days",
    "bought in 30 days",
    "bought in 90 days",
    "bought ever",
    "7 days of 30",
    "30 days of 90",
    "days between orders",
    "share who buy again",
    "days in the shop",
)
"""Of the rows of facts, in order."""

_WINDOWS = (7.0, 14.0, 30.0, 90.0, np.inf)
_USUAL_GAP = 60.0
"""Days between two orders of a product as long as nobody bought anything twice."""

_WEIGHT_OF_USUAL = 5.0
"""As many customers the mean over all products counts beside a product's own."""


def gather_facts(history: History, pairs: OwnPairs, now: int) -> Floats:
    """Return facts of the products, [facts x products], as of a moment.

    Args:
        history: The rows, all before `now`.
        pairs: Its pairs.
        now: UTC milliseconds.
    """
    size = history.shape[1]
    counts = [count_buyers(history, now, days) for days in _WINDOWS]
    product = pairs.keys % size
    again = pairs.orders > 1
    buyers = np.bincount(product[pairs.orders > 0], minlength=size)
    twice = np.bincount(product[again], minlength=size)
    gaps = np.bincount(product[again], pairs.gap[again], minlength=size)
    usual = float(pairs.gap[again].mean()) if again.any() else _USUAL_GAP
    age = np.zeros(size)
    np.maximum.at(age, history.products, (now - history.at) / MS_PER_DAY)
    return np.array(
        [
            *counts,
            counts[0] / (counts[2] + 1),
            counts[2] / (counts[3] + 1),
            (gaps + _WEIGHT_OF_USUAL * usual) / (twice + _WEIGHT_OF_USUAL),
            (twice + 1) / (buyers + 4),
            age,
        ],
        np.float32,
    )


def count_buyers(history: History, now: int, days: float) -> Floats:
    """Return per product how many customers bought it in the last days.

    Args:
        history: The rows; purchases count.
        now: UTC milliseconds.
        days: How far back; infinite: ever.
    """
    size = history.shape[1]
    recent = history.is_bought & (history.weights > 0)
    if np.isfinite(days):
        recent &= history.at >= now - days * MS_PER_DAY
    keys = history.customers[recent].astype(np.int64) * size + history.products[recent]
    return np.bincount(np.unique(keys) % size, minlength=size).astype(np.float32)
