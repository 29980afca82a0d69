"""Says for how many more days one has to wait until a difference can be seen."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from .intervals import LEVEL
from .sequential import find_radius, look_at
from .tallies import Moments, Tally

_MOST_TIMES = 1e6


def find_days_needed(
    waves: Sequence[tuple[Tally, Tally]] | Sequence[tuple[Moments, Moments]],
    *,
    days: float,
    recent: float | None = None,
    level: float = LEVEL,
) -> float | None:
    """Return in how many more days zero will be outside of the always valid interval.

    It is reckoned that orders go on as fast as of late, and that arms go on to differ by the same
    part of their orders. Then the difference grows with the orders, and what it may be by chance
    (the boundary of `find_always_valid`) with little more than the root of them; the number of
    orders at which the one passes the other is found, and divided by the speed. It is a guess, as
    good as the difference is known; "about" belongs before it.

    Args:
        waves: As for `find_always_valid`.
        days: How many days these orders took.
        recent: Of all orders so far, the part that came in the last day; all days alike when None.
        level: Of the interval.

    Returns:
        Days, 0 when it can be seen already; None when that will not be: nothing has happened, the
        arms do not differ, or it would take more than a million times the orders.
    """
    look = look_at(waves)
    speed = recent if recent is not None else (1 / days if days > 0 else 0.0)
    if look is None or speed <= 0:
        return None
    gap = abs(look.difference) * look.weight

    def lacks(times: float) -> bool:
        later = replace(look, events=look.events * times)
        return gap * times <= find_radius(later, level)

    if not lacks(1.0):
        return 0.0
    if not gap or lacks(_MOST_TIMES):
        return None
    low, high = 0.0, math.log(_MOST_TIMES)
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if lacks(math.exp(middle)) else (low, middle)
    return (math.exp(high) - 1) / speed
