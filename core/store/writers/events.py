"""Writes events, each of them once however often it is told."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from ..bulk import insert_rows, select_rows
from ..ordinals import hash_content
from ..rows import Counts
from ..tables import events
from .withdrawals import WITHDRAWING, record_withdrawals
from .writer import Row, Writer, find_customer_ids, find_product_ids, mark_stale, reject_unknown

COLUMNS = (
    "key",
    "customer_id",
    "product_id",
    "type",
    "at",
    "quantity",
    "value",
    "currency",
    "order_key",
    "source",
    "properties",
)


class EventWriter(Writer):
    """Writes `EventRow`s; an event that is there stays as it was told first."""

    def write_chunk(self, connection: Connection, rows: list[tuple[int, Row]]) -> Counts:
        """Write events with their indexes within one transaction."""
        keys = self._make_keys([row for _, row in rows])
        known = find_customer_ids(connection, {row[3] for _, row in rows})
        sold = find_product_ids(connection, {row[4] for _, row in rows})
        customerless, rejected = reject_unknown(
            ((index, row[3]) for index, row in rows), known, "customer_key", "customer"
        )
        productless, more = reject_unknown(
            ((index, row[4]) for index, row in rows if index not in customerless),
            sold,
            "sku",
            "product",
        )
        refused = customerless | productless
        values = []
        for (index, row), key in zip(rows, keys, strict=True):
            if index in refused:
                continue
            _, kind, at, customer, sku, quantity, value, currency, order_key, properties = row
            customer_id = None if customer is None else known[customer]
            product_id = None if sku is None else sold[sku][0]
            values.append(
                (
                    key,
                    customer_id,
                    product_id,
                    kind,
                    at,
                    quantity,
                    value,
                    currency,
                    order_key,
                    self.source,
                    properties,
                )
            )
        new = self._insert(connection, values)
        return Counts(new=new, unchanged=len(values) - new, rejected=rejected + more)

    def _make_keys(self, rows: Sequence[Row]) -> list[str]:
        contents = [hash_content(row[1:]) for row in rows if row[0] is None]
        made = iter(self.ordinals.key_rows(contents) if contents else ())
        return [next(made) if row[0] is None else escape_key(row[0]) for row in rows]

    def _insert(self, connection: Connection, values: list[tuple[Any, ...]]) -> int:
        if connection.dialect.name == "postgresql":
            # Looking first is cheap, and what is new can then go in by COPY alone.
            keys = {row[0] for row in values}
            there = {key for (key,) in select_rows(connection, events, ("key",), "key", keys)}
            fresh: dict[str, tuple[Any, ...]] = {}
            for row in values:
                if row[0] not in there:
                    fresh.setdefault(row[0], row)
            values = list(fresh.values())
        new = insert_rows(connection, events, COLUMNS, values, are_new=True)
        if new:
            mark_stale(connection, {row[1] for row in values})
            withdrawn = [row for row in values if row[3] in WITHDRAWING and row[1] is not None]
            if withdrawn:
                record_withdrawals(
                    self.store, connection, [(row[1], row[3], row[4]) for row in withdrawn]
                )
        return new


def escape_key(key: str) -> str:
    """Return a given id so that it cannot be one that we make (they begin with one #)."""
    return f"#{key}" if key.startswith("#") else key
