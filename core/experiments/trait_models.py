"""Draws what each variant brings by traits, over all models of which traits matter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb
from typing import Any

import numpy as np
from numpy.typing import NDArray

DRAWS = 1_000
"""How often the posterior is drawn; shares are counted among these."""

SPREADS = (0.1, 0.4)
"""By how much a trait that matters changes what a variant brings: parts of what a person brings on
average, for one standard deviation of the trait."""

NOTHING = 1e-4
"""The same of one that does not."""

MOST_TRAITS = 3
"""So many are tried beside each other; then all at once."""

OF_VARIANT, OF_TRAIT = 1.0, 0.3
"""The same of a variant for everybody, and of a trait whatever the variant."""

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """What was seen of one variant; people count as those of the average wave do.

    Attributes:
        gram: Of the vectors x of its people, the sum of x x', weighed.
        brought: The sum of x times what each person did.
    """

    gram: Array
    brought: Array


def make_sums(places: int) -> Sums:
    """Return the sums of a variant of which nothing was seen."""
    return Sums(gram=np.zeros((places, places)), brought=np.zeros(places))


def add_people(sums: Sums, vectors: Array, values: Array, weight: float) -> Sums:
    """Add some people of one wave.

    Args:
        sums: Of their variant.
        vectors: A row for each; its first place is 1.
        values: What each did: 1 or 0, or money.
        weight: How many people of the average wave one of this wave counts for.
    """
    return Sums(
        gram=sums.gram + weight * (vectors.T @ vectors),
        brought=sums.brought + vectors.T @ values,
    )


def draw_parts(
    sums: Sequence[Sums],
    noise: float,
    groups: Sequence[Sequence[int]],
    random: np.random.Generator,
) -> Array:
    """Draw the part of each variant, and that of it with each trait, from the posterior.

    Args:
        sums: Of each variant; values are less the average and in parts of it, traits in standard
            deviations from their means.
        noise: The variance of a value beside what can be known of it.
        groups: The places that stand for one trait together.
        random: Of draws.

    Returns:
        Draw by variant by place.
    """
    arms, places = len(sums), len(sums[0].brought)
    traits = places - 1
    # Unknown are, in this order: each variant's part, each trait's, each trait's with each variant.
    size = arms + traits + arms * traits
    gram, brought = np.zeros((size, size)), np.zeros(size)
    for arm, one in enumerate(sums):
        own = arms + traits + arm * traits + np.arange(traits)
        places_of = np.concatenate([[arm], arms + np.arange(traits), own])
        of = np.concatenate([[0], 1 + np.arange(traits), 1 + np.arange(traits)])
        gram[np.ix_(places_of, places_of)] += one.gram[np.ix_(of, of)] / noise
        brought[places_of] += one.brought[of] / noise
    models = _weigh_models(gram, brought, arms, [np.array(one) - 1 for one in groups])
    chances = np.array([chance for chance, _ in models])
    chosen = random.choice(len(models), size=DRAWS, p=chances / chances.sum())
    drawn = np.zeros((DRAWS, arms, places))
    normal = random.standard_normal((DRAWS, size))
    for place in np.unique(chosen):
        rows = np.flatnonzero(chosen == place)
        fitted = models[place][1]
        values = fitted.centre + np.linalg.solve(fitted.root.T, normal[rows].T).T
        drawn[rows, :, 0] = values[:, :arms]
        drawn[rows, :, 1:] = values[:, arms + traits :].reshape(len(rows), arms, traits)
    return drawn


@dataclass(frozen=True, slots=True)
class _Fit:
    evidence: float
    centre: Array
    root: Array


def _weigh_models(
    gram: Array, brought: Array, arms: int, groups: Sequence[NDArray[np.int64]]
) -> list[tuple[float, _Fit]]:
    """Return models of which traits change which variant is the best, and how probable each is.

    None does, one of them, that one and another, up to `MOST_TRAITS`, each time beside the best so
    far; or all. Models are averaged by their evidence (Madigan and Raftery, 1994). A set of traits
    is as probable beforehand as all others of its size together are, half as much as one less.
    """
    traits = (len(brought) - arms) // (arms + 1)

    def fit(chosen: Sequence[int], spread: float) -> _Fit:
        of_trait = np.full(traits, NOTHING)
        for one in chosen:
            of_trait[groups[one]] = spread
        return _fit(gram, brought, arms, of_trait)

    found = [(0.0, fit((), NOTHING))]
    chosen: tuple[int, ...] = ()
    for size in range(1, min(MOST_TRAITS, len(groups)) + 1):
        others = [one for one in range(len(groups)) if one not in chosen]
        beforehand = -size * np.log(2) - np.log(len(SPREADS) * comb(len(groups), size))
        tried = [
            (beforehand, fit((*chosen, one), spread), (*chosen, one))
            for one in others
            for spread in SPREADS
        ]
        found += [(one[0], one[1]) for one in tried]
        chosen = max(tried, key=lambda one: one[1].evidence)[2]
    whole = -(MOST_TRAITS + 1) * np.log(2) - np.log(len(SPREADS))
    found += [(whole, fit(range(len(groups)), spread)) for spread in SPREADS]
    logs = np.array([beforehand + one.evidence for beforehand, one in found])
    chances = np.exp(logs - logs.max())
    return [(float(chance), one) for chance, (_, one) in zip(chances, found, strict=True)]


def _fit(gram: Array, brought: Array, arms: int, of_trait: Array) -> _Fit:
    """Return the evidence for how much each trait may matter, and the posterior by it."""
    spread = np.concatenate(
        [
            np.full(arms, OF_VARIANT),
            np.full(len(of_trait), OF_TRAIT),
            np.tile(of_trait, arms),
        ]
    )
    root: Any = np.linalg.cholesky(gram + np.diag(spread**-2))
    half = np.linalg.solve(root, brought)
    evidence = 0.5 * float(half @ half) - np.log(spread).sum() - np.log(np.diag(root)).sum()
    centre: Any = np.linalg.solve(root.T, half)
    return _Fit(float(evidence), centre, root)
