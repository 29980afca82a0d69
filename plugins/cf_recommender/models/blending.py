"""Mixes scores with recent popularity by fixed weights."""

from __future__ import annotations

import numpy as np

from .history import Floats
from .own_pairs import HALF_LIVES, OwnPairs

_FADED = HALF_LIVES.index(90.0)


def standardise(scores: Floats) -> Floats:
    """Return scores with mean 0 and standard deviation 1 in each row; 0 where all are equal."""
    spread = scores.std(axis=1, keepdims=True)
    centred = scores - scores.mean(axis=1, keepdims=True)
    standard: Floats = np.asarray(centred / np.where(spread > 0, spread, 1), np.float32)
    return standard


def blend(scores: Floats, popularity: Floats, weight: float) -> Floats:
    """Return standardised scores plus the weighted, standardised popularity.

    Args:
        scores: [customers x products].
        popularity: [products].
        weight: How much popularity counts.
    """
    blended = standardise(scores)
    if weight:
        blended += np.float32(weight) * standardise(popularity[None, :])
    return blended


def put_own_first(pairs: OwnPairs, scores: Floats) -> Floats:
    """Return scores where what she bought comes first, by how often and how lately.

    Args:
        pairs: What is hers.
        scores: The order of all else, [customers x products].
    """
    is_hers = pairs.orders > 0
    keys = pairs.keys[is_hers]
    customer, product = keys // scores.shape[1], keys % scores.shape[1]
    ordered = scores.copy()
    worth = pairs.orders[is_hers] + pairs.faded[_FADED, is_hers]
    ordered[customer, product] = scores.max(axis=1, initial=0)[customer] + worth
    return ordered
