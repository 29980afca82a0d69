"""Stores the events that shops tell, those of many requests in one durable transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ..store.engine import Store
from ..store.rows import EventRow
from ..store.writers.events import EventWriter
from .rollups import RollUps
from .waiting import Gatherer

MOST_ROWS = 2_000
SOURCE = "web"


class Taken(NamedTuple):
    """What became of the events of one request.

    Attributes:
        stored: How many are in the store now; one that was told before counts too.
        rejected: Item, field and reason of those that could not be: who or what is not known.
    """

    stored: int
    rejected: tuple[tuple[int, str | None, str], ...]


class Intake:
    """Takes batches of events, to be stored with what else has come meanwhile.

    Args:
        gatherer: Stores them.
    """

    def __init__(self, gatherer: Gatherer[Sequence[EventRow], Taken]) -> None:
        self._gatherer = gatherer

    async def take(self, rows: Sequence[EventRow]) -> Taken:
        """Store events; they are durable when the answer is there.

        Raises:
            Overloaded: Too much waits already, or the intake was closed.
        """
        return await self._gatherer.ask(rows, size=len(rows))


class EventBatches:
    """Stores batches of events, those of many requests in one transaction.

    Args:
        store: An open store.
        roll_ups: Are told when something was stored.
    """

    def __init__(self, store: Store, roll_ups: RollUps) -> None:
        self._store = store
        self._roll_ups = roll_ups
        self._writer = EventWriter(store, source=SOURCE)

    def write(self, group: list[Sequence[EventRow]]) -> list[Taken]:
        """Store the batches of a group, and return what became of each."""
        rows = [row for one in group for row in one]
        with self._store.begin() as connection:
            counts = self._writer.write_chunk(connection, list(enumerate(rows)))
        self._roll_ups.note()
        answers: list[Taken] = []
        start = 0
        for one in group:
            end = start + len(one)
            rejected = tuple(
                (bad.row - start, bad.field, bad.reason)
                for bad in counts.rejected
                if start <= bad.row < end
            )
            answers.append(Taken(stored=len(one) - len(rejected), rejected=rejected))
            start = end
        return answers
