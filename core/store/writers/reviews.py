"""Writes reviews, and keeps each product's count and sum of stars."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection

from ..bulk import insert_rows, lock_writers, select_rows, update_rows
from ..ordinals import hash_content
from ..rows import Counts
from ..tables import products, reviews
from .events import escape_key
from .writer import Row, Writer, find_customer_ids, find_product_ids, reject_unknown

COLUMNS = ("product_id", "customer_id", "stars", "title", "text", "language", "at")


class ReviewWriter(Writer):
    """Writes `ReviewRow`s; one with an id is what its last row says."""

    def get_key(self, row: Row) -> str | None:
        """Return the given id."""
        key: str | None = row[0]
        return key

    def write_chunk(self, connection: Connection, rows: list[tuple[int, Row]]) -> Counts:
        """Write reviews with their indexes within one transaction."""
        lock_writers(connection, "reviews")
        contents = [hash_content(row[1:]) for _, row in rows if row[0] is None]
        made = iter(self.ordinals.key_rows(contents) if contents else ())
        keys = [next(made) if row[0] is None else escape_key(row[0]) for _, row in rows]
        sold = find_product_ids(connection, {row[1] for _, row in rows})
        customers = find_customer_ids(connection, {row[2] for _, row in rows})
        productless, rejected = reject_unknown(
            ((index, row[1]) for index, row in rows), sold, "sku", "product"
        )
        customerless, more = reject_unknown(
            ((index, row[2]) for index, row in rows if index not in productless),
            customers,
            "customer_key",
            "customer",
        )
        refused = productless | customerless
        told = {
            key: (sold[row[1]][0], None if row[2] is None else customers[row[2]], *row[3:])
            for (index, row), key in zip(rows, keys, strict=True)
            if index not in refused
        }
        known = {
            found[0]: (found[1], tuple(found[2:]))
            for found in select_rows(connection, reviews, ("key", "id", *COLUMNS), "key", told)
        }
        new = [(key, *values) for key, values in told.items() if key not in known]
        changed = [
            (known[key][0], *values)
            for key, values in told.items()
            if key in known and known[key][1] != values
        ]
        insert_rows(connection, reviews, ("key", *COLUMNS), new)
        update_rows(connection, reviews, "id", COLUMNS, changed)
        touched = {row[1] for row in new} | {row[1] for row in changed}
        moved = {row[0] for row in changed}
        touched |= {before[0] for row, before in known.values() if row in moved}
        refresh_stars(connection, touched)
        return Counts(
            new=len(new),
            updated=len(changed),
            unchanged=len(told) - len(new) - len(changed),
            rejected=rejected + more,
        )


def refresh_stars(connection: Connection, touched: Iterable[int]) -> None:
    """Count the reviews and stars of products anew."""
    sums = dict.fromkeys(sorted(touched), (0, 0))
    for product, stars in select_rows(
        connection, reviews, ("product_id", "stars"), "product_id", sums
    ):
        count, total = sums[product]
        sums[product] = (count + 1, total + stars)
    update_rows(
        connection,
        products,
        "id",
        ("review_count", "star_sum"),
        [(product, *counted) for product, counted in sums.items()],
    )
