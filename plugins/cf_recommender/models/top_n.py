"""The best products of a block of scores."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from .history import Floats

NOTHING = -1
"""Stands where no product is left."""

_BLOCK = 1 << 21
"""How many scores are sorted out at once: 8 MiB of float32."""

_GROUP = 32
"""Of groups of so many products the best one is looked at first."""

_MANY = 8
"""A row with so many times more left than are wanted is full of equal scores."""

Indices = npt.NDArray[np.int32]


def take_top(
    scores: npt.NDArray[Any], allowed: npt.NDArray[np.bool_] | None, n: int
) -> tuple[Indices, Floats]:
    """Return the best n products of each row, best first.

    Args:
        scores: A block [rows x products].
        allowed: Which products may be taken: [rows x products], or [products] for all rows, or
            None when all may.
        n: How many.

    Returns:
        Indices of products and their scores, each [rows x n]. Of equal scores the lower index is
        first. A row with fewer than n is filled up with -1 and minus infinity. A score that is
        minus infinity or no number is never taken.
    """
    rows, width = scores.shape
    indices = np.full((rows, n), NOTHING, np.int32)
    values = np.full((rows, n), -np.inf, np.float32)
    if not width or n <= 0:
        return indices, values
    groups = -(-width // _GROUP)
    step = max(1, _BLOCK // (groups * _GROUP))
    padded = np.empty((min(step, rows), groups * _GROUP), np.float32)
    for start in range(0, rows, step):
        part = slice(start, min(start + step, rows))
        block = padded[: part.stop - start]
        block[:, width:] = -np.inf
        block[:, :width] = scores[part]
        if allowed is not None:
            refused = ~(allowed if allowed.ndim == 1 else allowed[part])
            np.copyto(block[:, :width], -np.inf, where=refused)
        _take(block, n, indices[part], values[part])
    return indices, values


def _take(block: Floats, n: int, indices: Indices, values: Floats) -> None:
    """Fill in the best n of each row of a block, whose width is a multiple of the group's.

    The n-th best of the groups' best is at most the n-th best of all, so what is below it is out
    of the question; what is left is little, and is sorted.
    """
    best = np.fmax.reduce(block.reshape(len(block), _GROUP, -1), axis=1)
    if best.shape[1] > n:
        least = np.partition(best, best.shape[1] - n, axis=1)[:, best.shape[1] - n, None]
    else:
        least = np.full((len(block), 1), -np.inf, np.float32)
    is_left = (block >= least) & (block > -np.inf)
    left = np.count_nonzero(is_left, axis=1)
    for row in np.flatnonzero(left > max(_MANY * n, _GROUP)):
        _drop_ties(block[row], is_left[row], n)
    place = np.flatnonzero(is_left)  # ascending, so of equal scores the lower index stays first
    row, column = place // block.shape[1], place % block.shape[1]
    score = block.ravel()[place]
    order = np.lexsort((-score, row))
    row, column, score = row[order], column[order], score[order]
    rank = np.arange(len(row)) - np.searchsorted(row, np.arange(len(block)))[row]
    taken = rank < n
    indices[row[taken], rank[taken]] = column[taken]
    values[row[taken], rank[taken]] = score[taken]


def _drop_ties(scores: Floats, is_left: npt.NDArray[np.bool_], n: int) -> None:
    """Leave the best n of one row, and of those that tie with the last the lowest indices."""
    kept = np.flatnonzero(is_left)
    values = scores[kept]
    last = np.partition(values, len(values) - n)[len(values) - n]
    above = values > last
    ties = np.flatnonzero(values == last)[: n - np.count_nonzero(above)]
    is_left[:] = False
    is_left[kept[above]] = True
    is_left[kept[ties]] = True
