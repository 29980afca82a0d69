"""Checks whether as many people are in each arm as were meant to be."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

SUSPICIOUS = 0.0005
"""Below this chance something is broken (Fabijan et al., 2019): low, as each run is checked."""

_FEW = 5.0
"""With fewer people expected somewhere, chi-squared is not near enough (Cochran, 1954)."""

_DRAWS = 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleRatio:
    """Whether the arms have the people that they should.

    Attributes:
        p_value: How probable counts so far off are, when all is well.
        is_off: Whether that is too improbable: no winner is to be named then.
    """

    p_value: float
    is_off: bool


Overlaps = Mapping[tuple[str, str], float]
"""Of two arms the sum over people of the product of their shares of both; each pair once."""


def check_sample_ratio(
    waves: Sequence[Mapping[str, int]],
    shares: Sequence[Mapping[str, float]],
    overlaps: Sequence[Overlaps | None] | None = None,
) -> SampleRatio:
    """Check the counts of all arms, each wave by its own shares.

    The chi-squared statistics of the waves are added, and their degrees of freedom (Fabijan et al.,
    2019, call a mismatch of the sample ratio the commonest sign of a broken experiment). With fewer
    than 5 people expected anywhere, the distribution is drawn instead (Hope, 1968), by a seed of
    its own.

    Where each person has shares of her own, counts vary less than with the same mean for all: the
    statistic is then the square of how far they are off, in units of their covariance, which is
    that of Pearson where all shares are the same. Of few people it is left at Pearson's draws,
    which err on the side of calling nothing off.

    Args:
        waves: Of each wave, how many people each arm has, the holdout among them.
        shares: Aligned: which share each arm was to have, on average; what they add up to is taken
            for 1.
        overlaps: Aligned: None for a wave whose people all have the same shares.

    Raises:
        ValueError: They are not aligned, or a wave has an arm without a share.
    """
    if len(waves) != len(shares):
        raise ValueError(f"{len(waves)} waves and {len(shares)} shares are not aligned")
    observed, expected, covariances = [], [], []
    for wave, meant, overlap in zip(waves, shares, overlaps or [None] * len(waves), strict=True):
        unknown = sorted(set(wave) - set(meant))
        if unknown:
            raise ValueError(f"the arm '{unknown[0]}' has people and no share")
        whole, people = sum(meant.values()), sum(wave.values())
        if any(wave.get(name, 0) and not meant[name] for name in meant):
            return SampleRatio(p_value=0.0, is_off=True)
        drawn = {name: share / whole for name, share in meant.items() if share > 0}
        if people and len(drawn) > 1:
            observed.append([wave.get(name, 0) for name in drawn])
            expected.append([people * share for share in drawn.values()])
            covariances.append(None if overlap is None else _find_covariance(drawn, overlap))
    if not observed:
        return SampleRatio(p_value=1.0, is_off=False)
    p_value = _find_p_value(observed, expected, covariances)
    return SampleRatio(p_value=p_value, is_off=p_value < SUSPICIOUS)


def _find_covariance(names: Collection[str], overlap: Overlaps) -> list[list[float]]:
    """Return how counts vary together: of two arms minus their overlap, and rows add up to 0."""
    rows = []
    for one in names:
        others = {
            other: overlap.get((one, other), overlap.get((other, one), 0.0)) for other in names
        }
        others[one] = -sum(value for other, value in others.items() if other != one)
        rows.append([-value for value in others.values()])
    return rows


def _find_p_value(
    observed: list[list[int]],
    expected: list[list[float]],
    covariances: list[list[list[float]] | None],
) -> float:
    import numpy as np

    if min(min(means) for means in expected) >= _FEW:
        from scipy.special import chdtrc

        found = 0.0
        for row, means, covariance in zip(observed, expected, covariances, strict=True):
            off = np.array(row) - np.array(means)
            if covariance is None:
                found += float((off**2 / means).sum())
            else:  # one arm follows from the others
                some = np.array(covariance)[:-1, :-1]
                found += float(off[:-1] @ np.linalg.solve(some, off[:-1]))
        return float(chdtrc(sum(len(row) - 1 for row in observed), found))
    statistic = sum(
        (seen - meant) ** 2 / meant
        for row, means in zip(observed, expected, strict=True)
        for seen, meant in zip(row, means, strict=True)
    )
    generator = np.random.default_rng(0)
    drawn = np.zeros(_DRAWS)
    for row, means in zip(observed, expected, strict=True):
        meant = np.array(means)
        people = generator.multinomial(sum(row), meant / meant.sum(), size=_DRAWS)
        drawn += ((people - meant) ** 2 / meant).sum(axis=1)
    reached = int((drawn >= statistic * (1 - 1e-9)).sum())
    return (reached + 1) / (_DRAWS + 1)
