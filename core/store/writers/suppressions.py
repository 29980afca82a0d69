"""Writes addresses that must not be written to; only their hashes are kept."""

from __future__ import annotations

from sqlalchemy import Connection

from ..bulk import insert_rows
from ..rows import Counts
from ..tables import suppressions
from .address_book import renew_suppressions
from .writer import Row, Writer

COLUMNS = ("channel", "hash", "reason", "at", "source", "key_id")


class SuppressionWriter(Writer):
    """Writes `SuppressionRow`s; one that is there keeps its first reason and moment."""

    def write_chunk(self, connection: Connection, rows: list[tuple[int, Row]]) -> Counts:
        """Write suppressions with their indexes within one transaction."""
        hasher = self.store.hasher
        renew_suppressions(connection, hasher, {row[1] for _, row in rows})
        values = [
            (
                row[0],
                hasher.hash_address(row[1]),
                row[2],
                self.now if row[3] is None else row[3],
                self.source,
                hasher.key_id,
            )
            for _, row in rows
        ]
        new = insert_rows(connection, suppressions, COLUMNS, values)
        return Counts(new=new, unchanged=len(values) - new)
