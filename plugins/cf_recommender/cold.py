"""Scores products that nobody cared for yet, by what the model thinks of those they are like."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from .batch import Batch
from .learned import Learned
from .models.model import Model
from .models.profiles import make_profiles
from .models.top_n import take_top

Floats = npt.NDArray[np.float32]

KNOTS = 100
"""So many best products of a customer tell what a score is worth in her list."""


def score_cold(learned: Learned, model: Model, batch: Batch, warm: Floats, now: int) -> Floats:
    """Return scores of the products that the model does not know: [customers x cold].

    How much she would like one is what the model's weights say of its neighbours, those that she
    has among them. It takes the place in her list of a product that is liked as much and that
    nobody bought lately.

    Args:
        learned: What training left.
        model: Its model.
        batch: The customers.
        warm: What the model answered for `discover`, [customers x its products].
        now: UTC milliseconds.
    """
    assert batch.rows is not None
    profiles = make_profiles(batch.rows.until(now), now, model.half_life_days)
    liked = model.weights.score(profiles, batch.ids)
    cold = np.zeros((len(liked), len(learned.cold)), np.float32)
    for rank in range(learned.neighbours.shape[1]):
        cold += liked[:, learned.neighbours[:, rank]] * learned.nearness[:, rank]
    mean, spread = liked.mean(axis=1, keepdims=True), _spread(liked)
    popular = (model.popularity - model.popularity.mean()) / _spread(model.popularity[None, :])
    lack = -model.popularity.mean() / _spread(model.popularity[None, :])
    blended = (liked - mean) / spread + model.popularity_weight * popular
    cold = (cold - mean) / spread + model.popularity_weight * lack
    new_to_her = np.ones(warm.shape, bool)
    new_to_her[batch.rows.customers, batch.rows.products] = False
    _, knots = take_top(blended, new_to_her, KNOTS)
    _, places = take_top(warm, new_to_her, KNOTS)
    return _translate(cold.astype(np.float32), knots, places)


def _translate(cold: Floats, knots: Floats, places: Floats) -> Floats:
    """Return scores of one scale on another, by the best scores on both.

    Args:
        cold: [customers x any], on the first scale.
        knots: The best on that scale, falling; minus infinity where there are no more.
        places: The best on the other.
    """
    made = np.zeros_like(cold)
    for row in range(len(cold)):
        known = np.isfinite(knots[row]) & np.isfinite(places[row])
        if not known.any():
            continue
        x, y = knots[row][known][::-1], places[row][known][::-1]
        made[row] = np.interp(cold[row], x, y)
        # Beyond the ends it goes on, so that the order stays.
        made[row] += np.minimum(cold[row] - x[0], 0) + np.maximum(cold[row] - x[-1], 0)
    return made


def _spread(scores: Floats) -> npt.NDArray[np.floating[Any]]:
    spread = scores.std(axis=1, keepdims=True)
    return np.where(spread > 0, spread, 1)
