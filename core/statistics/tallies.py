"""Sums that stand for people: how many, how many of them did it, and what they spent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many people an arm has, and how many of them did something, such as buy.

    Attributes:
        people: All of them; where they are weighed, as many as they tell of.
        successes: Who did it; each person counts once.

    Raises:
        ValueError: More did it than there are, or a count is negative.
    """

    people: float
    successes: float

    def __post_init__(self) -> None:
        if not 0 <= self.successes <= self.people:
            raise ValueError(f"{self.successes} of {self.people} people cannot have done it")

    def __add__(self, other: Tally) -> Tally:
        return Tally(people=self.people + other.people, successes=self.successes + other.successes)

    @property
    def rate(self) -> float:
        """The share of people who did it; 0 when there is nobody."""
        return self.successes / self.people if self.people else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """The sums of a value over an arm's people, and of what was known of them before.

    Sums of whole numbers, such as minor units of money, stay exact whatever their size.

    Attributes:
        people: All of them, see `Tally`; who has no value counts with 0.
        total: The sum of the value.
        squares: The sum of its squares.
        past: The sum of the same people's value from before the run, such as past spend.
        past_squares: The sum of its squares.
        products: The sum over people of the value times the past one.
    """

    people: float
    total: float
    squares: float
    past: float = 0.0
    past_squares: float = 0.0
    products: float = 0.0

    def __add__(self, other: Moments) -> Moments:
        return Moments(
            people=self.people + other.people,
            total=self.total + other.total,
            squares=self.squares + other.squares,
            past=self.past + other.past,
            past_squares=self.past_squares + other.past_squares,
            products=self.products + other.products,
        )

    @property
    def mean(self) -> float:
        """The value per person; 0 when there is nobody."""
        return self.total / self.people if self.people else 0.0

    @property
    def past_mean(self) -> float:
        """The past value per person; 0 when there is nobody."""
        return self.past / self.people if self.people else 0.0

    @property
    def variance(self) -> float:
        """The unbiased variance of the value; 0 for fewer than two people."""
        return max(0.0, self._spread(self.total, self.total, self.squares))

    @property
    def past_variance(self) -> float:
        """The unbiased variance of the past value; 0 for fewer than two people."""
        return max(0.0, self._spread(self.past, self.past, self.past_squares))

    @property
    def covariance(self) -> float:
        """The unbiased covariance of both; 0 for fewer than two people."""
        return self._spread(self.total, self.past, self.products)

    def _spread(self, one: float, other: float, products: float) -> float:
        count = self.people
        if count < 2:
            return 0.0
        return (count * products - one * other) / (count * (count - 1))


def measure(values: ArrayLike, past: ArrayLike | None = None) -> Moments:
    """Return the sums of an arm's values.

    Args:
        values: One for each person, 0 for whom there is none.
        past: Aligned: what was known before; 0 for everybody when None.
    """
    import numpy as np

    now = np.asarray(values, dtype=np.float64)
    before = np.zeros_like(now) if past is None else np.asarray(past, dtype=np.float64)
    return Moments(
        people=len(now),
        total=float(now.sum()),
        squares=float((now * now).sum()),
        past=float(before.sum()),
        past_squares=float((before * before).sum()),
        products=float((now * before).sum()),
    )


def count_as_values(tally: Tally) -> Moments:
    """Return the sums of a value that is 1 for who did it, and 0 for who did not."""
    return Moments(people=tally.people, total=tally.successes, squares=tally.successes)


def weigh_waves(sizes: Sequence[tuple[float, float]]) -> list[float]:
    """Return how much each wave's difference counts in the pooled one: n1 n0 / (n1 + n0).

    These are the weights of Mantel and Haenszel (1959; for differences: Greenland and Robins,
    1985). They depend on no outcome. Where the same share is held out in each wave they are in
    proportion to its people, so that the pooled difference is the mean over people; a wave that
    lacks an arm counts nothing.

    Args:
        sizes: People of each wave: treated, and in the control.
    """
    return [one * other / (one + other) if one and other else 0.0 for one, other in sizes]
