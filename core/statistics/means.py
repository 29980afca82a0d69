"""Compares what people of two arms spent on average, also less what their past had told before."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from .intervals import LEVEL, Interval, find_normal_bound
from .tallies import Moments


def compare_means(treated: Moments, control: Moments, *, level: float = LEVEL) -> Interval:
    """Return by how much one arm's mean is above another's, with its interval (Welch, 1947).

    The degrees of freedom are those of Welch and Satterthwaite. It rests on the mean being nearly
    normal: with fewer than some 30 buyers in an arm it is too narrow, because who spends much is
    rarely among so few. Of an arm in which all have the same value, such as 0, the other arm's
    variance is taken: nobody has bought yet does not mean that nobody will.

    Args:
        treated: One arm.
        control: The other one.
        level: How sure.

    Returns:
        The interval; bounds are infinite when an arm has fewer than two people, or nobody of either
        has a value of her own.
    """
    difference = treated.mean - control.mean
    parts = _find_parts(treated.variance, treated.people, control.variance, control.people)
    return make_mean_interval(difference, parts, level, "Welch")


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
    adjusted = [adjust(one, slope) for one in (treated, control)]
    difference = adjusted[0].mean - adjusted[1].mean
    parts = _find_parts(adjusted[0].variance, treated.people, adjusted[1].variance, control.people)
    return make_mean_interval(difference, parts, level, "CUPED")


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


@dataclass(frozen=True, slots=True, kw_only=True)
class VariancePart:
    """What an arm adds to the variance of a difference.

    Attributes:
        variance: Of its mean, times the square of its weight.
        freedom: Its degrees of freedom.
    """

    variance: float
    freedom: int


def _find_parts(
    variance: float, people: int, other_variance: float, other_people: int
) -> list[VariancePart] | None:
    if min(people, other_people) < 2 or not (variance or other_variance):
        return None
    return [
        VariancePart(variance=(variance or other_variance) / people, freedom=people - 1),
        VariancePart(
            variance=(other_variance or variance) / other_people, freedom=other_people - 1
        ),
    ]


def make_mean_interval(
    difference: float, parts: Sequence[VariancePart] | None, level: float, method: str
) -> Interval:
    """Return the interval of a difference whose variance is a sum (Satterthwaite, 1946).

    Args:
        difference: The estimate.
        parts: What its variance is a sum of; None when that is not known.
        level: How sure.
        method: Its name.
    """
    find_normal_bound(level)
    if not parts:
        return Interval(
            estimate=difference, low=-math.inf, high=math.inf, level=level, method=method
        )
    from scipy.special import stdtrit

    variance = math.fsum(one.variance for one in parts)
    freedom = variance**2 / math.fsum(one.variance**2 / one.freedom for one in parts)
    half = float(stdtrit(freedom, (1 + level) / 2)) * math.sqrt(variance)
    return Interval(
        estimate=difference,
        low=difference - half,
        high=difference + half,
        level=level,
        method=method,
    )
