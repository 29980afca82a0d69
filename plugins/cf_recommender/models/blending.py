"""Mixes scores with recent popularity by fixed weights."""

from __future__ import annotations

import numpy as np

from .history import Floats


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
