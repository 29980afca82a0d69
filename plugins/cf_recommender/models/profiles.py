"""Histories as matrices of customers and products, with or without decay."""

from __future__ import annotations

import numpy as np
from scipy import sparse

from .history import MS_PER_DAY, Floats, History


def decay(history: History, now: int, half_life_days: float | None) -> Floats:
    """Return what each row is worth now: its weight, halved for each half-life that has passed.

    Args:
        history: The rows.
        now: UTC milliseconds.
        half_life_days: None: nothing decays.
    """
    if half_life_days is None:
        return history.weights
    days = np.maximum(now - history.at, 0) / MS_PER_DAY
    faded: Floats = (history.weights * np.exp2(-days / half_life_days)).astype(np.float32)
    return faded


def make_profiles(
    history: History, now: int, half_life_days: float | None = None, *, unary: bool = False
) -> sparse.csr_array:
    """Return a sparse matrix [customers x products] of what each did, summed over her rows.

    Args:
        history: The rows.
        now: UTC milliseconds.
        half_life_days: None: nothing decays.
        unary: Whether a product that is hers counts as its newest row is worth, and no more.
    """
    worth = decay(history, now, half_life_days)
    if unary:
        worth = np.sign(history.weights) * np.exp2(
            -np.maximum(now - history.at, 0) / MS_PER_DAY / (half_life_days or np.inf)
        ).astype(np.float32)
        key = history.customers.astype(np.int64) * history.shape[1] + history.products
        last = (
            len(key) - 1 - np.unique(key[::-1], return_index=True)[1]
        )  # rows are in order of time
        rows, columns, worth = history.customers[last], history.products[last], worth[last]
    else:
        rows, columns = history.customers, history.products
    made = sparse.coo_array((worth, (rows, columns)), shape=history.shape).tocsr()
    made.data = np.maximum(made.data, 0)
    made.eliminate_zeros()
    return made
