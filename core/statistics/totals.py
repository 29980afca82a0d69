"""Adds up what several experiments found, each of which drew its own people by lot."""

from __future__ import annotations

import math
from collections.abc import Sequence

from .intervals import LEVEL, Interval

METHOD = "sum over experiments"


def add_up(found: Sequence[Interval]) -> Interval:
    """Return the sum of independent estimates, its error being the root of the sum of squares.

    Campaigns reach the same people, but each holds out others, drawn by a hash of its own; that
    makes what they found independent, whatever the people have in common (Borenstein et al., 2009,
    part 3, on independent studies). An interval wider than it would need to be, such as one that
    is always valid, makes the sum wider too, and never narrower.

    Args:
        found: All of one level; an estimate without bounds makes the sum have none.

    Returns:
        The sum; 0 without bounds of nothing.
    """
    if not found:
        return Interval(estimate=0.0, low=-math.inf, high=math.inf, level=LEVEL, method=METHOD)
    estimate = math.fsum(one.estimate for one in found)
    below = math.sqrt(math.fsum((one.estimate - one.low) ** 2 for one in found))
    above = math.sqrt(math.fsum((one.high - one.estimate) ** 2 for one in found))
    return Interval(
        estimate=estimate,
        low=estimate - below,
        high=estimate + above,
        level=min(one.level for one in found),
        method=METHOD if len(found) > 1 else found[0].method,
    )
