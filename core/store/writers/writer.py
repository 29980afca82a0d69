"""What all writers share: short transactions, counts, keys and references."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from types import TracebackType
from typing import Any

from sqlalchemy import Connection

from ..bulk import CHUNK_ROWS, find_ids, insert_rows, select_rows
from ..engine import Store
from ..ordinals import Ordinals
from ..profiles import refresh_profiles
from ..rows import Counts, Rejection
from ..tables import customers, skus, stale_profiles

Row = Sequence[Any]
Progress = Callable[[int, int | None], None]


class Writer(ABC):
    """Writes the rows of one file, in their order.

    Each call of `write` commits before it returns, in transactions that are short enough for
    others to write in between. Writing the same rows again changes nothing. Leaving the `with`
    block without an error brings the roll-ups up to date; when the process dies before, whoever
    finishes next does it.
    """

    chunk_rows = CHUNK_ROWS

    def __init__(
        self, store: Store, *, source: str = "import", now: datetime | None = None
    ) -> None:
        self.store = store
        self.source = source
        self.now = time.time_ns() // 1_000_000 if now is None else int(now.timestamp() * 1000)
        self.ordinals = Ordinals()

    def write(self, rows: Sequence[Row]) -> Counts:
        """Write rows, and return what became of them."""
        total = Counts()
        # SQLite lets one write at a time: half a second at most for each transaction.
        size = self.chunk_rows if self.store.dialect == "sqlite" else len(rows)
        for start in range(0, len(rows), max(size, 1)):
            chunk = rows[start : start + size]
            with self.store.begin() as connection:
                total += self._write_separated(connection, chunk, start)
        total.rejected.sort()
        return total

    def write_within(self, connection: Connection, rows: Sequence[Row]) -> Counts:
        """Write few rows within a transaction of the caller's, and return what became of them."""
        counts = self._write_separated(connection, rows, 0)
        counts.rejected.sort()
        return counts

    @abstractmethod
    def write_chunk(self, connection: Connection, rows: list[tuple[int, Row]]) -> Counts:
        """Write rows with their indexes within one transaction."""

    def _write_separated(self, connection: Connection, chunk: Sequence[Row], start: int) -> Counts:
        counts = Counts()
        for indexed in self._separate(chunk, start):
            counts += self.write_chunk(connection, indexed)
        return counts

    def get_key(self, row: Row) -> Any:
        """Return what must be once in a chunk; None when repeats do no harm."""
        return None

    def finish(self, progress: Progress | None = None) -> None:
        """Bring the roll-ups of everything that was touched up to date."""
        self.ordinals.close()
        refresh_profiles(self.store, progress)

    def _separate(self, chunk: Sequence[Row], start: int) -> list[list[tuple[int, Row]]]:
        """Return the rows in lists so that no key comes twice in one, the first ones first."""
        rounds: list[list[tuple[int, Row]]] = [[]]
        seen: Counter[Any] = Counter()
        for pair in enumerate(chunk, start):
            key = self.get_key(pair[1])
            turn = 0 if key is None else seen[key]
            if key is not None:
                seen[key] += 1
            if turn == len(rounds):
                rounds.append([])
            rounds[turn].append(pair)
        return rounds

    def __enter__(self) -> Writer:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is None:
            self.finish()
        else:
            self.ordinals.close()


def find_customer_ids(connection: Connection, keys: Iterable[str | None]) -> dict[str, int]:
    """Return our id of each of the shop's customer ids that is known."""
    return find_ids(connection, customers, "key", keys)


def find_product_ids(
    connection: Connection, names: Iterable[str | None]
) -> dict[str, tuple[int, int | None]]:
    """Return product and variant of each sku that is known."""
    wanted = {name for name in names if name is not None}
    rows = select_rows(connection, skus, ("sku", "product_id", "variant_id"), "sku", wanted)
    return {sku: (product, variant) for sku, product, variant in rows}


def reject_unknown(
    rows: Iterable[tuple[int, Any]], known: Any, field: str, what: str
) -> tuple[set[int], list[Rejection]]:
    """Return the indexes of the rows whose reference is not known, and why they are refused.

    Args:
        rows: Index and reference (None refers to nothing) of each row.
        known: The references that are known.
        field: The name of the field that holds the reference.
        what: What it should be.
    """
    refused = [index for index, name in rows if name is not None and name not in known]
    return set(refused), [
        Rejection(index, field, f"no {what} has this id; import {what}s first") for index in refused
    ]


def mark_stale(connection: Connection, ids: Iterable[int | None]) -> None:
    """Note that these customers' profiles are older than their events."""
    rows = [(customer,) for customer in sorted({i for i in ids if i is not None})]
    insert_rows(connection, stale_profiles, ("customer_id",), rows)
