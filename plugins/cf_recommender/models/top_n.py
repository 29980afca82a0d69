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


def take_top(
    scores: npt.NDArray[Any], allowed: npt.NDArray[np.bool_] | None, n: int
) -> tuple[npt.NDArray[np.int32], Floats]:
    """Return the best n products of each row, best first.

    Args:
        scores: A block [rows x products].
        allowed: Which products may be taken: [rows x products], or [products] for all rows, or
            None when all may.
        n: How many.

    Returns:
        Indices of products and their scores, each [rows x n]. Of equal scores the lower index is
        first. A row with fewer than n is filled up with -1 and minus infinity. A score that is no
        number is never taken.
    """
    rows, width = scores.shape
    indices = np.full((rows, n), NOTHING, np.int32)
    values = np.full((rows, n), -np.inf, np.float32)
    step = max(1, _BLOCK // max(width, 1))
    for start in range(0, rows if width and n > 0 else 0, step):
        part = slice(start, start + step)
        block = scores[part].astype(np.float32)
        if allowed is not None:
            refused = ~(allowed if allowed.ndim == 1 else allowed[part])
            np.copyto(block, -np.inf, where=refused)
        np.copyto(block, -np.inf, where=np.isnan(block))
        indices[part], values[part] = _take(block, n)
    return indices, values


def _take(block: Floats, n: int) -> tuple[npt.NDArray[np.int32], Floats]:
    rows, width = block.shape
    indices = np.full((rows, n), NOTHING, np.int32)
    values = np.full((rows, n), -np.inf, np.float32)
    count = min(n, width)
    if count == width:
        chosen = np.broadcast_to(np.arange(width), block.shape)
    else:
        chosen = np.argpartition(block, width - count, axis=1)[:, width - count :]
    best = np.take_along_axis(block, chosen, axis=1)
    order = np.lexsort((chosen, -best), axis=1)
    chosen = np.take_along_axis(chosen, order, axis=1)
    best = np.take_along_axis(best, order, axis=1)
    if count < width:
        _break_ties(block, chosen, best)
    indices[:, :count] = np.where(np.isneginf(best), NOTHING, chosen)
    values[:, :count] = best
    return indices, values


def _break_ties(block: Floats, chosen: npt.NDArray[np.int64], best: Floats) -> None:
    """Of products that tie with the last one taken, take those with the lowest index."""
    last = best[:, -1]
    taken = (best == last[:, None]).sum(axis=1)
    rows = np.flatnonzero(np.isfinite(last) & ((block == last[:, None]).sum(axis=1) > taken))
    if not len(rows):
        return
    is_tied = block[rows] == last[rows, None]
    kept = is_tied & (np.cumsum(is_tied, axis=1) <= taken[rows, None])
    where = best[rows] == last[rows, None]
    replaced = chosen[rows]
    replaced[where] = np.nonzero(kept)[1]
    chosen[rows] = replaced
