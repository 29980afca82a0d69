"""Learns from the waves that left which variant is the best, and draws the next wave's shares.

People of one wave were drawn by chance and are compared with each other; waves are not added up as
they are. Between two waves the rate of everybody rises and falls (another day, another hour), and
as shares move too, a variant that has most of its people in a good wave would look good.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

DRAWS = 10_000
"""How often the posterior is drawn; a share is known to half a point by it."""

FLOOR = 0.05
"""The least share of a variant that is not stopped, so that it is never given up by bad luck."""

PRIOR = 0.5
"""Jeffreys' prior of a rate: Beta(1/2, 1/2)."""

STEPS = 50

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """What the people of one variant did in one wave.

    Attributes:
        people: To whom its message left early enough to be counted.
        successes: How many of them clicked or bought.
        total: What they paid, together, in minor units.
        squares: The sum of the squares of what each of them paid.
    """

    people: int = 0
    successes: int = 0
    total: float = 0.0
    squares: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """What was learnt of a variant.

    Attributes:
        people: Whom that rests on.
        estimate: The mean of the posterior: a rate, or money per person in minor units; as it would
            be in the average wave.
        chance: The probability that it is the best one.
    """

    people: int
    estimate: float
    chance: float


def learn(
    waves: Sequence[Mapping[str, Cell]],
    variants: Sequence[str],
    *,
    by_money: bool,
    seed: Sequence[int],
    stopped: Collection[str] = (),
) -> dict[str, Learned]:
    """Return what is known of each variant.

    Args:
        waves: What the people of each variant did, wave by wave.
        variants: The names of all.
        by_money: Whether the best one is that which brings most money per person; else that of
            which most people react.
        seed: Of the draws.
        stopped: Variants that cannot be the best any more.

    Returns:
        By variant, in their order.
    """
    cells = [[wave.get(name, Cell()) for name in variants] for wave in waves]
    random = np.random.default_rng(list(seed))
    draws = _draw_means(cells, random) if by_money else _draw_rates(cells, random)
    open_ones = np.array([name not in stopped for name in variants])
    best = np.where(open_ones, draws, -np.inf).argmax(axis=1)
    chances = np.bincount(best, minlength=len(variants)) / len(best)
    if not np.ptp(draws[:, open_ones]) > 0:
        chances = open_ones / open_ones.sum()  # nobody did anything: all are as good
    return {
        name: Learned(
            people=sum(row[place].people for row in cells),
            estimate=float(draws[:, place].mean()),
            chance=float(chances[place]),
        )
        for place, name in enumerate(variants)
    }


def find_shares(
    chances: Mapping[str, float], *, stopped: Collection[str] = (), floor: float = FLOOR
) -> dict[str, float]:
    """Return the shares of the next wave: the probability to be the best, and never too little.

    That is Thompson sampling (Thompson 1933; Scott 2010, "A modern Bayesian look at the multi-armed
    bandit") of a whole wave at once.

    Args:
        chances: The probability of each variant to be the best.
        stopped: Variants that get nobody.
        floor: The least share of each of the others; half of an equal share when that is less.

    Returns:
        Shares to four decimals, together 1, in the order of `chances`.
    """
    open_ones = [name for name in chances if name not in stopped]
    least = min(floor, 0.5 / len(open_ones))
    shares = {name: max(chances[name], 0.0) for name in open_ones}
    low: set[str] = set()
    while True:
        rest = sum(share for name, share in shares.items() if name not in low)
        left = 1.0 - least * len(low)
        scaled = {name: share * left / rest if rest else 0.0 for name, share in shares.items()}
        new = {name for name, share in scaled.items() if name not in low and share < least}
        if not new:
            break
        low |= new
    drawn = {name: least if name in low else scaled[name] for name in open_ones}
    rounded = {name: round(share, 4) for name, share in drawn.items()}
    greatest = max(rounded, key=lambda name: rounded[name])
    rounded[greatest] = round(1.0 - sum(rounded.values()) + rounded[greatest], 4)
    return {name: rounded.get(name, 0.0) for name in chances}


