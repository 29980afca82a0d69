"""Adds up what was seen of each arm of each wave, in the sums that statistics are made of."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ..attribution.outcomes import ArmOutcome, Cell, RunOutcome
from ..statistics.revenue import Spending
from ..statistics.tallies import Moments, Tally
from .effect import Group, Metric


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """What the people of a cell spent before, in minor units: the sum, and that of its squares."""

    total: float
    squares: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What was seen of each arm of each wave.

    Attributes:
        outcome: What came back.
        currency: Of all money here; None when nobody has ever ordered.
        values: The sums of what people spent in their windows, by cell.
    """

    outcome: RunOutcome
    currency: str | None
    values: Mapping[Cell, Moments]

    def list_cells(self, wave: int, *, is_held_out: bool) -> list[Cell]:
        """Return the cells of a wave: those of its variants, or that of its holdout."""
        return [
            cell
            for cell in self.outcome.cells
            if cell.wave == wave and cell.is_held_out is is_held_out
        ]

    def count(self, cells: Iterable[Cell]) -> Group:
        """Return how many people some cells have, and what they bought."""
        arms = [self.outcome.cells[cell] for cell in cells]
        return Group(
            people=sum(arm.people for arm in arms),
            bought=sum(arm.bought for arm in arms),
            spent=sum(arm.spent.get(self.currency or "", 0) for arm in arms),
        )

    def tally(self, cells: Iterable[Cell], metric: Metric = "conversion") -> Tally:
        """Return how many people of some cells bought, or clicked."""
        arms = [self.outcome.cells[cell] for cell in cells]
        people = sum(arm.people for arm in arms)
        return Tally(people=people, successes=min(people, sum(_take(arm, metric) for arm in arms)))

    def add(self, cells: Iterable[Cell]) -> Moments:
        """Return the sums of what the people of some cells spent."""
        return sum((self.values[cell] for cell in cells), Moments(people=0, total=0, squares=0))

    def spend(self, cells: Iterable[Cell]) -> Spending:
        """Return the same as a model of buyers takes it."""
        some = list(cells)
        values, group = self.add(some), self.count(some)
        return Spending(
            people=group.people, buyers=group.bought, total=values.total, squares=values.squares
        )


def weigh_evidence(
    outcome: RunOutcome,
    *,
    currency: str | None,
    past: Mapping[Cell, Past],
    past_of: Mapping[int, float],
) -> Evidence:
    """Add up what was seen.

    Args:
        outcome: What came back.
        currency: Of money that is compared; what was paid in another one is left out.
        past: What the people of each cell spent before.
        past_of: The same of each buyer, by customer; of who is missing it is 0.
    """
    totals: Counter[Cell] = Counter()
    squares: Counter[Cell] = Counter()
    products: dict[Cell, float] = defaultdict(float)
    for buyer in outcome.buyers:
        value = buyer.values.get(currency or "", 0)
        totals[buyer.cell] += value
        squares[buyer.cell] += value**2
        products[buyer.cell] += value * past_of.get(buyer.customer_id, 0.0)
    nothing = Past(total=0.0, squares=0.0)
    values = {
        cell: Moments(
            people=arm.people,
            total=totals[cell],
            squares=squares[cell],
            past=past.get(cell, nothing).total,
            past_squares=past.get(cell, nothing).squares,
            products=products[cell],
        )
        for cell, arm in outcome.cells.items()
    }
    return Evidence(outcome=outcome, currency=currency, values=values)


def _take(arm: ArmOutcome, metric: Metric) -> int:
    return arm.clicked if metric == "click" else arm.bought
