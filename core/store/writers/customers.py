"""Writes customers, their addresses and what they consented to."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, select

from ..bulk import insert_rows, lock_writers, read_json, select_rows, take_ids, update_rows
from ..rows import Counts, Rejection, dump_json
from ..tables import customers, erased_keys
from .address_book import AddressBook
from .consents import Statement, record_statements
from .writer import Row, Writer

TOLD = ("first_name", "last_name", "language", "country", "time_zone", "created_at")
"""Columns that are stored as they are told, in the order of the row from its fourth field."""

COLUMNS = ("email_id", "phone_id", *TOLD, "traits")


class CustomerWriter(Writer):
    """Writes `CustomerRow`s; what a row leaves open stays, consent is never overridden."""

    def get_key(self, row: Row) -> str:
        """Return the shop's id: a later row of one customer follows the earlier one."""
        key: str = row[0]
        return key

    def write_chunk(self, connection: Connection, rows: list[tuple[int, Row]]) -> Counts:
        """Write customers with their indexes within one transaction."""
        lock_writers(connection, "customers")
        taken, rejected = self._refuse_erased(connection, rows)
        book = AddressBook(
            connection,
            self.store.hasher,
            {("email", row[1]) for _, row in taken if row[1] is not None}
            | {("phone", row[2]) for _, row in taken if row[2] is not None},
        )
        known = {
            found[0]: found[1:]
            for found in select_rows(
                connection,
                customers,
                ("key", "id", *COLUMNS),
                "key",
                {row[0] for _, row in taken},
            )
        }
        new: list[tuple[Any, ...]] = []
        changed: list[tuple[Any, ...]] = []
        ids = iter(take_ids(connection, customers, len(taken) - len(known)))
        statements: list[Statement] = []
        for _, row in taken:
            before = known.get(row[0])
            email = None if row[1] is None else book.ids["email", row[1]]
            phone = None if row[2] is None else book.ids["phone", row[2]]
            if before is None:
                customer = next(ids)
                new.append((customer, row[0], email, phone, *row[3:9], row[9] or "{}"))
            else:
                customer = before[0]
                after = _merge(before, (email, phone, *row[3:9]), row[9])
                if after is not None:
                    changed.append((customer, *after))
                    email, phone = after[0], after[1]
                else:
                    email, phone = before[1], before[2]
            for consent in row[10] or ():
                address = email if consent[0] == "email" else phone
                if address is not None:
                    statements.append((customer, address, *consent))
        insert_rows(connection, customers, ("id", "key", *COLUMNS), new)
        update_rows(connection, customers, "id", COLUMNS, changed)
        spoken, kept = record_statements(
            connection, book, statements, source=self.source, now=self.now
        )
        touched = {row[0] for row in changed} | (spoken - {row[0] for row in new})
        return Counts(
            new=len(new),
            updated=len(touched),
            unchanged=len(taken) - len(new) - len(touched),
            rejected=rejected,
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


def _merge(
    before: tuple[Any, ...], told: tuple[Any, ...], traits: str | None
) -> tuple[Any, ...] | None:
    """Return the columns after a row was told; None when nothing changes."""
    kept = before[1:-1]
    after = tuple([old if new is None else new for old, new in zip(kept, told, strict=True)])
    stored = before[-1]
    if traits is not None and traits != stored:
        had = read_json(stored)
        merged = {**had, **json.loads(traits)}
        if merged != had:
            return (*after, dump_json(merged))
    if after == kept:
        return None
    return (*after, stored if isinstance(stored, str) else dump_json(stored))
