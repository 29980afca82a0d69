"""Compares two arms wave by wave, and pools what comes out: never the people of several waves."""

from __future__ import annotations

from collections.abc import Sequence

from .intervals import LEVEL, Interval, find_normal_bound
from .means import VariancePart, adjust, find_slope, make_mean_interval
from .tallies import Moments, Tally, weigh_waves


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
    """Return the difference of means, wave by wave, less what the past explains, pooled.

    Each wave's difference is adjusted with one slope for all (Deng et al., 2013; the slope is taken
    within arms and waves), weighed as in `pool_rates`, and its variance is the weighted sum of
    Welch's, with the degrees of freedom of Satterthwaite (1946). An arm of a wave with one person,
    or in which all have the same value, takes its arm's variance over all waves; an arm that has
    none at all takes the other's.

    Args:
        waves: Of each wave: treated, and control. A wave that lacks one of them counts nothing.
        level: How sure.

    Returns:
        The interval; with infinite bounds when nobody has a value of her own, or no arm two people.
    """
    both = [(one, other) for one, other in waves if one.people and other.people]
    weights = weigh_waves([(one.people, other.people) for one, other in both])
    whole = sum(weights)
    slope = find_slope([arm for wave in both for arm in wave])
    adjusted = [[adjust(arm, slope) for arm in wave] for wave in both]
    difference = sum(
        weight / whole * (one.mean - other.mean)
        for weight, (one, other) in zip(weights, adjusted, strict=True)
    )
    parts: list[VariancePart] = []
    spreads = [_find_spread([wave[arm] for wave in both], slope) for arm in (0, 1)]
    for weight, wave, seen in zip(weights, both, adjusted, strict=True):
        for arm in (0, 1):
            people = wave[arm].people
            own = seen[arm].variance if people > 1 else 0.0
            variance, freedom = own, people - 1
            if not own:
                variance, freedom = spreads[arm] if spreads[arm][0] else spreads[1 - arm]
            if not variance:
                return make_mean_interval(difference, None, level, _name(slope))
            parts.append(
                VariancePart(variance=(weight / whole) ** 2 * variance / people, freedom=freedom)
            )
    return make_mean_interval(difference, parts, level, _name(slope))


def _find_spread(waves: Sequence[Moments], slope: float) -> tuple[float, int]:
    """Return the variance within waves of an arm, and its degrees of freedom."""
    freedom = sum(one.people - 1 for one in waves)
    if not freedom:
        return 0.0, 0
    squares = sum((one.people - 1) * adjust(one, slope).variance for one in waves)
    return squares / freedom, freedom


def _name(slope: float) -> str:
    return "stratified CUPED" if slope else "stratified Welch"
