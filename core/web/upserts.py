"""Stores customers, products and orders that shops tell, as an import of them would."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..clock import Clock
from ..importing.objects import Objects, Refusal
from ..store.engine import Store
from ..store.rows import Counts
from ..store.writers import open_writer
from .waiting import Gatherer

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from ..importing.records.batch import StoreRow
    from ..store.writers.writer import Writer
    from .rollups import RollUps

KINDS = ("customers", "products", "orders")
"""What can be told, in the order in which it is best told."""

MOST_ROWS = 2_000
SOURCE = "web"


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """The records of one request.

    Attributes:
        rows: For the store's writer.
        is_atomic: Whether one that the store refuses is enough to store none.
    """

    rows: Sequence[StoreRow]
    is_atomic: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Upserted:
    """What became of the objects of one request.

    Attributes:
        counts: Of those that were stored; all 0 when none was.
        refusals: What is wrong with the others.
        refused: How many records were not stored.
    """

    counts: Counts
    refusals: tuple[Refusal, ...]
    refused: int


class Upserts:
    """Takes objects, to be stored with those of the same kind that came meanwhile.

    Args:
        gatherers: Store the batches of each kind.
    """

    def __init__(self, gatherers: Mapping[str, Gatherer[Batch, Counts]]) -> None:
        self._gatherers = gatherers

    async def take(self, objects: Objects, *, is_atomic: bool) -> Upserted:
        """Store objects; they are durable when the answer is there.

        Args:
            objects: What was read.
            is_atomic: Whether one that is wrong is enough to store none.

        Raises:
            Overloaded: Too much waits already, or all was closed.
        """
        counts = Counts()
        if objects.rows and not (is_atomic and objects.refusals):
            batch = Batch(rows=objects.rows, is_atomic=is_atomic)
            counts = await self._gatherers[objects.kind].ask(batch, size=len(objects.rows))
        return _answer(objects, counts, is_atomic=is_atomic)


class Batches:
    """Stores batches of one kind, those of many requests in one transaction.

    Args:
        store: An open store.
        roll_ups: Are told when something was stored.
        clock: Gives the moment of what is told without one.
        kind: One of `KINDS`.
    """

    def __init__(self, store: Store, roll_ups: RollUps, clock: Clock, kind: str) -> None:
        self._store = store
        self._roll_ups = roll_ups
        self._clock = clock
        self._kind = kind

    def write(self, group: list[Batch]) -> list[Counts]:
        """Store the batches of a group, and return the counts of each."""
        writer = open_writer(self._store, self._kind, source=SOURCE, now=self._clock.now())
        with self._store.begin() as connection:
            counts = [_write_one(connection, writer, one) for one in group]
        self._roll_ups.note()
        return counts


def _write_one(connection: Connection, writer: Writer, batch: Batch) -> Counts:
    if not batch.is_atomic:
        return writer.write_within(connection, batch.rows)
    savepoint = connection.begin_nested()
    counts = writer.write_within(connection, batch.rows)
    if counts.rejected:
        savepoint.rollback()
    else:
        savepoint.commit()
    return counts


def _answer(objects: Objects, counts: Counts, *, is_atomic: bool) -> Upserted:
    refusals = list(objects.refusals)
    for rejection in counts.rejected:
        column = objects.column_of(rejection.field)
        refusals += [
            Refusal(item, column, rejection.reason) for item in objects.items[rejection.row]
        ]
    refused = objects.refused + len(counts.rejected)
    if is_atomic and refusals:
        counts, refused = Counts(), objects.refused + len(objects.rows)
    return Upserted(
        counts=counts,
        refusals=tuple(sorted(refusals, key=lambda one: one.item)),
        refused=refused,
    )
