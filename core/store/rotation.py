"""Moves the hashes of addresses from one suppression key to the next."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, select, update

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
            {
                "address": row.id,
                "old_hash": old.hash_address(row.address),
                "new_hash": new.hash_address(row.address),
            }
            for row in rows
        ]
        connection.execute(
            update(addresses)
            .where(addresses.c.id == bindparam("address"))
            .values(hash=bindparam("new_hash")),
            changes,
        )
        connection.execute(
            update(suppressions)
            .where(suppressions.c.hash == bindparam("old_hash"))
            .values(hash=bindparam("new_hash"), key_id=new.key_id),
            changes,
        )
