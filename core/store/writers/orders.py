"""Writes orders with their lines, and the purchase and return events that follow from them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection

from ..bulk import Row as Values
from ..bulk import delete_rows, insert_rows, lock_writers, select_rows, take_ids, update_rows
from ..listeners import keep_places
from ..ordinals import hash_nested
from ..rows import Counts
from ..tables import events, order_lines, orders
from .events import COLUMNS as EVENT_COLUMNS
from .writer import Row, Writer, find_customer_ids, find_product_ids, mark_stale, reject_unknown

COLUMNS = (
    "customer_id",
    "state",
    "placed_at",
    "shipped_at",
    "tracking_url",
    "currency",
    "total",
    "discount",
    "shipping",
    "code",
    "returned_at",
    "content",
)

LINE_COLUMNS = (
    "order_id",
    "position",
    "product_id",
    "variant_id",
    "sku",
    "title",
    "quantity",
    "amount",
    "returned",
)

SOURCE = "order"
"""The source of the events that follow from orders."""


class OrderWriter(Writer):
    """Writes `OrderRow`s; each is what its last row says, its events too."""

    chunk_rows = 2_000

    def get_key(self, row: Row) -> str:
        """Return the order's number."""
        key: str = row[0]
        return key

    def write_chunk(self, connection: Connection, rows: list[tuple[int, Row]]) -> Counts:
        """Write orders with their indexes within one transaction."""
        lock_writers(connection, "orders")
        customers = find_customer_ids(connection, {row[1] for _, row in rows})
        sold = find_product_ids(connection, {line[0] for _, row in rows for line in row[12]})
        refused, rejected = reject_unknown(
            ((index, row[1]) for index, row in rows), customers, "customer_key", "customer"
        )
        told = {row[0]: row for index, row in rows if index not in refused}
        known = {
            key: (order, customer, content)
            for key, order, customer, content in select_rows(
                connection, orders, ("key", "id", "customer_id", "content"), "key", told
            )
        }
        values: dict[str, Values] = {}
        for key, row in told.items():
            customer = None if row[1] is None else customers[row[1]]
            found = [sold.get(line[0]) for line in row[12]]
            content = hash_nested((*row, customer, found))
            if key not in known or known[key][2] != content:
                values[key] = (customer, *row[2:12], content)
        new = [key for key in values if key not in known]
        changed = [key for key in values if key in known]
        ids = {key: known[key][0] for key in changed}
        ids.update(zip(new, take_ids(connection, orders, len(new)), strict=True))
        columns = ("id", "key", *COLUMNS)
        insert_rows(connection, orders, columns, [(ids[key], key, *values[key]) for key in new])
        update_rows(
            connection, orders, "id", COLUMNS, [(ids[key], *values[key]) for key in changed]
        )
        _drop_lines(connection, {ids[key]: key for key in changed})
        lines = [
            (ids[key], place, *(sold.get(line[0]) or (None, None)), *line)
            for key in values
            for place, line in enumerate(told[key][12])
        ]
        insert_rows(connection, order_lines, LINE_COLUMNS, lines)
        happened = [
            event for key in values for event in _derive_events(told[key], values[key][0], sold)
        ]
        insert_rows(connection, events, EVENT_COLUMNS, happened)
        mark_stale(connection, {row[0] for row in values.values()})
        mark_stale(connection, {known[key][1] for key in changed})
        return Counts(
            new=len(new),
            updated=len(changed),
            unchanged=len(told) - len(new) - len(changed),
            rejected=rejected,
            unmatched_lines=sum(line[0] not in sold for row in told.values() for line in row[12]),
        )


def _derive_events(row: Row, customer: int | None, sold: dict[str, Any]) -> Iterable[Values]:
    key, _, state, placed_at, shipped_at, _, currency, *_, returned_at, lines = row
    if state == "cancelled":
        return
    for place, (sku, _, quantity, amount, returned) in enumerate(lines):
        product = sold[sku][0] if sku in sold else None
        name = name_event(key, place)
        facts = (currency, key, SOURCE, None)
        if state == "credit":  # pieces of earlier orders came back; nothing was bought
            yield (
                f"{name}/return",
                customer,
                product,
                "return",
                placed_at,
                quantity,
                amount,
                *facts,
            )
            continue
        yield (name, customer, product, "purchase", placed_at, quantity, amount, *facts)
        back = quantity if state == "returned" else min(returned, quantity)
        if back:
            at = returned_at or shipped_at or placed_at
            paid = amount * back // quantity
            yield (f"{name}/return", customer, product, "return", at, back, paid, *facts)


def name_event(order_key: str, position: int) -> str:
    """Return the key of the purchase event of an order's line."""
    return f"#order/{order_key}/{position}"


def _drop_lines(connection: Connection, changed: dict[int, str]) -> None:
    """Remove the lines of orders, and the events that followed from them."""
    before = select_rows(connection, order_lines, ("order_id", "position"), "order_id", changed)
    names = [name_event(changed[order], position) for order, position in before]
    if delete_rows(connection, events, "key", [*names, *(f"{name}/return" for name in names)]):
        keep_places(connection)
    delete_rows(connection, order_lines, "order_id", changed)
