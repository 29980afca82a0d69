"""Finds the rows of normalised addresses, and makes those that are not there yet."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, select

from ..bulk import insert_rows, select_rows, take_ids, update_rows
from ..secrets import AddressHasher
from ..tables import addresses, suppressions

Address = tuple[str, str]
"""Kind (`email`, `phone`) and normalised address."""


class AddressBook:
    """The addresses of one chunk of rows.

    Attributes:
        ids: Our id by kind and address.
        made: Ids of the addresses that were not there before.
    """

    def __init__(
        self, connection: Connection, hasher: AddressHasher, wanted: Iterable[Address]
    ) -> None:
        hash_of = {address: hasher.hash_address(address[1]) for address in sorted(wanted)}
        found = {
            (kind, hashed): (row, address)
            for kind, hashed, row, address in select_rows(
                connection, addresses, ("kind", "hash", "id", "address"), "hash", hash_of.values()
            )
        }
        missing = [pair for pair, hashed in hash_of.items() if (pair[0], hashed) not in found]
        made = dict(zip(missing, take_ids(connection, addresses, len(missing)), strict=True))
        insert_rows(
            connection,
            addresses,
            ("id", "kind", "address", "hash"),
            [(row, *pair, hash_of[pair]) for pair, row in made.items()],
            are_new=True,
        )
        forgotten = [
            (found[pair[0], hashed][0], pair[1])
            for pair, hashed in hash_of.items()
            if (pair[0], hashed) in found and found[pair[0], hashed][1] is None
        ]
        update_rows(connection, addresses, "id", ("address",), forgotten)
        self.made = frozenset(made.values())
        self.ids = {
            pair: made[pair] if pair in made else found[pair[0], hashed][0]
            for pair, hashed in hash_of.items()
        }
        if hasher.old_keys:
            renew_suppressions(connection, hasher, [address for _, address in hash_of])


def renew_suppressions(
    connection: Connection, hasher: AddressHasher, normalised: Iterable[str]
) -> None:
    """Give suppressions that an old key hashed the current hash, now that the address is here."""
    has_old = connection.execute(
        select(suppressions.c.hash).where(suppressions.c.key_id != hasher.key_id).limit(1)
    ).first()
    if has_old is None:
        return
    changes = [
        (old.hash_address(address), hasher.hash_address(address), hasher.key_id)
        for old in hasher.old
        for address in normalised
    ]
    update_rows(connection, suppressions, "hash", ("hash", "key_id"), changes)
