"""Writes customers' questions."""

from __future__ import annotations

from sqlalchemy import Connection

from ..bulk import insert_rows
from ..ordinals import hash_content
from ..rows import Counts
from ..tables import enquiries
from .events import escape_key
from .writer import Row, Writer, find_customer_ids, reject_unknown

COLUMNS = ("key", "customer_id", "text", "language", "at", "conversation", "intent", "source")


class EnquiryWriter(Writer):
    """Writes `EnquiryRow`s; one that is there stays as it was told first."""

    def write_chunk(self, connection: Connection, rows: list[tuple[int, Row]]) -> Counts:
        """Write enquiries with their indexes within one transaction."""
        contents = [hash_content(row[1:]) for _, row in rows if row[0] is None]
        made = iter(self.ordinals.key_rows(contents) if contents else ())
        keys = [next(made) if row[0] is None else escape_key(row[0]) for _, row in rows]
        customers = find_customer_ids(connection, {row[1] for _, row in rows})
        refused, rejected = reject_unknown(
            ((index, row[1]) for index, row in rows), customers, "customer_key", "customer"
        )
        values = [
            (key, None if row[1] is None else customers[row[1]], *row[2:], self.source)
            for (index, row), key in zip(rows, keys, strict=True)
            if index not in refused
        ]
        new = insert_rows(connection, enquiries, COLUMNS, values)
        return Counts(new=new, unchanged=len(values) - new, rejected=rejected)
