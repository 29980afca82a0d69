"""The products that `similar` and `together` start from: named ones, or a customer's own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ballyhoo import Context, DataError

from .baskets import ONE_ORDER_MS
from .batch import Batch
from .conditions import check_condition
from .learned import Learned
from .models.history import MS_PER_DAY, History
from .options import OF_HERS, CfOptions

CART_DAYS = 30
"""How long something stays in a cart."""

Pairs = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StartingPoints:
    """Which customer starts from which products; aligned columns, customer by customer.

    Attributes:
        customers: Indices into the batch, ascending.
        products: Places of products.
    """

    customers: Pairs
    products: Pairs


def find_starting_points(
    context: Context, options: CfOptions, learned: Learned, batch: Batch, now: int
) -> StartingPoints:
    """Return what each customer starts from: of what `to` names the first that she has.

    Args:
        context: What the plugin may touch.
        options: The recipe's block.
        learned: What training left.
        batch: The customers.
        now: UTC milliseconds.

    Raises:
        DataError: `to` names products, and none of them is in the shop.
    """
    if options.to and options.to[0] not in OF_HERS:
        places = _find_named(context, options.to, learned)
        return StartingPoints(
            customers=np.repeat(np.arange(len(batch)), len(places)),
            products=np.tile(places, len(batch)),
        )
    customers, products = np.zeros(0, np.int64), np.zeros(0, np.int64)
    for source in options.to or OF_HERS:
        rows = _FINDERS[source](batch.own, now)
        rows = rows[~np.isin(batch.own.customers[rows], customers)]
        customers = np.concatenate([customers, batch.own.customers[rows]])
        products = np.concatenate([products, batch.own.products[rows]])
    pairs = np.unique(np.stack([customers, products], axis=1), axis=0)
    return StartingPoints(customers=pairs[:, 0], products=pairs[:, 1])


def _find_named(context: Context, skus: list[str], learned: Learned) -> Pairs:
    named = check_condition({"field": "sku", "op": "in", "value": list(skus)})
    found = context.store.find_products(named)
    places = learned.find(found)
    if not len(places):
        raise DataError(
            "none of the products that recommend.to names is one that cf_recommender knows",
            hint="give the sku of a product of the shop; a newer one than the last training is "
            "known after 'ballyhoo train RECIPE'",
        )
    if len(places) < len(set(skus)):
        missing = len(set(skus)) - len(places)
        context.log.warning("products that recommend.to names and nobody knows: %d", missing)
    return places


def _find_cart(own: History, now: int) -> Pairs:
    """Return the rows of what lies in carts: put there lately, and not bought since."""
    product_count = max(own.shape[1], 1)
    key = own.customers.astype(np.int64) * product_count + own.products
    in_cart = _is_kind(own, "cart") & (own.at >= now - CART_DAYS * MS_PER_DAY)
    bought_key, bought_at = key[own.is_bought], own.at[own.is_bought]
    last_bought = dict(
        zip(bought_key.tolist(), bought_at.tolist(), strict=True)
    )  # in order of time
    rows = np.flatnonzero(in_cart)
    kept = [last_bought.get(int(key[row]), -1) < own.at[row] for row in rows]
    found: Pairs = rows[np.array(kept, bool)]
    return found


def _find_last_purchase(own: History, now: int) -> Pairs:
    return _find_last(own, own.is_bought, ONE_ORDER_MS)


def _find_last_view(own: History, now: int) -> Pairs:
    rows = np.flatnonzero(_is_kind(own, "view"))
    last = {int(own.customers[row]): int(row) for row in rows}
    return np.array(sorted(last.values()), np.int64)


def _find_last(own: History, which: npt.NDArray[np.bool_], within_ms: int) -> Pairs:
    newest = np.full(own.shape[0], np.iinfo(np.int64).min // 2)
    np.maximum.at(newest, own.customers[which], own.at[which])
    return np.flatnonzero(which & (own.at >= newest[own.customers] - within_ms))


def _is_kind(own: History, kind: str) -> npt.NDArray[np.bool_]:
    if kind not in own.types:
        return np.zeros(len(own), bool)
    return np.asarray(own.kinds == own.types.index(kind))


_FINDERS = {
    "cart": _find_cart,
    "last_purchase": _find_last_purchase,
    "last_view": _find_last_view,
}
