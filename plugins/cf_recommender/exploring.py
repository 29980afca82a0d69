"""Draws products that are new in the shop, so that somebody gets to see them."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import numpy.typing as npt

from ballyhoo import Context

from .batch import Batch
from .conditions import check_condition
from .filters import Allowed, find_fitting
from .learned import Learned
from .models.top_n import NOTHING, take_top
from .options import CfOptions
from .reading import to_milliseconds
from .scoring import Scores

BEST = 20
"""It is drawn among so many new products that fit a customer best."""


def find_new(context: Context, options: CfOptions, learned: Learned) -> Allowed:
    """Return which products came into the catalogue lately, and were sold by nobody before.

    A shop's first import adds all of its products on one day.
    """
    days = options.new_within // timedelta(days=1)
    condition = check_condition({"field": "days_since_added", "op": "<=", "value": days})
    since = to_milliseconds(context) - options.new_within // timedelta(milliseconds=1)
    return find_fitting(context, condition, learned) & (learned.seen_at >= since)


def draw_new(
    context: Context,
    options: CfOptions,
    batch: Batch,
    scores: Scores,
    allowed: Allowed,
    most: int,
) -> npt.NDArray[np.int32]:
    """Return new products for each customer: [customers x most], -1 for none.

    How many is drawn so that it is the share asked for on average; which, among those that fit
    her best. The run's seed and her id decide, so that the same run draws the same.

    Args:
        context: What the plugin may touch.
        options: The recipe's block.
        batch: The customers.
        scores: Their scores.
        allowed: Which new products may be taken: [customers x products].
        most: How many places there are.
    """
    drawn = np.full((len(batch), max(most, 0)), NOTHING, np.int32)
    values = np.where(scores.fits, scores.values, scores.fillers - 1e6)
    best, _ = take_top(values, allowed, min(BEST, allowed.shape[1]))
    for row, customer_id in enumerate(batch.ids.tolist()):
        random = context.derive_random("explore", customer_id)
        count = min(int(options.explore * options.top + random.random()), drawn.shape[1])
        there = [place for place in best[row].tolist() if place >= 0]
        taken = random.sample(there, min(count, len(there)))
        drawn[row, : len(taken)] = taken
    return drawn
