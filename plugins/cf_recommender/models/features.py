"""What a ranker looks at: features of pairs of customer and product as of a moment."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from . import product_facts
from .history import MS_PER_DAY, Floats, History
from .own_pairs import HALF_LIVES, OwnPairs

NAMES = (
    "orders",
    *(f"orders, half-life {days:g} days" for days in HALF_LIVES),
    "pieces",
    "days since she bought it",
    "days between her orders of it",
    "how due it is",
    "share of her orders with it",
    "days since she bought it, before her last order",
    "looks",
    *product_facts.NAMES,
    "her days with an order",
    "days since her last order",
    "her different products",
    "score",
    "score among hers",
)
"""Of the rows of `make_features`, in order."""

_ROWS = {name: row for row, name in enumerate(NAMES)}

NEVER = 999.0
"""Days since she bought what she never bought."""


def make_features(
    history: History,
    pairs: OwnPairs,
    facts: Floats,
    scores: Floats,
    chosen: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]],
    now: int,
) -> Floats:
    """Return features of pairs, [features x pairs].

    Args:
        history: What the customers did, all before `now`.
        pairs: Its pairs.
        facts: Of the products, as `gather_facts` gives them.
        scores: What a model of products says, [customers x products].
        chosen: Customer and product of each pair.
        now: UTC milliseconds.
    """
    customer, product = chosen
    place, is_hers = _find(pairs.keys, customer * history.shape[1] + product)
    place = place[is_hers]
    made = np.zeros((len(NAMES), len(customer)), np.float32)

    def put(name: str, values: npt.NDArray[Any]) -> None:
        made[_ROWS[name]] = values

    def put_own(name: str, of_pairs: Floats) -> None:
        made[_ROWS[name], is_hers] = of_pairs[place]

    put_own("orders", pairs.orders)
    for half_life, faded in zip(HALF_LIVES, pairs.faded, strict=True):
        put_own(f"orders, half-life {half_life:g} days", faded)
    put_own("pieces", pairs.pieces)
    put_own("days since she bought it", pairs.days_since)
    put_own("days between her orders of it", pairs.gap)
    put_own("looks", pairs.looks)
    for name, row in zip(product_facts.NAMES, facts, strict=True):
        put(name, row[product])
    orders, since, different = _describe_customers(history, pairs, now)
    put("her days with an order", orders[customer])
    put("days since her last order", since[customer])
    put("her different products", different[customer])
    put("score", scores[customer, product])
    mean, spread = scores.mean(axis=1), scores.std(axis=1)
    put(
        "score among hers",
        (made[_ROWS["score"]] - mean[customer]) / np.where(spread > 0, spread, 1)[customer],
    )
    has_bought = made[_ROWS["orders"]] > 0
    days = np.where(has_bought, made[_ROWS["days since she bought it"]], NEVER)
    own_gap = made[_ROWS["days between her orders of it"]]
    gap = np.where(own_gap > 0, own_gap, made[_ROWS["days between orders"]])
    put("days since she bought it", days)
    put("how due it is", days / np.maximum(gap, 1))
    put("share of her orders with it", made[_ROWS["orders"]] / np.maximum(orders[customer], 1))
    put("days since she bought it, before her last order", days - since[customer])
    return made


def _describe_customers(
    history: History, pairs: OwnPairs, now: int
) -> tuple[Floats, Floats, Floats]:
    """Return per customer: days with an order, days since the last one, different products."""
    customers, products = history.shape
    bought = history.is_bought & (history.weights > 0)
    who, at = history.customers[bought], history.at[bought]
    last = np.full(customers, now - NEVER * MS_PER_DAY)
    last[who] = at  # rows are in order of time, so the newest stays
    days = np.unique(who.astype(np.int64) << 32 | at // MS_PER_DAY)
    orders = np.bincount(days >> 32, minlength=customers)
    different = np.bincount(pairs.keys[pairs.orders > 0] // products, minlength=customers)
    return (
        orders.astype(np.float32),
        ((now - last) / MS_PER_DAY).astype(np.float32),
        different.astype(np.float32),
    )


def _find(
    keys: npt.NDArray[np.int64], wanted: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Return where each wanted key stands among ascending ones, and whether it does."""
    place = np.minimum(np.searchsorted(keys, wanted), max(len(keys) - 1, 0))
    return place, (keys[place] == wanted) if len(keys) else np.zeros(len(wanted), np.bool_)
