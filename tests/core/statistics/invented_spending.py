"""Invents what many people spend: most nothing, some a lot, and much as they did before."""

from __future__ import annotations

import numpy as np

from ballyhoo.core.statistics.tallies import Moments


def invent(
    generator: np.random.Generator,
    shape: tuple[int, ...],
    *,
    rate: float = 0.1,
    lift: float = 0.0,
    likeness: float = 0.0,
) -> tuple[np.ndarray, np.ndarray]:
    """Return what each spends and spent before, in whole minor units.

    Args:
        generator: Of chance.
        shape: Simulations, people.
        rate: The share that buys.
        lift: What is added to it.
        likeness: The share of people who do again what they did before.
    """
    propensity = generator.random(shape)
    again = generator.random(shape) < likeness
    now = np.where(again, propensity, generator.random(shape)) < rate + lift
    before = propensity < rate
    return now * draw_baskets(generator, shape), before * draw_baskets(generator, shape)


def draw_baskets(generator: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Return baskets with a heavy tail: their mean is 6,610."""
    return np.round(np.exp(generator.normal(8.6, 0.625, shape)))


BASKET = float(np.exp(8.6 + 0.625**2 / 2))


def sum_up(now: np.ndarray, before: np.ndarray | None = None) -> list[Moments]:
    """Return the sums of each simulation."""
    past = np.zeros_like(now) if before is None else before
    columns = (now, now * now, past, past * past, now * past)
    sums = [one.sum(axis=1) for one in columns]
    return [Moments(people=now.shape[1], **_name(row)) for row in zip(*sums, strict=True)]


def _name(row: tuple[float, ...]) -> dict[str, float]:
    names = ("total", "squares", "past", "past_squares", "products")
    return dict(zip(names, map(float, row), strict=True))
