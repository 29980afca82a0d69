"""Chooses products by their scores: not too many of a category, not too much alike."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from .learned import Learned
from .models.top_n import NOTHING, take_top

Chosen = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float32]
Allowed = npt.NDArray[np.bool_]

POOL = 100
"""Of so many best products those are chosen that differ."""


def choose_products(
    scores: Floats,
    allowed: Allowed,
    places: int,
    *,
    learned: Learned,
    before: Chosen | None = None,
    most: int | None = None,
    diversity: float = 0.0,
) -> Chosen:
    """Return products for each customer, first the best.

    Products that are alike lose what their likeness to those chosen before says (maximal marginal
    relevance, Carbonell and Goldstein 1998).

    Args:
        scores: [customers x products].
        allowed: Which may be taken: [customers x products].
        places: How many in all, those chosen before among them.
        learned: What is known of the products.
        before: What was chosen before, [customers x any]; -1 stands for nothing.
        most: How many of one category at most; None: any number.
        diversity: 0: the scores alone; 1: likeness alone.

    Returns:
        [customers x places], what was chosen before first; -1 where there is nothing more.
    """
    chosen = np.full((len(scores), places), NOTHING, np.int32)
    if before is not None:
        chosen[:, : before.shape[1]] = _push_left(before)
    free = allowed.copy()
    rows, columns = np.nonzero(chosen >= 0)
    free[rows, chosen[rows, columns]] = False
    if most is None and not diversity:
        taken, _ = take_top(scores, free, places)
        return _append(chosen, taken)
    size = POOL
    while True:
        pool, values = take_top(scores, free, min(size, scores.shape[1]))
        picked = _pick(chosen, pool, values, learned, most, diversity)
        # A pool of one category only may leave places that others could fill.
        is_short = (picked < 0).any(axis=1) & (pool >= 0).all(axis=1)
        if size >= scores.shape[1] or not is_short.any():
            return picked
        size *= 10


def _pick(
    chosen: Chosen,
    pool: Chosen,
    values: Floats,
    learned: Learned,
    most: int | None,
    diversity: float,
) -> Chosen:
    chosen = chosen.copy()
    everyone = np.arange(len(pool))
    category = np.where(pool >= 0, learned.categories[pool], -1)
    merit = _scale(values, pool >= 0)
    alike = np.zeros(pool.shape, np.float32)
    same = np.zeros(pool.shape, np.int32)
    open_ = pool >= 0
    vectors = learned.vectors[pool] if diversity else None

    def note(taken: npt.NDArray[np.int32]) -> None:
        is_one = taken >= 0
        own = np.where(is_one, learned.categories[taken], -1)[:, None]
        same[:] += (category == own) & (own >= 0)
        if vectors is not None:
            near = np.einsum("nkd,nd->nk", vectors, learned.vectors[taken])
            np.maximum(alike, np.where(is_one[:, None], near, 0), out=alike)

    for place in range(chosen.shape[1]):
        note(chosen[:, place])
    for place in range(chosen.shape[1]):
        wanted = chosen[:, place] < 0
        may = open_ if most is None else open_ & (same < most)
        worth = np.where(may, (1 - diversity) * merit - diversity * alike, -np.inf)
        best = worth.argmax(axis=1)
        takes = wanted & may[everyone, best]
        taken = np.where(takes, pool[everyone, best], NOTHING).astype(np.int32)
        open_[everyone[takes], best[takes]] = False
        chosen[takes, place] = taken[takes]
        note(taken)
    return chosen


def _scale(values: Floats, is_one: Allowed) -> Floats:
    """Return scores of each row brought to 0 to 1."""
    high = values.max(axis=1, keepdims=True, where=is_one, initial=-np.inf)
    low = values.min(axis=1, keepdims=True, where=is_one, initial=np.inf)
    spread = np.where(np.isfinite(high - low) & (high > low), high - low, 1)
    return np.asarray(np.where(is_one, (values - low) / spread, 0), np.float32)


def _push_left(chosen: Chosen) -> Chosen:
    """Return rows with what is nothing at their end."""
    order = np.argsort(chosen < 0, axis=1, kind="stable")
    return np.take_along_axis(chosen, order, axis=1)


def _append(chosen: Chosen, taken: Chosen) -> Chosen:
    both = _push_left(np.hstack([chosen, taken]))
    return both[:, : chosen.shape[1]]
