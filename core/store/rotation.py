"""Moves the hashes of addresses from one suppression key to the next."""

from __future__ import annotations

from sqlalchemy import Connection, select

from .bulk import update_rows
from .secrets import AddressHasher
from .tables import addresses, suppressions

CHUNK = 5_000


def rehash_addresses(connection: Connection, *, old: AddressHasher, new: AddressHasher) -> None:
    """Give every address that is still known its new hash, and its suppressions with it.

    The address itself is gone where a customer was erased: such a suppression keeps its old
    hash, and is found by the old key when somebody comes with this address again.
    """
    last = 0
    while True:
        rows = connection.execute(
            select(addresses.c.id, addresses.c.address)
            .where(addresses.c.id > last, addresses.c.address.is_not(None))
            .order_by(addresses.c.id)
            .limit(CHUNK)
        ).all()
        if not rows:
            break
        last = rows[-1].id
        changes = [
            (row.id, old.hash_address(row.address), new.hash_address(row.address)) for row in rows
        ]
        update_rows(connection, addresses, "id", ("hash",), [(row, now) for row, _, now in changes])
        update_rows(
            connection,
            suppressions,
            "hash",
            ("hash", "key_id"),
            [(was, now, new.key_id) for _, was, now in changes],
        )
