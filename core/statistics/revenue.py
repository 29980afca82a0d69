"""What is believed of the revenue per person: how many buy, times what a buyer spends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .intervals import LEVEL
from .posteriors import PRIOR

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DRAWS = 20_000
"""So that a chance is exact to half a point."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spending:
    """The sums of what an arm's people spent.

    Attributes:
        people: All of them, see `Tally`.
        buyers: Who bought.
        total: What they spent.
        squares: The sum over buyers of the square of what each spent.

    Raises:
        ValueError: There are more buyers than people.
    """

    people: float
    buyers: float
    total: float
    squares: float

    def __post_init__(self) -> None:
        if not 0 <= self.buyers <= self.people:
            raise ValueError(f"{self.buyers} of {self.people} people cannot have bought")

    def __add__(self, other: Spending) -> Spending:
        return Spending(
            people=self.people + other.people,
            buyers=self.buyers + other.buyers,
            total=self.total + other.total,
            squares=self.squares + other.squares,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class RevenuePosterior:
    """What is believed of an arm's revenue per person.

    Attributes:
        mean: Its mean.
        low: It is below this with half of what the level leaves.
        high: And above this with the other half.
        chance: How probable it is that this arm's is the greatest.
    """

    mean: float
    low: float
    high: float
    chance: float


def find_revenue(
    arms: Mapping[str, Spending], *, level: float = LEVEL, seed: int = 0
) -> dict[str, RevenuePosterior]:
    """Return what is believed of the revenue per person of each arm.

    A zero-inflated model (Lachenbruch, 2002): the share of buyers is Beta-Binomial with the prior
    of Jeffreys, the mean of what a buyer spends is Student's t about the mean that was seen (Gelman
    et al., 2013, chapter 3), and revenue per person is their product, by draws. The prior of a
    buyer's spending weighs as much as one buyer (Kass and Wasserman, 1995) and is that of all arms
    together, so that an arm with few buyers, or none, is near the others and not sure of anything.

    Args:
        arms: By name, in one currency.
        level: How sure the bounds are.
        seed: The same seed gives the same draws.

    Returns:
        By name; empty when nobody bought anything in any of the arms.
    """
    import numpy as np

    draws = draw_revenue(arms, seed=seed)
    if not draws:
        return {}
    table = np.array(list(draws.values()))
    best = np.bincount(table.argmax(axis=0), minlength=len(table)) / table.shape[1]
    rest = 100 * (1 - level) / 2
    bounds = np.percentile(table, [rest, 100 - rest], axis=1)
    return {
        name: RevenuePosterior(
            mean=float(table[place].mean()),
            low=float(bounds[0, place]),
            high=float(bounds[1, place]),
            chance=float(best[place]),
        )
        for place, name in enumerate(draws)
    }


def draw_revenue(
    arms: Mapping[str, Spending], *, seed: int = 0, draws: int = DRAWS
) -> dict[str, NDArray[np.float64]]:
    """Return draws of the revenue per person of each arm; see `find_revenue`.

    Args:
        arms: By name, in one currency.
        seed: The same seed gives the same draws.
        draws: How many.

    Returns:
        By name; empty when nobody bought anything in any of the arms.
    """
    import numpy as np

    buyers = sum(one.buyers for one in arms.values())
    if not buyers:
        return {}
    average = sum(one.total for one in arms.values()) / buyers
    second = sum(one.squares for one in arms.values()) / buyers
    spread = max(second - average**2, 0.0) * buyers / max(buyers - 1, 1) or average**2
    generator = np.random.default_rng(seed)
    found = {}
    for name, one in arms.items():
        rate = generator.beta(one.buyers + PRIOR, one.people - one.buyers + PRIOR, draws)
        count = one.buyers + 1
        centre = (one.total + average) / count
        own = one.total / one.buyers if one.buyers else average
        about = max(0.0, one.squares - one.buyers * own**2)
        about += spread + one.buyers / count * (own - average) ** 2
        error = np.sqrt(about / count / count)
        basket = centre + error * generator.standard_t(count, draws)
        found[name] = rate * np.maximum(basket, 0.0)
    return found
