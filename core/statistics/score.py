"""Finds the score interval of a difference of shares, in one stratum or over several."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_STEPS = 48
"""Halvings of an interval of width 2: exact to 1e-14."""


def find_score_bounds(
    successes: Floats,
    people: Floats,
    other_successes: Floats,
    other_people: Floats,
    *,
    bound: float,
) -> tuple[Floats, Floats, Floats]:
    """Return difference and both bounds by Miettinen and Nurminen (1985), stratified.

    The bounds are the differences d at which

        |sum_h w_h (p1_h - p0_h - d)| = z sqrt(sum_h w_h^2 V_h(d)),
        V_h(d) = (r1 (1 - r1) / n1 + r0 (1 - r0) / n0) N / (N - 1)

    where r1 and r0 = r1 - d are the most likely shares of stratum h under d (their closed form, in
    the paper's appendix), and w_h = n1 n0 / N (Mantel and Haenszel). For d = 0 this is the
    Cochran-Mantel-Haenszel test. Newcombe (1998) compares it with ten others: it keeps its level
    also for few and for rare successes.

    Args:
        successes: Of the first arm; its last axis are the strata.
        people: How many it has.
        other_successes: Of the second arm.
        other_people: How many it has.
        bound: z, such as 1.96.

    Returns:
        The pooled difference, its lower and its upper bound, without the last axis; 0, -1 and 1
        where no stratum has both arms.
    """
    import numpy as np

    arms = np.broadcast_arrays(successes, people, other_successes, other_people)
    x1, n1, x0, n0 = (np.asarray(one, dtype=np.float64) for one in arms)
    has_both = (n1 > 0) & (n0 > 0)
    weights = np.where(has_both, n1 * n0 / np.maximum(n1 + n0, 1), 0.0)
    total = weights.sum(axis=-1, keepdims=True)
    weights = weights / np.where(total > 0, total, 1.0)
    x1, x0 = np.where(has_both, x1, 0.0), np.where(has_both, x0, 0.0)
    n1, n0 = np.where(has_both, n1, 1.0), np.where(has_both, n0, 1.0)
    difference = (weights * (x1 / n1 - x0 / n0)).sum(axis=-1)

    def is_within(tried: Floats) -> NDArray[np.bool_]:
        """Whether a difference is no further from the observed one than the bound."""
        variance = _find_variance(x1, n1, x0, n0, tried[..., None])
        spread = bound * np.sqrt((weights**2 * variance).sum(axis=-1))
        return np.asarray(np.abs(difference - tried) <= spread)

    bounds = []
    for end in (-1.0, 1.0):
        inside, outside = difference, np.full_like(difference, end)
        for _ in range(_STEPS):
            middle = (inside + outside) / 2
            within = is_within(middle)
            inside = np.where(within, middle, inside)
            outside = np.where(within, outside, middle)
        bounds.append(np.where(total[..., 0] > 0, outside, end))
    return difference, bounds[0], bounds[1]


def _find_variance(x1: Floats, n1: Floats, x0: Floats, n0: Floats, tried: Floats) -> Floats:
    import numpy as np

    count = n1 + n0
    second = (n1 + 2 * n0) * tried - count - (x1 + x0)
    first = (n0 * tried - count - 2 * x0) * tried + x1 + x0
    constant = x0 * tried * (1 - tried)
    third = second / (3 * count)
    q = third**3 - first * second / (6 * count**2) + constant / (2 * count)
    p = np.where(q < 0, -1.0, 1.0) * np.sqrt(np.maximum(0, third**2 - first / (3 * count)))
    cubed = np.where(p == 0, 1.0, p**3)
    angle = (np.pi + np.arccos(np.clip(q / cubed, -1, 1))) / 3
    r0 = np.clip(2 * p * np.cos(angle) - third, np.maximum(0, -tried), np.minimum(1, 1 - tried))
    r1 = np.clip(r0 + tried, 0, 1)
    spread = (r1 * (1 - r1) / n1 + r0 * (1 - r0) / n0) * count / (count - 1)
    return np.asarray(spread)
