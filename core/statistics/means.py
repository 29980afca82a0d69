"""Compares what people of two arms spent on average, also less what their past had told before."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from .intervals import LEVEL, Interval, find_normal_bound, make_unknown
from .tallies import Moments


def compare_means(treated: Moments, control: Moments, *, level: float = LEVEL) -> Interval:
    """Return by how much one arm's mean is above another's, with its interval (Welch, 1947).

    The degrees of freedom are those of Welch and Satterthwaite. It rests on the mean being nearly
    normal: with fewer than some 30 buyers in an arm it is too narrow, because who spends much is
    rarely among so few; `pool_means` is not, of one wave too. Of an arm in which all have the same
    value, such as 0, the other arm's variance is taken: nobody has bought yet does not mean that
    nobody will.

    Args:
        treated: One arm.
        control: The other one.
        level: How sure.

    Returns:
        The interval; bounds are infinite when an arm has fewer than two people, or nobody of either
        has a value of her own.
    """
    return _compare(
        treated.mean - control.mean,
        (treated.variance, control.variance),
        (treated.people, control.people),
        level,
        "Welch",
    )


def compare_adjusted(treated: Moments, control: Moments, level: float = LEVEL) -> Interval:
    """Return the same less what the past explains: CUPED (Deng, Xu, Kohavi and Walker, 2013).

    Of each value theta times the past one is taken off, theta being the slope within the arms. What
    the arms differ in by chance from before goes, and of the variance a share of rho squared, rho
    being the correlation of value and past. Past means before the arms were drawn, so that no arm
    can have changed it.

    Args:
        treated: One arm, with its sums of the past.
        control: The other one.
        level: How sure.

    Returns:
        As `compare_means`, which it is when nobody has a past.
    """
    slope = find_slope([treated, control])
    if slope == 0.0:
        return compare_means(treated, control, level=level)
    one, other = adjust(treated, slope), adjust(control, slope)
    return _compare(
        one.mean - other.mean,
        (one.variance, other.variance),
        (treated.people, control.people),
        level,
        "CUPED",
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjusted:
    """An arm's mean and variance less what its past explains.

    Attributes:
        mean: Of the value less slope times the past one.
        variance: Of the same.
    """

    mean: float
    variance: float


def adjust(arm: Moments, slope: float) -> Adjusted:
    """Return an arm's mean and variance of the value less `slope` times the past one."""
    variance = arm.variance - 2 * slope * arm.covariance + slope**2 * arm.past_variance
    return Adjusted(mean=arm.mean - slope * arm.past_mean, variance=max(0.0, variance))


def find_slope(groups: Sequence[Moments]) -> float:
    """Return how much of the value one unit of the past stands for, within groups; 0 without past.

    Args:
        groups: Arms, or arms of waves; what they differ in on average has no part in it.
    """
    spread = sum(max(0, one.people - 1) * one.past_variance for one in groups)
    shared = sum(max(0, one.people - 1) * one.covariance for one in groups)
    return shared / spread if spread > 0 else 0.0


def _compare(
    difference: float,
    variances: tuple[float, float],
    people: tuple[float, float],
    level: float,
    method: str,
) -> Interval:
    find_normal_bound(level)
    if min(people) < 2 or not any(variances):
        return make_unknown(difference, level, method)
    from scipy.special import stdtrit

    parts = [
        (own or other) / count
        for own, other, count in zip(variances, reversed(variances), people, strict=True)
    ]
    freedom = sum(parts) ** 2 / sum(
        part**2 / (count - 1) for part, count in zip(parts, people, strict=True)
    )
    half = float(stdtrit(freedom, (1 + level) / 2)) * math.sqrt(sum(parts))
    return Interval(
        estimate=difference,
        low=difference - half,
        high=difference + half,
        level=level,
        method=method,
    )
