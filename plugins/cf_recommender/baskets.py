"""What is bought together: products of one order."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import sparse

from .models.history import History

ONE_ORDER_MS = 60 * 60 * 1000
"""Purchases of one customer with less time between each other are one order."""

MOST_IN_BASKET = 100
"""Who buys more than so many products at once says nothing of any two of them."""

PARTNERS = 50
COMMON = 0.2
"""The power of how often a product is sold that is taken from how often it is sold with another:
at 0 what sells best goes with everything, at 1 what sold once goes with what it was sold with."""

RARE = 20.0
"""So many orders are added to those of each product, so that chance does not look like a bond."""


def find_partners(
    history: History,
) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.float32]]:
    """Return of each product those that are bought with it, strongest first.

    Args:
        history: What customers did; purchases count.

    Returns:
        Indices of products, -1 for none, and how strong the bond is, at most 1; both [products x
        50].
    """
    products = history.shape[1]
    partners = np.full((products, PARTNERS), -1, np.int32)
    strengths = np.zeros((products, PARTNERS), np.float32)
    bought = _list_baskets(history)
    size = np.asarray(bought.sum(axis=1)).ravel()
    sold = np.asarray(bought.sum(axis=0)).ravel()
    kept = bought[(size > 1) & (size <= MOST_IN_BASKET)]
    together = sparse.csr_array(kept.T @ kept)
    together.setdiag(0)
    together.eliminate_zeros()
    together.sort_indices()
    for product in range(products):
        there = slice(together.indptr[product], together.indptr[product + 1])
        others = together.indices[there]
        bond = together.data[there] / (sold[others] + RARE) ** COMMON
        order = np.argsort(-bond, kind="stable")[:PARTNERS]
        partners[product, : len(order)] = others[order]
        if len(order):
            strengths[product, : len(order)] = bond[order] / bond[order[0]]
    return partners, strengths


def _list_baskets(history: History) -> sparse.csr_array:
    """Return which products each order has: [orders x products], 1 for each."""
    rows = np.flatnonzero(history.is_bought & (history.weights > 0))
    rows = rows[np.lexsort((history.at[rows], history.customers[rows]))]
    customers, at = history.customers[rows], history.at[rows]
    is_next = np.ones(len(rows), bool)
    is_next[1:] = (customers[1:] != customers[:-1]) | (at[1:] - at[:-1] > ONE_ORDER_MS)
    order = np.cumsum(is_next) - 1
    ones = np.ones(len(rows), np.float32)
    shape = (int(order[-1]) + 1 if len(rows) else 0, history.shape[1])
    listed = sparse.coo_array((ones, (order, history.products[rows])), shape=shape).tocsr()
    listed.data[:] = 1
    return listed
