"""Weighs people by the inverse of the share by which their variant was drawn, where it is hers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from ..attribution.clicks import keep_people
from ..attribution.outcomes import Cell, RunOutcome
from ..statistics.revenue import Spending
from ..statistics.tallies import Moments, Tally
from ..statistics.weights import Weights
from ..store.ledger.propensities import add_up_weights, read_weights
from ..store.outcomes import read_clicks_of_run
from .effect import Metric
from .evidence import Evidence

AT_ONCE = 5_000


@dataclass(slots=True, kw_only=True)
class _Sums:
    weights: Weights
    clicked: float = 0.0
    bought: float = 0.0
    total: float = 0.0
    squares: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """What was seen of the variants of a run, its people weighed; only to compare variants by.

    Attributes:
        evidence: The same, of everybody alike.
        cells: Those in which shares are people's own.
    """

    evidence: Evidence
    cells: Mapping[Cell, _Sums]

    @property
    def outcome(self) -> RunOutcome:
        """What came back, of everybody alike."""
        return self.evidence.outcome

    def tally(self, cells: Iterable[Cell], metric: Metric = "conversion") -> Tally:
        """Return how many people of some cells bought, or clicked."""
        nobody = Tally(people=0, successes=0)
        return sum((self._tally(cell, metric) for cell in cells), nobody)

    def add(self, cells: Iterable[Cell]) -> Moments:
        """Return the sums of what the people of some cells spent, without their past."""
        return sum((self._add(cell) for cell in cells), Moments(people=0, total=0, squares=0))

    def spend(self, cells: Iterable[Cell]) -> Spending:
        """Return the same as a model of buyers takes it."""
        some = list(cells)
        values, bought = self.add(some), self.tally(some)
        return Spending(
            people=bought.people,
            buyers=bought.successes,
            total=values.total,
            squares=values.squares,
        )

    def _tally(self, cell: Cell, metric: Metric) -> Tally:
        sums = self.cells.get(cell)
        if sums is None:
            return self.evidence.tally([cell], metric)
        return sums.weights.count(sums.clicked if metric == "click" else sums.bought)

    def _add(self, cell: Cell) -> Moments:
        sums = self.cells.get(cell)
        if sums is None:
            plain = self.evidence.add([cell])
            return Moments(people=plain.people, total=plain.total, squares=plain.squares)
        return sums.weights.measure(sums.total, sums.squares)


def weigh_variants(connection: Connection, run_id: int, evidence: Evidence) -> Weighed:
    """Weigh the people of a run whose variants were drawn by traits.

    Who was given to another variant since, as hers was stopped, counts for none.

    Args:
        connection: Within the transaction that read the evidence.
        run_id: The run.
        evidence: What was seen.
    """
    cells: dict[Cell, _Sums] = {}
    for row in add_up_weights(connection, run_id):
        cell = Cell(wave=row.wave, variant=row.variant, is_held_out=False)
        cells[cell] = _Sums(weights=Weights(total=row.total, squares=row.squares))
    if not cells:
        return Weighed(evidence=evidence, cells=cells)
    clicks = keep_people(read_clicks_of_run(connection, run_id))
    for _, sums, weight in _find(connection, cells, {one.message_id for one in clicks}):
        sums.clicked += weight
    spent: dict[int, int] = defaultdict(int)
    for buyer in evidence.outcome.buyers:
        if not buyer.cell.is_held_out:
            spent[buyer.message_id] += buyer.values.get(evidence.currency or "", 0)
    for message, sums, weight in _find(connection, cells, spent):
        sums.bought += weight
        sums.total += weight * spent[message]
        sums.squares += weight * spent[message] ** 2
    return Weighed(evidence=evidence, cells=cells)


def _find(
    connection: Connection, cells: Mapping[Cell, _Sums], messages: Iterable[int]
) -> Iterator[tuple[int, _Sums, float]]:
    """Yield messages with the sums that they belong to, and the weight of each."""
    wanted: Sequence[int] = sorted(messages)
    for start in range(0, len(wanted), AT_ONCE):
        found = read_weights(connection, wanted[start : start + AT_ONCE])
        for message, (wave, variant, weight) in found.items():
            sums = cells[Cell(wave=wave, variant=variant, is_held_out=False)]
            yield message, sums, weight
