"""Learns which variant is the best for whom, and by which shares somebody's variant is drawn.

Linear Thompson sampling (Agrawal and Goyal, 2013): what a person brings is the part of her variant,
plus that of her traits, plus that of both together; somebody's share of a variant is how probable
it is that hers is the greatest. By which traits variants differ is itself learnt: while nothing
speaks for any, all people have the same shares.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import comb
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .learning import FLOOR

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

FLAT = 1e-4
"""A trait whose standard deviation is less is the same for all, and teaches nothing."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """All that somebody's shares in a wave depend on beside her traits.

    Attributes:
        variants: Their names.
        sums: Aligned: what was seen of each.
        squares: The mean square of what a person did, in people of the average wave.
        seed: Of the draws.
        stopped: Variants that get nobody.
    """

    variants: tuple[str, ...]
    sums: tuple[Sums, ...]
    squares: float
    seed: tuple[int, ...]
    stopped: tuple[str, ...] = ()

    def dump(self) -> dict[str, Any]:
        """Return it as JSON."""
        upper = np.triu_indices(len(self.sums[0].brought))
        return {
            "variants": list(self.variants),
            "sums": [
                {"gram": one.gram[upper].tolist(), "brought": one.brought.tolist()}
                for one in self.sums
            ],
            "squares": self.squares,
            "seed": list(self.seed),
            "stopped": list(self.stopped),
        }


def load_lesson(kept: Mapping[str, Any]) -> Lesson:
    """Return a lesson from its JSON."""
    sums = []
    for one in kept["sums"]:
        places = len(one["brought"])
        gram = np.zeros((places, places))
        gram[np.triu_indices(places)] = one["gram"]
        gram = gram + np.triu(gram, 1).T
        sums.append(Sums(gram=gram, brought=np.array(one["brought"], dtype=float)))
    return Lesson(
        variants=tuple(kept["variants"]),
        sums=tuple(sums),
        squares=float(kept["squares"]),
        seed=tuple(kept["seed"]),
        stopped=tuple(kept["stopped"]),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Taught:
    """Draws of what each variant brings, by traits.

    Attributes:
        variants: The names of those that are not stopped.
        stopped: Those that are.
        centre: The mean of each place of the vector; what is there is counted from it.
        scale: What one of it is divided by; infinite for a place that teaches nothing.
        draws: Draw by variant by place; None when nobody did anything yet.
    """

    variants: tuple[str, ...]
    stopped: tuple[str, ...]
    centre: Array
    scale: Array
    draws: Array | None = field(repr=False)

    def find_shares(self, vectors: Array) -> list[dict[str, float]]:
        """Return the shares by which the variants of some people are drawn, aligned.

        Each is the probability that the variant is the best for her, drawn towards equal ones as
        far as the least share demands; to four decimals, together 1. Stopped ones have 0.

        Args:
            vectors: A row for each.
        """
        count = len(self.variants)
        least = min(FLOOR, 0.5 / count)
        shares = least + (1 - count * least) * self._find_chances(vectors)
        rounded = np.round(shares, 4)
        rows = np.arange(len(rounded))
        rounded[rows, rounded.argmax(axis=1)] += 1.0 - rounded.sum(axis=1)
        return [
            dict(zip(self.variants, np.round(row, 4).tolist(), strict=True))
            | dict.fromkeys(self.stopped, 0.0)
            for row in rounded
        ]

    def _find_chances(self, vectors: Array) -> Array:
        count = len(self.variants)
        if self.draws is None:
            return np.full((len(vectors), count), 1 / count)
        traits = (vectors - self.centre) / self.scale
        traits[:, 0] = 1.0
        chances = np.zeros((len(vectors), count))
        best = np.einsum("np,dap->nda", traits, self.draws, optimize=True).argmax(axis=2)
        for place in range(count):
            chances[:, place] = (best == place).mean(axis=1)
        return chances


def teach(lesson: Lesson, groups: Sequence[Sequence[int]]) -> Taught:
    """Draw from the posterior what each variant brings; the same lesson gives the same draws.

    Args:
        lesson: What was seen.
        groups: The places of the vector that stand for one trait together; not the first place.
    """
    open_ones = [place for place, name in enumerate(lesson.variants) if name not in lesson.stopped]
    names = tuple(lesson.variants[place] for place in open_ones)
    sums = [lesson.sums[place] for place in open_ones]
    whole = sum((one.gram for one in sums), np.zeros_like(sums[0].gram))
    people = whole[0, 0]
    average = sum(float(one.brought[0]) for one in sums) / max(people, 1.0)
    centre = whole[0] / max(people, 1.0)
    spread = np.sqrt(np.maximum(np.diag(whole) / max(people, 1.0) - centre**2, 0.0))
    scale = np.where(spread > FLAT, spread, np.inf)
    centre[0], scale[0] = 0.0, 1.0
    draws = None
    if average > 0:
        moved = [_standardise(one, centre, scale, average) for one in sums]
        noise = max(lesson.squares / average**2 - 1.0, 1e-6)
        draws = _draw(
            moved, noise, _keep_known(groups, scale), np.random.default_rng(list(lesson.seed))
        )
    return Taught(variants=names, stopped=lesson.stopped, centre=centre, scale=scale, draws=draws)


def _keep_known(groups: Sequence[Sequence[int]], scale: Array) -> list[list[int]]:
    """Return the groups that teach something, and of them the places that do."""
    known = [[place for place in one if np.isfinite(scale[place])] for one in groups]
    return [one for one in known if one]


def _standardise(sums: Sums, centre: Array, scale: Array, average: float) -> Sums:
    """Return sums of traits in standard deviations, and of values less the average, in parts."""
    turn = np.diag(1 / scale)
    turn[1:, 0] = -centre[1:] / scale[1:]  # x -> (x - centre) / scale, by the 1 in its first place
    gram = turn @ sums.gram @ turn.T
    return Sums(gram=gram, brought=turn @ sums.brought / average - gram[:, 0])


def _draw(
    sums: Sequence[Sums],
    noise: float,
    groups: Sequence[Sequence[int]],
    random: np.random.Generator,
) -> Array:
    """Draw the part of each variant, and that of it with each trait, from the posterior."""
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
    root: Array = np.linalg.cholesky(gram + np.diag(spread**-2))
    half = np.linalg.solve(root, brought)
    evidence = 0.5 * float(half @ half) - np.log(spread).sum() - np.log(np.diag(root)).sum()
    centre: Array = np.linalg.solve(root.T, half)
    return _Fit(float(evidence), centre, root)
