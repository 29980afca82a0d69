"""The customers of a batch, with what each of them did up to now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ballyhoo import Context, Customer

from .learned import Learned
from .models.history import History, make_history
from .options import CfOptions
from .reading import STARS, Deeds, list_types, read_deeds

MOST_STAND_INS = 5
"""So many products that are like it stand for one that the model does not know."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Batch:
    """Customers, each once.

    Attributes:
        ids: Our ids, ascending; the other columns are aligned.
        countries: The rows of `Learned.demand` that are about each one's country.
        own: What they did; its products are places of `Learned`.
        rows: The same as the model reads it: over its products, weighed, older versions of a
            product that it does not know replaced by some that are like it.
        is_hers: Which rows of `own` say that a product is hers: purchases and reviews.
        is_known: Whether something is known of her that says which products are hers.
    """

    ids: npt.NDArray[np.int64]
    countries: npt.NDArray[np.int64]
    own: History
    rows: History | None
    is_hers: npt.NDArray[np.bool_]
    is_known: npt.NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.ids)

    def weigh_categories(self, learned: Learned) -> npt.NDArray[np.float32]:
        """Return the share of each category in what each did: [customers x categories]."""
        counts = np.zeros((len(self), len(learned.category_names)), np.float32)
        category = learned.categories[self.own.products]
        has_one = category >= 0
        np.add.at(counts, (self.own.customers[has_one], category[has_one]), 1)
        total = counts.sum(axis=1, keepdims=True)
        return np.asarray(counts / np.where(total > 0, total, 1), np.float32)


def read_batch(
    context: Context, options: CfOptions, learned: Learned, customers: Sequence[Customer]
) -> Batch:
    """Return the customers of a batch as they are now.

    Args:
        context: What the plugin may touch.
        options: The recipe's block.
        learned: What training left.
        customers: In any order; who is there twice counts once.
    """
    ids = np.unique(np.array([one.id for one in customers], np.int64))
    types = list_types(options)
    if options.task in ("similar", "together"):
        types = sorted({*types, "cart", "view"})
    own = _place(read_deeds(context, options, types=types, customers=ids.tolist()), ids, learned)
    rows = None if learned.model is None else _translate(own, learned)
    is_known = np.zeros(len(ids), bool)
    if rows is not None:
        is_known[rows.customers[rows.weights > 0]] = True
    is_hers = own.is_bought
    if STARS in own.types:
        is_hers = is_hers | (own.kinds == own.types.index(STARS))
    return Batch(
        ids=ids,
        countries=_find_countries(learned, customers, ids),
        own=own,
        rows=rows,
        is_hers=is_hers,
        is_known=is_known,
    )


def _place(deeds: Deeds, ids: npt.NDArray[np.int64], learned: Learned) -> History:
    """Return deeds over the customers of a batch and the places of products, each of them."""
    deeds = deeds.take(np.isin(deeds.product_ids, learned.product_ids))
    return History(
        customers=np.searchsorted(ids, deeds.customer_ids).astype(np.int32),
        products=np.searchsorted(learned.product_ids, deeds.product_ids).astype(np.int32),
        at=deeds.at,
        weights=deeds.weights,
        quantities=deeds.quantities,
        kinds=deeds.kinds,
        types=deeds.types,
        customer_ids=ids,
        product_ids=np.asarray(learned.product_ids),
    )


def _find_countries(
    learned: Learned, customers: Sequence[Customer], ids: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    row_of = {name: row for row, name in enumerate(learned.countries, start=1)}
    country_of = {one.id: row_of.get(one.country or "", 0) for one in customers}
    return np.array([country_of[int(id)] for id in ids], np.int64)


def _translate(own: History, learned: Learned) -> History:
    """Return what customers did over the model's products, without what they took back."""
    model_of = _number(learned.warm, len(learned.product_ids))
    cold_of = _number(learned.cold, len(learned.product_ids))
    kept = np.flatnonzero(_is_kept(own))
    is_warm = model_of[own.products[kept]] >= 0
    warm, unknown = kept[is_warm], kept[~is_warm]
    parts = [(warm, model_of[own.products[warm]], own.weights[warm])]
    for rank in range(min(MOST_STAND_INS, learned.neighbours.shape[1])):
        cold = cold_of[own.products[unknown]]
        worth = own.weights[unknown] * learned.nearness[cold, rank]
        parts.append((unknown, learned.neighbours[cold, rank].astype(np.int64), worth))
    row, product, weights = (np.concatenate(column) for column in zip(*parts, strict=True))
    assert learned.model is not None
    return make_history(
        own.customer_ids[own.customers[row]],
        learned.model.product_ids[product],
        own.at[row],
        kinds=own.kinds[row],
        types=own.types,
        weights=weights,
        quantities=own.quantities[row],
        customers=own.customer_ids,
        products=learned.model.product_ids,
    )


def _number(places: npt.NDArray[np.int64], count: int) -> npt.NDArray[np.int64]:
    numbers = np.full(count, -1, np.int64)
    numbers[places] = np.arange(len(places))
    return numbers


def _is_kept(own: History) -> npt.NDArray[np.bool_]:
    """Return which rows are of a product that, all in all, she did not turn down."""
    if not len(own):
        return np.zeros(0, bool)
    key = own.customers.astype(np.int64) * own.shape[1] + own.products
    _, pair = np.unique(key, return_inverse=True)
    return np.asarray(np.bincount(pair, weights=own.weights)[pair] > 0)
