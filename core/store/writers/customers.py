"""Writes customers, their addresses and what they consented to."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, select

from ..bulk import insert_rows, lock_writers, read_json, select_rows, take_ids, update_rows
from ..consent import OF_EMAIL
from ..ordinals import hash_content
from ..preferences import read_languages
from ..rows import Counts, Rejection, dump_json
from ..tables import customers, erased_keys
from .address_book import AddressBook
from .consents import Statement, count_closed, record_statements
from .writer import Row, Writer

TOLD = ("first_name", "last_name", "language", "country", "time_zone", "created_at")
"""Columns that are stored as they are told, in the order of the row from its fourth field."""

LANGUAGE = 3 + TOLD.index("language")

COLUMNS = ("email_id", "phone_id", *TOLD, "traits", "content")


class CustomerWriter(Writer):
    """Writes `CustomerRow`s; what a row leaves open stays, consent is never overridden."""

    chunk_rows = 4_000

    def get_key(self, row: Row) -> str:
        """Return the shop's id: a later row of one customer follows the earlier one."""
        key: str = row[0]
        return key

    def write_chunk(self, connection: Connection, rows: list[tuple[int, Row]]) -> Counts:
        """Write customers with their indexes within one transaction."""
        lock_writers(connection, "customers")
        taken, rejected = self._refuse_erased(connection, rows)
        told = {row[0]: (row, _hash_row(row)) for _, row in taken}
        found = select_rows(connection, customers, ("key", "id", "content"), "key", told)
        same = {key: customer for key, customer, content in found if told[key][1] == content}
        counts = Counts(unchanged=len(same), rejected=rejected)
        yeses = [
            (customer, consent[0])
            for key, customer in same.items()
            for consent in told[key][0][10] or ()
            if consent[1]
        ]
        counts.kept_unsubscribed = count_closed(connection, yeses)
        others = [pair for key, pair in told.items() if key not in same]
        return counts + self._write_others(connection, others) if others else counts

    def _write_others(self, connection: Connection, rows: list[tuple[Row, str]]) -> Counts:
        """Write customers who are new, or of whom the last row said something else."""
        book = AddressBook(
            connection,
            self.store.hasher,
            {("email", row[1]) for row, _ in rows if row[1] is not None}
            | {("phone", row[2]) for row, _ in rows if row[2] is not None},
        )
        known = {
            found[0]: found[1:]
            for found in select_rows(
                connection, customers, ("key", "id", *COLUMNS), "key", {row[0] for row, _ in rows}
            )
        }
        chosen = read_languages(connection, {before[0] for before in known.values()})
        new: list[tuple[Any, ...]] = []
        changed: list[tuple[Any, ...]] = []
        moved: set[int] = set()
        ids = iter(take_ids(connection, customers, len(rows) - len(known)))
        statements: list[Statement] = []
        for row, content in rows:
            before = known.get(row[0])
            email = None if row[1] is None else book.ids["email", row[1]]
            phone = None if row[2] is None else book.ids["phone", row[2]]
            if before is None:
                customer = next(ids)
                new.append((customer, row[0], email, phone, *row[3:9], row[9] or "{}", content))
            else:
                customer = before[0]
                # What she chose herself outlasts what a file says.
                language = chosen.get(customer, row[LANGUAGE])
                told = (email, phone, *row[3:LANGUAGE], language, *row[LANGUAGE + 1 : 9])
                after, is_other = _merge(before, told, row[9])
                changed.append((customer, *after, content))
                email, phone = after[0], after[1]
                if is_other:
                    moved.add(customer)
            for consent in row[10] or ():
                address = email if consent[0] in OF_EMAIL else phone
                if address is not None:
                    statements.append((customer, address, *consent))
        insert_rows(connection, customers, ("id", "key", *COLUMNS), new, are_new=True)
        update_rows(connection, customers, "id", COLUMNS, changed)
        spoken, kept = record_statements(
            connection, book, statements, source=self.source, now=self.now
        )
        touched = moved | (spoken & {row[0] for row in changed})
        return Counts(
            new=len(new),
            updated=len(touched),
            unchanged=len(changed) - len(touched),
            kept_unsubscribed=kept,
        )

    def _refuse_erased(
        self, connection: Connection, rows: list[tuple[int, Row]]
    ) -> tuple[list[tuple[int, Row]], list[Rejection]]:
        """Part the rows of customers who were erased, so that an old file revives nobody."""
        if connection.execute(select(erased_keys.c.hash).limit(1)).first() is None:
            return rows, []
        hasher = self.store.hasher
        hashed = {
            each.hash_customer_key(row[0]): index
            for each in (hasher, *hasher.old)
            for index, row in rows
        }
        found = select_rows(connection, erased_keys, ("hash",), "hash", hashed)
        gone = {hashed[hash_] for (hash_,) in found}
        return (
            [pair for pair in rows if pair[0] not in gone],
            [Rejection(index, "key", "this customer was erased on request") for index in gone],
        )


def _hash_row(row: Row) -> str:
    return hash_content((*row[:10], *[field for consent in row[10] or () for field in consent]))


def _merge(
    before: tuple[Any, ...], told: tuple[Any, ...], traits: str | None
) -> tuple[tuple[Any, ...], bool]:
    """Return the columns after a row was told, and whether they are others than before."""
    kept, stored = before[1:-2], before[-2]
    after = tuple([old if new is None else new for old, new in zip(kept, told, strict=True)])
    had = read_json(stored)
    merged = had if traits is None else {**had, **json.loads(traits)}
    return (*after, dump_json(merged)), after != kept or merged != had
