"""What an estimate is worth: its bounds, how sure they are, and the method that found them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

LEVEL = 0.95
"""How sure an interval is unless something else is said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """An estimate with its bounds.

    Attributes:
        estimate: The number that the data speak for most.
        low: The lower bound; minus infinity when nothing is known.
        high: The upper bound; infinity when nothing is known.
        level: In which share of such intervals the truth lies, in (0, 1).
        method: The method's name, as people call it.
    """

    estimate: float
    low: float
    high: float
    level: float
    method: str

    @property
    def width(self) -> float:
        """From bound to bound."""
        return self.high - self.low

    @property
    def is_known(self) -> bool:
        """Whether both bounds are numbers; not so when an arm tells nothing."""
        return math.isfinite(self.low) and math.isfinite(self.high)

    @property
    def is_off_zero(self) -> bool:
        """Whether zero is outside of it: the arms differ, as surely as its level says."""
        return self.low > 0 or self.high < 0

    def covers(self, value: float) -> bool:
        """Whether a value lies within the bounds, or on one."""
        return self.low <= value <= self.high

    def times(self, factor: float) -> Interval:
        """Return the same in another unit, such as people in 1,000; the factor is positive."""
        return Interval(
            estimate=self.estimate * factor,
            low=self.low * factor,
            high=self.high * factor,
            level=self.level,
            method=self.method,
        )


def make_unknown(estimate: float, level: float, method: str) -> Interval:
    """Return an interval that says that nothing is known: its bounds are infinite."""
    return Interval(estimate=estimate, low=-math.inf, high=math.inf, level=level, method=method)


@lru_cache(maxsize=64)
def find_normal_bound(level: float) -> float:
    """Return how many standard deviations a two-sided interval of this level is half as wide as.

    Raises:
        ValueError: The level is not between 0 and 1.
    """
    if not 0 < level < 1:
        raise ValueError(f"a level is between 0 and 1, and not {level}")
    from scipy.special import ndtri

    return float(ndtri((1 + level) / 2))
