"""Compares two arms while orders still come in, so that one may look at any time, and often."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from .intervals import LEVEL, Interval, find_normal_bound
from .means import Adjusted, adjust, find_slope
from .tallies import Moments, Tally, count_as_values, weigh_waves

METHOD = "always valid"

_EXPECTED = 0.05
"""Of a wave's people so many are expected to buy; only how narrow it is when depends on it."""

_FEWEST_EVENTS = 20.0
"""It is never tuned to fewer purchases: before, a sum of purchases is not near to a normal one."""


def find_always_valid(
    waves: Sequence[tuple[Tally, Tally]] | Sequence[tuple[Moments, Moments]],
    *,
    level: float = LEVEL,
) -> Interval:
    """Return the difference of two arms so far, with an interval that may be looked at any time.

    Its promise is for all looks at once: in `level` of all campaigns, each of the intervals that
    one ever sees holds the difference of that moment, so that stopping because zero is outside of
    it is allowed (Johari, Koomen, Pekelis and Walsh, 2022).

    It is the normal mixture boundary of Robbins (1970) in the form of Howard, Ramdas, McAuliffe and
    Sekhon (2021), with the variance estimated (asymptotic confidence sequences: Waudby-Smith,
    Arbour, Sinha, Kennedy and Ramdas, 2024):

        |S - E S| <= sqrt((V + rho) log((V + rho) / (rho (1 - level)^2)))

    What is special here is the time. People do not arrive one by one: a wave is written to at once,
    and then its orders come in over days. So the martingale runs in the time of its own variance V,
    that is, of orders and not of people. S is the sum over waves of w_h times the difference of
    means, with w_h = n1 n0 / (n1 + n0), which is known before the wave has any order; a wave that
    opens later adds its S and its V, and takes nothing back. For shares, who has bought cannot buy
    first again, so the empirical process is a bridge: divided by 1 - F, F being the share that
    bought so far, it is a martingale whose variance is F / (1 - F), and that is what the boundary
    is laid around. Whoever buys more than once makes looks more alike, and the interval wider than
    it would need to be.

    rho depends on the number of people of the first wave, never on what came back; the bound is
    narrowest, compared with one for a single look, when about a twentieth of that wave has bought.

    Args:
        waves: Of each wave that was opened: treated, and control, in the order of opening. Shares
            as `Tally`, money as `Moments`, which are adjusted by their past as in `pool_means`.
        level: How sure.

    Returns:
        The interval about the difference so far; it says nothing of orders to come. Bounds are -1
        and 1 for shares, or infinite, when no wave has both arms, or nothing has happened.
    """
    shares = all(isinstance(arm, Tally) for wave in waves for arm in wave)
    seen = _look([(_as_moments(one), _as_moments(other)) for one, other in waves], shares)
    if seen is None:
        ends = (-1.0, 1.0) if shares and waves else (-math.inf, math.inf)
        return Interval(estimate=0.0, low=ends[0], high=ends[1], level=level, method=METHOD)
    half = find_radius(seen, level) / seen.weight
    low, high = seen.difference - half, seen.difference + half
    if shares:
        low, high = max(-1.0, low), min(1.0, high)
    return Interval(estimate=seen.difference, low=low, high=high, level=level, method=METHOD)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What is to be seen of two arms at a moment.

    Attributes:
        difference: The weighted mean of the waves' differences.
        weight: The sum of their weights.
        events: The variance of S in the martingale's time, in orders.
        unit: What an order counts in the unit of S.
        tuned_to: At how many orders the boundary is narrowest.
    """

    difference: float
    weight: float
    events: float
    unit: float
    tuned_to: float


def find_radius(look: Look, level: float) -> float:
    """Return how far S may be from its expectation, ever."""
    return look.unit * find_boundary(look.events, look.tuned_to, level)


def find_boundary(events: float, tuned_to: float, level: float) -> float:
    """Return the normal mixture boundary at a variance (Howard et al., 2021).

    Args:
        events: The variance so far.
        tuned_to: At which variance it is narrowest.
        level: How sure.
    """
    rho = tuned_to / _find_tuning(level)
    whole = events + rho
    return math.sqrt(whole * (math.log(whole / rho) - 2 * math.log(1 - level)))


@lru_cache(maxsize=64)
def _find_tuning(level: float) -> float:
    """Return V / rho at which the boundary is narrowest (Howard et al., 2021)."""
    find_normal_bound(level)
    from scipy.special import lambertw

    return float(-lambertw(-((1 - level) ** 2) / math.e, -1).real - 1)


def look_at(
    waves: Sequence[tuple[Tally, Tally]] | Sequence[tuple[Moments, Moments]],
) -> Look | None:
    """Return what is to be seen; None when no wave has both arms, or nothing has happened."""
    shares = all(isinstance(arm, Tally) for wave in waves for arm in wave)
    return _look([(_as_moments(one), _as_moments(other)) for one, other in waves], shares)


def _look(waves: Sequence[tuple[Moments, Moments]], shares: bool) -> Look | None:
    both = [(one, other) for one, other in waves if one.people and other.people]
    arms = [arm for wave in both for arm in wave]
    total, squares = sum(one.total for one in arms), sum(one.squares for one in arms)
    if not both or total <= 0 or squares <= 0:
        return None
        # 1 of shares; of money, what a purchase is worth when equal ones would vary as much.
    unit = squares / total
    weights = weigh_waves([(one.people, other.people) for one, other in both])
    slope = find_slope(arms)
    difference, variance = 0.0, 0.0
    for weight, (one, other) in zip(weights, both, strict=True):
        first, second = adjust(one, slope), adjust(other, slope)
        difference += weight * (first.mean - second.mean)
        # Of both arms together, because a small one knows too little of its own variance.
        variance += weight * _pool(one, other, first, second)
    if variance <= 0:
        return None
    left = 1 - total / sum(one.people for one in arms) if shares else 1.0
    if left <= 0:
        return None
    weight = sum(weights)
    return Look(
        difference=difference / weight,
        weight=weight,
        events=variance / (unit * left) ** 2,
        unit=unit * left,
        tuned_to=max(_FEWEST_EVENTS, _EXPECTED * weights[0]),
    )


def _pool(one: Moments, other: Moments, first: Adjusted, second: Adjusted) -> float:
    """Return the variance of S per weight of a wave, from both arms."""
    count, others = one.people, other.people
    pooled = (count - 1) * first.variance + (others - 1) * second.variance
    return pooled / max(1, count + others - 2)


def _as_moments(arm: Tally | Moments) -> Moments:
    return count_as_values(arm) if isinstance(arm, Tally) else arm
