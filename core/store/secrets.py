"""Hashes addresses by the suppression key, and makes sure that it is the database's own."""

from __future__ import annotations

import hmac
import time
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, insert, select, update

from ..errors import EnvironmentMissing
from .tables import key_checks

HASH_BYTES = 16


@dataclass(frozen=True)
class AddressHasher:
    """Hashes by one key.

    Attributes:
        key: The suppression key.
        old_keys: Those before it; what was hashed by them is still found.
    """

    key: str = field(repr=False)
    old_keys: tuple[str, ...] = field(default=(), repr=False)

    def hash_address(self, address: str) -> str:
        """Return the hash of a normalised address."""
        return hmac.digest(self.key.encode(), address.encode(), "sha256")[:HASH_BYTES].hex()

    def hash_customer_key(self, key: str) -> str:
        """Return the hash of a shop's customer id."""
        return self.hash_address(f"customer\x1f{key}")

    @property
    def key_id(self) -> str:
        """What names the key without telling it."""
        return hmac.digest(self.key.encode(), b"ballyhoo key id", "sha256").hex()[:12]

    @property
    def check_value(self) -> bytes:
        """What proves the key without telling it."""
        return hmac.digest(self.key.encode(), b"ballyhoo suppression key", "sha256")

    @property
    def old(self) -> list[AddressHasher]:
        """A hasher for each of the old keys."""
        return [AddressHasher(key) for key in self.old_keys]


def check_key(engine: Engine, hasher: AddressHasher) -> None:
    """Make sure that a process has the suppression key of its database.

    The first process leaves its key's check value; one that brings a new key together with the
    database's own one as an old key moves the database to the new one.

    Raises:
        EnvironmentMissing: It has another key.
    """
    with engine.connect() as connection:
        current = _read_current(connection)
    if _proves(current, hasher):
        return
    with engine.begin() as connection:
        current = _read_current(connection)
        if current is None:
            _store_check(connection, hasher)
            return
        if _proves(current, hasher):
            return
        for old in hasher.old:
            if _proves(current, old):
                from .rotation import rehash_addresses

                rehash_addresses(connection, old=old, new=hasher)
                connection.execute(update(key_checks).values(is_current=False))
                _store_check(connection, hasher)
                return
    raise EnvironmentMissing(
        "this process has another suppression key than the database, so it would write to "
        "people who are unsubscribed",
        hint="give it the key that the others have (suppression_key in ballyhoo.local.toml, or "
        "BALLYHOO_SUPPRESSION_KEY); to change the key, name the former one in "
        "old_suppression_keys",
    )


def _read_current(connection: Connection) -> Any:
    return connection.execute(select(key_checks).where(key_checks.c.is_current)).first()


def _proves(current: Any, hasher: AddressHasher) -> bool:
    return (
        current is not None
        and current.key_id == hasher.key_id
        and hmac.compare_digest(current.value, hasher.check_value)
    )


def _store_check(connection: Connection, hasher: AddressHasher) -> None:
    values = {
        "key_id": hasher.key_id,
        "value": hasher.check_value,
        "at": time.time_ns() // 1_000_000,
        "is_current": True,
    }
    known = connection.execute(
        update(key_checks).where(key_checks.c.key_id == hasher.key_id).values(is_current=True)
    )
    if known.rowcount == 0:
        connection.execute(insert(key_checks).values(**values))
