"""Looks up customers and products by what the shop calls them."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from .bulk import CHUNK_ROWS, find_ids, select_rows
from .engine import Store
from .tables import addresses, customers, skus


def find_customers(store: Store, keys: Sequence[str]) -> list[int | None]:
    """Return our id for each of the shop's own customer ids; None for an unknown one."""
    found: dict[str, int] = {}
    with store.read() as connection:
        for start in range(0, len(keys), CHUNK_ROWS):
            found |= find_ids(connection, customers, "key", keys[start : start + CHUNK_ROWS])
    return [found.get(key) for key in keys]


def find_customer_keys(store: Store, emails: Sequence[str]) -> list[str | None]:
    """Return the shop's id of the customer with each address; None when nobody has it.

    Args:
        store: An open store.
        emails: Normalised addresses. Of several customers with one, the oldest is taken.
    """
    hash_of = {email: store.hasher.hash_address(email) for email in set(emails)}
    with store.read() as connection:
        known = {
            row: hashed
            for row, kind, hashed in select_rows(
                connection, addresses, ("id", "kind", "hash"), "hash", set(hash_of.values())
            )
            if kind == "email"
        }
        people = select_rows(connection, customers, ("id", "key", "email_id"), "email_id", known)
    key_of: dict[str, str] = {}
    for _, key, address in sorted(people):
        key_of.setdefault(known[address], key)
    return [key_of.get(hash_of[email]) for email in emails]


def find_products(store: Store, names: Sequence[str]) -> list[int | None]:
    """Return our id of the product of each sku, its own or a variant's; None for an unknown one."""
    with store.read() as connection:
        rows = select_rows(connection, skus, ("sku", "product_id"), "sku", set(names))
    found: dict[str, int] = dict(rows)
    return [found.get(name) for name in names]


def unknown_products(store: Store, names: Collection[str]) -> set[str]:
    """Return those of the skus that are neither a product's nor a variant's."""
    wanted = list(names)
    found = find_products(store, wanted)
    return {name for name, product in zip(wanted, found, strict=True) if product is None}
