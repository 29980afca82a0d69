"""Weighs people of whom each had shares of her own, so that arms are those of everybody."""

from __future__ import annotations

from dataclasses import dataclass

from .tallies import Moments, Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """The sums of weights of an arm's people: for each, one over the share by which it is hers.

    Who got a variant because of her traits says nothing of what it does to others. With these
    weights everybody stands for as many as are like her (inverse propensity: Horvitz and Thompson,
    1952), and means are divided by the sum of weights (Hajek, 1971): it is as if arms had been
    drawn by lot. Unequal weights tell less, so people count as `total**2 / squares` (Kish, 1965),
    which depends on nothing that they did.

    Attributes:
        total: The sum of the weights.
        squares: The sum of their squares; above 0.
    """

    total: float
    squares: float

    @property
    def people(self) -> float:
        """As how many people of equal weight they tell."""
        return self.total**2 / self.squares

    def count(self, reacted: float) -> Tally:
        """Return the tally of an arm.

        Args:
            reacted: The sum of the weights of who did it.
        """
        successes = reacted * self.total / self.squares
        return Tally(people=self.people, successes=min(self.people, successes))

    def measure(self, total: float, squares: float) -> Moments:
        """Return the sums of an arm's values, without their past.

        Args:
            total: The sum over people of weight times value.
            squares: The sum of weight times the square of the value.
        """
        factor = self.total / self.squares
        return Moments(people=self.people, total=total * factor, squares=squares * factor)
