"""The read-only view of the store that plugins get."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from ..customer import Customer
from ..enquiry import Article, LabelledEnquiry
from ..event import Event
from ..interactions import Interactions, Ratings
from ..product import Product

if TYPE_CHECKING:
    from ..conditions.checked import CheckedCondition


class StoreView(Protocol):
    """What a plugin may read; nothing in it can be changed, and no identity is in it."""

    def customer_ids(self) -> Iterator[int]:
        """Yield the ids of all customers, ascending."""
        ...

    def find_customers(self, keys: Sequence[str]) -> list[int | None]:
        """Return our id for each of the shop's own customer ids; None for an unknown one."""
        ...

    def customers(self, ids: Sequence[int]) -> list[Customer | None]:
        """Return the customer of each id, aligned; None for an unknown or erased one."""
        ...

    def products(self, ids: Sequence[int] | None = None) -> list[Product | None]:
        """Return the product of each id, aligned, None for an unknown one; all when None."""
        ...

    def events(
        self, *, types: Collection[str] | None = None, until: datetime | None = None
    ) -> Iterator[Event]:
        """Yield events in the order they happened.

        Args:
            types: Only these; all when None.
            until: Only what happened before this moment; everything when None. An honest
                evaluation sets it to the time it pretends to live in.
        """
        ...

    def interactions(
        self,
        *,
        types: Collection[str] | None = None,
        until: datetime | None = None,
        customers: Collection[int] | None = None,
    ) -> Interactions:
        """Return what customers did with products, as columns in the order it happened.

        Only events that have a customer, who was not erased, and a product. No object is made for
        an event: ten million of them are read in seconds.

        Args:
            types: Only these; all when None.
            until: Only what happened before this moment; everything when None.
            customers: Only of these; of all when None.

        Raises:
            DataError: `types` is None and there are more than 256 types.
        """
        ...

    def ratings(
        self, *, until: datetime | None = None, customers: Collection[int] | None = None
    ) -> Ratings:
        """Return the stars that customers gave, as columns in the order they were given.

        Only reviews of a customer who is known and was not erased.

        Args:
            until: Only what was written before this moment; everything when None.
            customers: Only of these; of all when None.
        """
        ...

    def find_products(self, condition: CheckedCondition) -> list[int]:
        """Return the ids of the products for which a condition holds now, ascending.

        Args:
            condition: An option of the type `ProductCondition`.
        """
        ...

    def articles(self, *, language: str | None = None) -> list[Article]:
        """Return the articles of the knowledge base that are valid now."""
        ...

    def labelled_enquiries(self) -> list[LabelledEnquiry]:
        """Return the questions of which a person said what was wanted, oldest first."""
        ...
