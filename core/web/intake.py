"""Stores the events that shops tell, those of many requests in one durable transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ..store.engine import Store
from ..store.rows import EventRow
from ..store.writers.events import EventWriter
from .gathering import Gathering
from .rollups import RollUps

MOST_ROWS = 2_000
SOURCE = "web"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What became of the events of one request.

    Attributes:
        stored: How many are in the store now; one that was told before counts too.
        rejected: Item, field and reason of those that could not be: who or what is not known.
    """

    stored: int
    rejected: tuple[tuple[int, str | None, str], ...]


class Intake:
    """Takes batches of events and commits what has come meanwhile together.

    Args:
        store: An open store.
        roll_ups: Are told when something was stored.
    """

    def __init__(self, store: Store, roll_ups: RollUps) -> None:
        self._store = store
        self._roll_ups = roll_ups
        self._writer = EventWriter(store, source=SOURCE)
        self._gathering: Gathering[Sequence[EventRow], Taken] = Gathering(
            "intake", self._write, most_rows=MOST_ROWS, patience_seconds=store.patience_seconds
        )

    async def take(self, rows: Sequence[EventRow]) -> Taken:
        """Store events; they are durable when the answer is there.

        Raises:
            Overloaded: Too much waits already, or the intake was closed.
        """
        return await self._gathering.ask(rows, size=len(rows))

    def close(self) -> None:
        """Commit what is waiting, and stop."""
        self._gathering.close()

    def _write(self, group: list[Sequence[EventRow]]) -> list[Taken]:
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
