"""Stores customers, products and orders that shops tell, as an import of them would."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..clock import Clock
from ..importing.objects import Objects, Refusal
from ..store.engine import Store
from ..store.rows import Counts
from ..store.writers import open_writer
from .gathering import Gathering

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from ..store.writers.writer import Writer
    from .rollups import RollUps

KINDS = ("customers", "products", "orders")
"""What can be told, in the order in which it is best told."""

MOST_ROWS = 2_000
SOURCE = "web"


@dataclass(frozen=True, slots=True, kw_only=True)
class Upsert:
    """The objects of one request.

    Attributes:
        objects: What was read.
        is_atomic: Whether one that is wrong is enough to store none.
    """

    objects: Objects
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
    """Takes objects; those of one kind that came meanwhile are committed together.

    Args:
        store: An open store.
        roll_ups: Are told when something was stored.
        clock: Gives the moment of what is told without one.
    """

    def __init__(self, store: Store, roll_ups: RollUps, clock: Clock) -> None:
        self._store = store
        self._roll_ups = roll_ups
        self._clock = clock
        self._gatherings: dict[str, Gathering[Upsert, Upserted]] = {
            kind: Gathering(
                kind, self._write, most_rows=MOST_ROWS, patience_seconds=store.patience_seconds
            )
            for kind in KINDS
        }

    async def take(self, upsert: Upsert) -> Upserted:
        """Store objects; they are durable when the answer is there.

        Raises:
            Overloaded: Too much waits already, or all was closed.
        """
        objects = upsert.objects
        return await self._gatherings[objects.kind].ask(upsert, size=max(1, len(objects.rows)))

    def close(self) -> None:
        """Commit what is waiting, and stop."""
        for one in self._gatherings.values():
            one.close()

    def _write(self, group: list[Upsert]) -> list[Upserted]:
        kind = group[0].objects.kind
        writer = open_writer(self._store, kind, source=SOURCE, now=self._clock.now())
        with self._store.begin() as connection:
            answers = [_write_one(connection, writer, one) for one in group]
        self._roll_ups.note()
        return answers


def _write_one(connection: Connection, writer: Writer, upsert: Upsert) -> Upserted:
    objects = upsert.objects
    if not objects.rows or (upsert.is_atomic and objects.refusals):
        return _answer(upsert, Counts())
    if not upsert.is_atomic:
        return _answer(upsert, writer.write_within(connection, objects.rows))
    savepoint = connection.begin_nested()
    counts = writer.write_within(connection, objects.rows)
    if counts.rejected:
        savepoint.rollback()
    else:
        savepoint.commit()
    return _answer(upsert, counts)


def _answer(upsert: Upsert, counts: Counts) -> Upserted:
    objects = upsert.objects
    refusals = list(objects.refusals)
    for rejection in counts.rejected:
        column = objects.column_of(rejection.field)
        refusals += [
            Refusal(item, column, rejection.reason) for item in objects.items[rejection.row]
        ]
    refused = objects.refused + len(counts.rejected)
    if upsert.is_atomic and refusals:
        counts, refused = Counts(), objects.refused + len(objects.rows)
    return Upserted(
        counts=counts,
        refusals=tuple(sorted(refusals, key=lambda one: one.item)),
        refused=refused,
    )
