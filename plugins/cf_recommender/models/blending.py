"""Mixes scores with recent popularity by fixed weights."""

from __future__ import annotations

import numpy as np

from .history import Floats
from .own_pairs import OwnPairs


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


def put_own_first(pairs: OwnPairs, scores: Floats, popularity: Floats) -> Floats:
    """Return scores where what she bought comes first, by days on which she did, then popularity.

    Args:
        pairs: What is hers.
        scores: The order of all else, [customers x products].
        popularity: [products].
    """
    is_hers = pairs.orders > 0
    keys = pairs.keys[is_hers]
    customer, product = keys // scores.shape[1], keys % scores.shape[1]
    ordered = scores.copy()
    share = popularity[product] / (popularity.max(initial=0) + 1)
    most = scores.max(axis=1, initial=-np.inf)[customer]
    ordered[customer, product] = most + pairs.orders[is_hers] + share
    return ordered
