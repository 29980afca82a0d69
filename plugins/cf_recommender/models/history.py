"""What customers did, as aligned columns over inner indices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.integer[Any]]
Floats = npt.NDArray[np.float32]

MS_PER_DAY = 86_400_000
BOUGHT = "purchase"
"""The kind of event that says that a product became hers."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class History:
    """Events, one a row, in order of time.

    Attributes:
        customers: Whose event it is: an index into `customer_ids`, int32.
        products: Of which product: an index into `product_ids`, int32.
        at: When, UTC milliseconds, int64, ascending.
        weights: What an event of its kind is worth; negative for one that takes back; float32.
        quantities: How many pieces, int32.
        kinds: An index into `types`, uint8.
        types: The names of the kinds of events.
        customer_ids: Our ids, ascending, int64; customers without any event may be among them.
        product_ids: Our ids, ascending, int64.
    """

    customers: npt.NDArray[np.int32]
    products: npt.NDArray[np.int32]
    at: npt.NDArray[np.int64]
    weights: Floats
    quantities: npt.NDArray[np.int32]
    kinds: npt.NDArray[np.uint8]
    types: tuple[str, ...]
    customer_ids: npt.NDArray[np.int64]
    product_ids: npt.NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.at)

    @property
    def shape(self) -> tuple[int, int]:
        """How many customers, how many products."""
        return len(self.customer_ids), len(self.product_ids)

    @property
    def is_bought(self) -> npt.NDArray[np.bool_]:
        """Which rows are purchases; every row when there are no kinds of that name."""
        if BOUGHT not in self.types:
            return np.ones(len(self), dtype=bool)
        return np.asarray(self.kinds == self.types.index(BOUGHT))

    def until(self, moment: int) -> History:
        """Return what was before a moment, over the same customers and products.

        Args:
            moment: UTC milliseconds; rows of that very moment are left out.
        """
        return self.take(slice(0, int(np.searchsorted(self.at, moment, side="left"))))

    def of_customers(self, customers: npt.NDArray[Any]) -> History:
        """Return the rows of some customers, who are then all that it knows.

        Args:
            customers: Indices of `customer_ids`, ascending.
        """
        place = np.full(len(self.customer_ids), -1, np.int32)
        place[customers] = np.arange(len(customers))
        kept = self.take(np.flatnonzero(place[self.customers] >= 0))
        return replace(
            kept, customers=place[kept.customers], customer_ids=self.customer_ids[customers]
        )

    def take(self, rows: slice | npt.NDArray[Any]) -> History:
        """Return some rows, in order, over the same customers and products."""
        return History(
            customers=self.customers[rows],
            products=self.products[rows],
            at=self.at[rows],
            weights=self.weights[rows],
            quantities=self.quantities[rows],
            kinds=self.kinds[rows],
            types=self.types,
            customer_ids=self.customer_ids,
            product_ids=self.product_ids,
        )


def make_history(
    customer_ids: Ints,
    product_ids: Ints,
    at: Ints,
    *,
    kinds: Ints | None = None,
    types: tuple[str, ...] = (BOUGHT,),
    weights: Mapping[str, float] | npt.NDArray[Any] | None = None,
    quantities: Ints | None = None,
    customers: Ints | None = None,
    products: Ints | None = None,
) -> History:
    """Return a history of aligned columns.

    Args:
        customer_ids: Our id of each row's customer.
        product_ids: Our id of each row's product.
        at: When, UTC milliseconds, in any order.
        kinds: Each row's index into `types`; None when all are of the first.
        types: The names of the kinds.
        weights: What a kind is worth, by name (what is not named is left out), or a weight for
            each row; None: each row counts as 1.
        quantities: How many pieces; None: one each.
        customers: The customers of the answer, whatever they did; None: those of the rows.
        products: The products of the answer, such as a model's; None: those of the rows.
            Rows of other customers and products are left out.
    """
    size = len(at)
    kind = np.zeros(size, np.uint8) if kinds is None else np.asarray(kinds, np.uint8)
    pieces = np.ones(size, np.int32) if quantities is None else np.asarray(quantities, np.int32)
    if weights is None:
        weight = np.ones(size, np.float32)
    elif isinstance(weights, Mapping):
        weight = np.array([weights.get(name, 0.0) for name in types], np.float32)[kind]
    else:
        weight = np.asarray(weights, np.float32)
    known_customers, customer = _index(customer_ids, customers)
    known_products, product = _index(product_ids, products)
    kept = (customer >= 0) & (product >= 0) & (weight != 0)
    moments = np.asarray(at, np.int64)
    if not kept.all():
        customer, product, weight = customer[kept], product[kept], weight[kept]
        kind, pieces, moments = kind[kept], pieces[kept], moments[kept]
    if len(moments) and (np.diff(moments) < 0).any():
        order = np.argsort(moments, kind="stable")
        customer, product, weight = customer[order], product[order], weight[order]
        kind, pieces, moments = kind[order], pieces[order], moments[order]
    return History(
        customers=customer,
        products=product,
        at=moments,
        weights=weight,
        quantities=pieces,
        kinds=kind,
        types=types,
        customer_ids=known_customers,
        product_ids=known_products,
    )


def _index(ids: Ints, known: Ints | None) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]:
    """Return the ids, ascending, and each row's place among them, -1 for those that are not."""
    rows = np.asarray(ids, np.int64)
    if known is None:
        found, inverse = np.unique(rows, return_inverse=True)
        return found, inverse.astype(np.int32)
    found = np.unique(np.asarray(known, np.int64))
    if not len(found):
        return found, np.full(len(rows), -1, np.int32)
    place = np.searchsorted(found, rows)
    place[place == len(found)] = 0
    return found, np.where(found[place] == rows, place, -1).astype(np.int32)
