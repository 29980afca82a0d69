"""Learns which variant is the best for whom, and by which shares somebody's variant is drawn.

Linear Thompson sampling (Agrawal and Goyal, 2013): what a person brings is the part of her variant,
plus that of her traits, plus that of both together; somebody's share of a variant is how probable
it is that hers is the greatest. By which traits variants differ is itself learnt: while nothing
speaks for any, all people have the same shares.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from .learning import FLOOR
from .trait_models import Array, Sums, draw_parts

FLAT = 1e-4
"""A trait whose standard deviation is less is the same for all, and teaches nothing."""


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
        random = np.random.default_rng(list(lesson.seed))
        draws = draw_parts(moved, noise, _keep_known(groups, scale), random)
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
