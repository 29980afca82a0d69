"""Compares the shares of people who did something: one share, or the difference of two arms."""

from __future__ import annotations

from math import sqrt

from .intervals import LEVEL, Interval, find_normal_bound
from .tallies import Tally


def find_rate(tally: Tally, *, level: float = LEVEL) -> Interval:
    """Return a share with its score interval (Wilson, 1927; Brown, Cai and DasGupta, 2001).

    Args:
        tally: The people; without any, the bounds are 0 and 1.
        level: How sure.
    """
    if not tally.people:
        return Interval(estimate=0.0, low=0.0, high=1.0, level=level, method="Wilson")
    bound, count, rate = find_normal_bound(level), tally.people, tally.rate
    scale = 1 + bound**2 / count
    middle = (rate + bound**2 / (2 * count)) / scale
    half = bound * sqrt(rate * (1 - rate) / count + bound**2 / (4 * count**2)) / scale
    return Interval(
        estimate=rate,
        low=0.0 if not tally.successes else max(0.0, middle - half),
        high=1.0 if tally.successes == count else min(1.0, middle + half),
        level=level,
        method="Wilson",
    )


def compare_rates(treated: Tally, control: Tally, *, level: float = LEVEL) -> Interval:
    """Return by how much the share of one arm is above that of another, with its score interval.

    Miettinen and Nurminen (1985), recommended by Newcombe (1998) and Agresti (2013): it keeps its
    level where the difference of two normal approximations does not, with few or no successes in an
    arm, or with one arm much smaller, as a holdout is. It is for one look, when all is in; see
    `find_always_valid` for before. Arms of which each wave had other shares: `pool_rates`.

    Args:
        treated: One arm.
        control: The other one; when either is empty, the estimate is 0 and the bounds are -1 and 1.
        level: How sure.
    """
    from .pooling import find_pooled_rates

    return find_pooled_rates([(treated, control)], level, "Miettinen-Nurminen")