def _draw_rates(cells: Sequence[Sequence[Cell]], random: np.random.Generator) -> Array:
    """Draw the rate of each variant from its posterior, Beta-Binomial.

    A wave's people are counted in people of the average wave: one of a wave in which everybody
    reacts half as often counts half. How often is found by iterative proportional fitting (Deming
    and Stephan 1940) of rate = wave x variant; with one wave, or one rate in all of them, it is the
    plain Beta posterior. That a wave's rate is itself estimated is left out: what is compared
    with chance is the few who react, and of these all are counted.
    """
    people = np.array([[cell.people for cell in row] for row in cells], dtype=float)
    reacted = np.array([[cell.successes for cell in row] for row in cells], dtype=float)
    weights = fit_waves(people, reacted)
    exposed = weights @ people
    successes = reacted.sum(axis=0)
    failures = np.maximum(exposed - successes, 0.0)
    return random.beta(PRIOR + successes, PRIOR + failures, size=(DRAWS, people.shape[1]))


def fit_waves(people: Array, reacted: Array) -> Array:
    """Return how many people of the average wave one of each wave counts for.

    Args:
        people: Wave by variant: how many there are.
        reacted: Aligned: how many of them reacted, or what they paid.
    """
    everybody, total = people.sum(), reacted.sum()
    rate = (total + PRIOR) / (everybody + 2 * PRIOR)
    waves = np.full(people.shape[0], rate)
    for _ in range(STEPS):
        # Each side begins with half a person who reacts as all do: none is ever 0 or without end.
        arms = (reacted.sum(axis=0) + PRIOR) / (waves @ people + PRIOR)
        waves = (reacted.sum(axis=1) + PRIOR) / (people @ arms + PRIOR / rate)
    scale = everybody / max(float(people.sum(axis=1) @ waves), 1e-12)
    fitted: Array = waves * scale if everybody else np.ones(people.shape[0])
    return fitted


def _draw_means(cells: Sequence[Sequence[Cell]], random: np.random.Generator) -> Array:
    """Draw what a person of each variant brings from its posterior, a normal one.

    By weighted least squares of mean = wave + variant: variants are compared within waves. The
    variance of a person is that of the whole wave, so that a variant of which few bought by chance
    is not believed more than others. The prior of a variant's part is as wide as what a person
    brings on average.
    """
    people = np.array([[cell.people for cell in row] for row in cells], dtype=float)
    totals = np.array([[cell.total for cell in row] for row in cells], dtype=float)
    squares = np.array([[cell.squares for cell in row] for row in cells], dtype=float)
    count, arms = people.shape
    of_wave = people.sum(axis=1)
    average = totals.sum() / max(people.sum(), 1.0)
    if average <= 0:
        return np.zeros((DRAWS, arms))
    means = totals.sum(axis=1) / np.maximum(of_wave, 1)
    variance = squares.sum(axis=1) / np.maximum(of_wave, 1) - means**2
    pooled = squares.sum() / people.sum() - average**2
    variance = np.where(variance > 0, variance, max(pooled, average**2))
    precision = people / variance[:, None]
    seen = np.divide(totals, people, out=np.zeros_like(totals), where=people > 0)
    # Normal equations of (variants, waves); a wave's own part has next to no prior.
    size = arms + count
    matrix: Any = np.zeros((size, size))
    matrix[:arms, :arms] = np.diag(precision.sum(axis=0) + 1.0 / average**2)
    matrix[arms:, arms:] = np.diag(precision.sum(axis=1) + 1e-6 / average**2)
    matrix[:arms, arms:] = precision.T
    matrix[arms:, :arms] = precision
    right = np.concatenate([(precision * seen).sum(axis=0), (precision * seen).sum(axis=1)])
    spread = np.linalg.inv(matrix)
    center = spread @ right
    shift = float(of_wave @ center[arms:]) / max(of_wave.sum(), 1.0)
    covariance = (spread[:arms, :arms] + spread[:arms, :arms].T) / 2
    drawn: Array = random.multivariate_normal(
        center[:arms] + shift, covariance, size=DRAWS, method="eigh"
    )
    return drawn
