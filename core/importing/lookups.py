"""The questions that an import asks the store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..store.engine import Store


@dataclass(slots=True)
class StoreLookups:
    """Asks it about customers and products."""

    store: Store

    def customer_keys(self, emails: Sequence[str]) -> list[str | None]:
        """Return the shop's key of the customer with each address; None where there is none."""
        from ..store.lookups import find_customer_keys

        return find_customer_keys(self.store, emails)

    def unknown_customers(self, keys: Sequence[str]) -> set[str]:
        """Return the keys that no customer has."""
        from ..store.lookups import find_customers

        found = find_customers(self.store, keys)
        return {key for key, identity in zip(keys, found, strict=True) if identity is None}

    def unknown_products(self, skus: Sequence[str]) -> set[str]:
        """Return the skus that no product or variant has."""
        from ..store.lookups import unknown_products

        return unknown_products(self.store, skus)
