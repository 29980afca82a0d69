"""Compares two arms wave by wave, and pools what comes out: never the people of several waves."""

from __future__ import annotations

from collections.abc import Sequence

from .intervals import LEVEL, Interval, find_normal_bound, make_unknown
from .tallies import Moments, Tally


def pool_rates(waves: Sequence[tuple[Tally, Tally]], *, level: float = LEVEL) -> Interval:
    """Return the difference of shares, wave by wave, pooled; see `find_score_bounds`.

    Where the base rate moves from wave to wave and the shares of the arms move too, as they do when
    shares follow what came back, an arm that got its people in good days looks good: pooled over
    people, an interval holds the truth next to never. Within a wave both arms had the same days.

    When the true difference is not the same in each wave, this is its mean by the weights of
    `weigh_waves`.

    Args:
        waves: Of each wave: treated, and control. A wave that lacks one of them counts nothing.
        level: How sure.

    Returns:
        The stratified interval of Miettinen and Nurminen (1985); bounds -1 and 1 when no wave has
        both.
    """
    return find_pooled_rates(waves, level, "stratified Miettinen-Nurminen")


def find_pooled_rates(waves: Sequence[tuple[Tally, Tally]], level: float, method: str) -> Interval:
    """Return the pooled difference of shares under a method's name."""
    import numpy as np

    from .score import find_score_bounds

    given = waves or [(Tally(people=0, successes=0), Tally(people=0, successes=0))]
    found = find_score_bounds(
        np.array([one.successes for one, _ in given], dtype=np.float64),
        np.array([one.people for one, _ in given], dtype=np.float64),
        np.array([other.successes for _, other in given], dtype=np.float64),
        np.array([other.people for _, other in given], dtype=np.float64),
        bound=find_normal_bound(level),
    )
    difference, low, high = (float(one) for one in found)
    return Interval(
        estimate=difference,
        low=min(low, difference),
        high=max(high, difference),
        level=level,
        method=method,
    )


def pool_means(waves: Sequence[tuple[Moments, Moments]], *, level: float = LEVEL) -> Interval:
    """Return the pooled difference of what people spend, less what the past explains.

    It is the score interval of `find_mean_bounds`, which keeps its level with few buyers too; the
    past is taken off as CUPED does (Deng, Xu, Kohavi and Walker, 2013), with one slope, found
    within arms and waves. Weights and the mean of differences are those of `pool_rates`.

    Args:
        waves: Of each wave: treated, and control. A wave that lacks one of them counts nothing.
            What was spent is never negative.
        level: How sure.

    Returns:
        The interval; with infinite bounds when nobody has spent anything, or no wave has both arms.
    """
    from .score_means import find_mean_bounds

    found = find_mean_bounds(waves, find_normal_bound(level))
    if found is None:
        return make_unknown(0.0, level, "stratified score")
    return Interval(
        estimate=found.difference,
        low=found.low,
        high=found.high,
        level=level,
        method="stratified score, CUPED" if found.is_adjusted else "stratified score",
    )
