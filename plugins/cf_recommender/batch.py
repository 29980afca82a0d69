"""The customers of a batch, with what each of them did up to now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ballyhoo import Context, Customer

from .learned import Learned
from .learning import list_types
from .models.history import History, make_history
from .options import OF_HERS, CfOptions

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
        is_known: Whether something is known of her that says which products are hers.
        has_bought: Whether she ever bought anything.
    """

    ids: npt.NDArray[np.int64]
    countries: npt.NDArray[np.int64]
    own: History
    rows: History | None
    is_known: npt.NDArray[np.bool_]
    has_bought: npt.NDArray[np.bool_]

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
        types = sorted({*types, "cart", "view"} if _starts_from_hers(options) else types)
    told = context.store.interactions(
        types=types, until=context.clock.now(), customers=ids.tolist()
    )
    own = make_history(
        told.customer_ids, told.product_ids, told.at,
        kinds=told.kinds, types=told.types, quantities=told.quantities,
        customers=ids, products=learned.product_ids,
    )  # fmt: skip
    rows = None if learned.model is None else _translate(own, options, learned)
    is_known = np.zeros(len(ids), bool)
    if rows is not None:
        is_known[rows.customers[rows.weights > 0]] = True
    has_bought = np.zeros(len(ids), bool)
    has_bought[own.customers[own.is_bought]] = True
    return Batch(
        ids=ids,
        countries=_find_countries(learned, customers, ids),
        own=own,
        rows=rows,
        is_known=is_known,
        has_bought=has_bought,
    )


def _starts_from_hers(options: CfOptions) -> bool:
    return not options.to or options.to[0] in OF_HERS


def _find_countries(
    learned: Learned, customers: Sequence[Customer], ids: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    row_of = {name: row for row, name in enumerate(learned.countries, start=1)}
    country_of = {one.id: row_of.get(one.country or "", 0) for one in customers}
    return np.array([country_of[int(id)] for id in ids], np.int64)


def _translate(own: History, options: CfOptions, learned: Learned) -> History:
    """Return what customers did over the model's products."""
    model_of = np.full(len(learned.product_ids), -1, np.int64)
    model_of[learned.warm] = np.arange(len(learned.warm))
    worth = np.array([options.weights.get(kind, 0.0) for kind in own.types], np.float32)
    weights = worth[own.kinds]
    is_warm = model_of[own.products] >= 0
    parts = [(np.flatnonzero(is_warm), model_of[own.products[is_warm]], weights[is_warm])]
    cold_of = np.full(len(learned.product_ids), -1, np.int64)
    cold_of[learned.cold] = np.arange(len(learned.cold))
    unknown = np.flatnonzero(~is_warm)
    for rank in range(min(MOST_STAND_INS, learned.neighbours.shape[1])):
        cold = cold_of[own.products[unknown]]
        parts.append(
            (
                unknown,
                learned.neighbours[cold, rank],
                weights[unknown] * learned.nearness[cold, rank],
            )
        )
    row, product, weight = (np.concatenate(column) for column in zip(*parts, strict=True))
    assert learned.model is not None
    return make_history(
        own.customer_ids[own.customers[row]],
        learned.model.product_ids[product],
        own.at[row],
        kinds=own.kinds[row],
        types=own.types,
        weights=weight,
        quantities=own.quantities[row],
        customers=own.customer_ids,
        products=learned.model.product_ids,
    )
