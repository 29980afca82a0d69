"""Says how sure a mean is: bootstrap intervals, paired ones for a difference, by people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

CONFIDENCE = 0.95
RESAMPLES = 2_000

_DRAWS_AT_ONCE = 4_000_000
"""So that a block of resamples takes some tens of megabytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A mean, and between which bounds it lies with 95 % confidence.

    Attributes:
        value: The mean of what was measured.
        low: The lower bound.
        high: The upper bound.
    """

    value: float
    low: float
    high: float


def bootstrap_mean(
    values: ArrayLike,
    *,
    groups: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    seed: int = 0,
    resamples: int = RESAMPLES,
) -> Interval:
    """Return a mean with its 95 % percentile bootstrap interval (Efron and Tibshirani, 1993).

    Args:
        values: One number for each measurement.
        groups: Aligned: whose measurement it is. Those of one person are drawn together, because
            they are alike; each stands for itself when None.
        weights: Aligned: how much it counts; all the same when None.
        seed: The same seed gives the same interval.
        resamples: How many times it is drawn.

    Raises:
        ValueError: There is no measurement.
    """
    import numpy as np

    measured = np.asarray(values, dtype=np.float64)
    if not len(measured):
        raise ValueError("there is nothing to take the mean of")
    weighted = np.ones(len(measured)) if weights is None else np.asarray(weights, dtype=np.float64)
    sums, counts = measured * weighted, weighted
    if groups is not None:
        _, number = np.unique(np.asarray(groups), return_inverse=True)
        sums = np.bincount(number, sums).astype(np.float64)
        counts = np.bincount(number, counts).astype(np.float64)
    means = _resample(sums, counts, np.random.default_rng(seed), resamples)
    rest = 100 * (1 - CONFIDENCE) / 2
    low, high = np.percentile(means, [rest, 100 - rest])
    return Interval(value=float(sums.sum() / counts.sum()), low=float(low), high=float(high))


def bootstrap_difference(
    values: ArrayLike,
    others: ArrayLike,
    *,
    groups: ArrayLike | None = None,
    weights: ArrayLike | None = None,
    seed: int = 0,
    resamples: int = RESAMPLES,
) -> Interval:
    """Return by how much one mean is greater than another, measured on the same people.

    It is paired: each person is drawn with both of her numbers. A lower bound over 0 says that
    the first is greater.

    Args:
        values: One number for each measurement.
        others: Aligned: the other one.
        groups: As in `bootstrap_mean`.
        weights: As in `bootstrap_mean`.
        seed: The same seed gives the same interval.
        resamples: How many times it is drawn.

    Raises:
        ValueError: There is no measurement, or they are not aligned.
    """
    import numpy as np

    first, second = np.asarray(values, dtype=np.float64), np.asarray(others, dtype=np.float64)
    if first.shape != second.shape:
        raise ValueError(f"{len(first)} and {len(second)} measurements are not aligned")
    return bootstrap_mean(
        first - second, groups=groups, weights=weights, seed=seed, resamples=resamples
    )


def _resample(
    sums: NDArray[np.float64],
    counts: NDArray[np.float64],
    generator: np.random.Generator,
    resamples: int,
) -> NDArray[np.float64]:
    import numpy as np

    size = len(sums)
    block = max(1, _DRAWS_AT_ONCE // size)
    means: list[NDArray[np.float64]] = []
    for start in range(0, resamples, block):
        drawn = generator.integers(0, size, size=(min(block, resamples - start), size))
        means.append(sums[drawn].sum(axis=1) / counts[drawn].sum(axis=1))
    return np.concatenate(means)
