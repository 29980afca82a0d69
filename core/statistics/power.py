"""Says how many people it takes to see a lift, and which lift so many can show."""

from __future__ import annotations

import math

from .intervals import LEVEL, find_normal_bound

POWER = 0.8
"""How often a lift that is there is to be seen."""

_LEAST = 1e-9


def find_smallest_lift(
    people_treated: int,
    people_control: int,
    rate: float,
    *,
    level: float = LEVEL,
    power: float = POWER,
) -> float:
    """Return the smallest difference of shares that so many people can show, in [0, 1].

    The solution d of (Fleiss, Levin and Paik, 2003, chapter 4; without their correction for
    continuity, which score intervals do not need)

        d = z_level sqrt(p (1 - p) (1 / n1 + 1 / n0))
            + z_power sqrt(p1 (1 - p1) / n1 + p0 (1 - p0) / n0)

    where p0 is the rate, p1 = p0 + d, and p is their mean over all people. With 1,000 people it
    comes to points, not to fractions of one: a small list shows large lifts only, and the plan says
    so before.

    Args:
        people_treated: Who will be written to.
        people_control: Who will be held out.
        rate: The share that buys without a message.
        level: Of the interval from which zero is to be absent.
        power: How often it is to be so.

    Returns:
        The difference; infinity when even a message by which everybody bought would not be seen.
    """
    if min(people_treated, people_control) < 1:
        return math.inf

    def lacks(difference: float) -> float:
        found = _find_visible(people_treated, people_control, rate, difference, level, power)
        return difference - found

    most = 1 - rate
    if most <= _LEAST or lacks(most) < 0:
        return math.inf
    from scipy.optimize import brentq

    return float(brentq(lacks, _LEAST, most, xtol=1e-12))


def find_needed_people(
    rate: float,
    lift: float,
    *,
    holdout: float = 0.5,
    level: float = LEVEL,
    power: float = POWER,
) -> int:
    """Return how many people it takes to see a difference of shares; see `find_smallest_lift`.

    Args:
        rate: The share that buys without a message.
        lift: The difference to be seen, in points of 1; above 0.
        holdout: The share of people that is held out, or in the other arm.
        level: Of the interval.
        power: How often it is to be seen.

    Returns:
        People of both arms together.

    Raises:
        ValueError: The rate with the lift is not between 0 and 1, or nobody or everybody is held
            out.
    """
    if not (lift > 0 and rate >= 0 and rate + lift <= 1):
        raise ValueError(f"a rate of {rate} cannot rise by {lift}")
    if not 0 < holdout < 1:
        raise ValueError(f"of a holdout of {holdout} nothing can be seen")
    alone = _find_visible(1 - holdout, holdout, rate, lift, level, power)
    return math.ceil((alone / lift) ** 2)


def _find_visible(
    people: float, others: float, rate: float, difference: float, level: float, power: float
) -> float:
    from scipy.special import ndtri

    raised = rate + difference
    both = (people * raised + others * rate) / (people + others)
    equal = both * (1 - both) * (1 / people + 1 / others)
    apart = raised * (1 - raised) / people + rate * (1 - rate) / others
    return float(
        find_normal_bound(level) * math.sqrt(max(0.0, equal))
        + ndtri(power) * math.sqrt(max(0.0, apart))
    )
