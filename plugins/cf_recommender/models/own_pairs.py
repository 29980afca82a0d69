"""What each customer did with each product that is hers, one row a pair."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .history import MS_PER_DAY, Floats, History

HALF_LIVES = (10.0, 30.0, 90.0, 365.0)
"""Days after which an order counts half; one count of orders for each."""

LOOK_HALF_LIFE = 14.0
"""Days after which a look counts half."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OwnPairs:
    """Pairs of customer and product, ascending by both.

    Attributes:
        keys: customer * number of products + product, int64.
        orders: On how many days she bought it.
        faded: The same, halved with time, [half-lives x pairs].
        pieces: The sum over her orders of log(1 + pieces).
        days_since: Days since she last bought it; 0 when she never did.
        gap: Mean days between her orders of it; 0 when there are fewer than two.
        looks: What else she did with it (views, carts) by its weight, halved with time.
    """

    keys: npt.NDArray[np.int64]
    orders: Floats
    faded: Floats
    pieces: Floats
    days_since: Floats
    gap: Floats
    looks: Floats


def gather_pairs(history: History, now: int) -> OwnPairs:
    """Return the pairs of a history as of a moment.

    A product that she gave back is not hers until she buys it again.

    Args:
        history: The rows, all before `now`.
        now: UTC milliseconds.
    """
    every = history.customers.astype(np.int64) * history.shape[1] + history.products
    worth = (history.weights > 0) & ~_find_given_back(every, history)
    keys, pair = np.unique(every[worth], return_inverse=True)
    rows = history.take(np.flatnonzero(worth))
    is_bought = rows.is_bought
    days = ((now - rows.at) / MS_PER_DAY).astype(np.float64)
    looked = ~is_bought
    looks = np.bincount(
        pair[looked],
        rows.weights[looked] * np.exp2(-days[looked] / LOOK_HALF_LIFE),
        minlength=len(keys),
    )
    mine, age, pieces = pair[is_bought], days[is_bought], rows.quantities[is_bought]
    bought_on = rows.at[is_bought] // MS_PER_DAY
    order = np.argsort(mine, kind="stable")  # within a pair still in order of time
    mine, age, bought_on = mine[order], age[order], bought_on[order]
    is_new_day = np.ones(len(mine), np.bool_)
    is_new_day[1:] = (mine[1:] != mine[:-1]) | (bought_on[1:] != bought_on[:-1])
    logs = np.bincount(mine, np.log1p(np.maximum(pieces[order], 0)), minlength=len(keys))
    mine, age = mine[is_new_day], age[is_new_day]
    orders = np.bincount(mine, minlength=len(keys))
    newest, oldest = np.full(len(keys), np.inf), np.zeros(len(keys))
    np.minimum.at(newest, mine, age)
    np.maximum.at(oldest, mine, age)
    faded = [np.bincount(mine, np.exp2(-age / one), minlength=len(keys)) for one in HALF_LIVES]
    since = np.where(orders > 0, newest, 0)
    return OwnPairs(
        keys=keys,
        orders=orders.astype(np.float32),
        faded=np.array(faded, np.float32).reshape(len(HALF_LIVES), len(keys)),
        pieces=logs.astype(np.float32),
        days_since=since.astype(np.float32),
        gap=np.where(orders > 1, (oldest - since) / np.maximum(orders - 1, 1), 0).astype(
            np.float32
        ),
        looks=looks.astype(np.float32),
    )


def _find_given_back(every: npt.NDArray[np.int64], history: History) -> npt.NDArray[np.bool_]:
    """Return which rows come before one that takes back, of the same pair."""
    given_back = history.weights < 0
    if not given_back.any():
        return given_back
    keys, pair = np.unique(every, return_inverse=True)
    last = np.full(len(keys), -1)
    last[pair[given_back]] = np.flatnonzero(given_back)  # rows are in order of time
    found: npt.NDArray[np.bool_] = np.arange(len(every)) <= last[pair]
    return found
