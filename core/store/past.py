"""The view of the store as of a moment: what a plugin could have known then, and nothing later.

What is kept without a date is left out rather than guessed: the shop's own traits of a customer,
and how many pieces of a product there are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, Integer, Select, func, null, select
from sqlalchemy.sql.visitors import replacement_traverse

from ..clock import StillClock
from ..conditions.checked import CheckedCondition
from ..conditions.selecting import compile_condition
from ..customer import Customer
from ..event import Event
from ..interactions import Interactions, Ratings
from ..product import Product
from .bulk import CHUNK_ROWS
from .engine import Store
from .profiles import compute_profiles
from .reading import StoredView, name_profile, to_moment
from .tables import customers, events, products, reviews


class PastView(StoredView):
    """The view of the store as of a moment.

    Events, interactions and ratings are those before it. The roll-ups of a customer (orders, days
    since the last one ...) are computed from her events before it. Customers and products that
    came later are not there; a product that somebody did something with before was there, whenever
    it was imported.

    Args:
        store: An open store.
        moment: What is "now" in it, aware.
    """

    def __init__(self, store: Store, moment: datetime) -> None:
        super().__init__(store, StillClock(moment))
        self._moment = moment
        self._before = to_moment(moment)
        self._hidden: frozenset[int] | None = None

    def customer_ids(self) -> Iterator[int]:
        """Yield the ids of the customers who were there, ascending."""
        later = _find_later_customers(self._store, self._before)
        yield from (one for one in super().customer_ids() if one not in later)

    def customers(self, ids: Sequence[int]) -> list[Customer | None]:
        """Return the customer of each id as she was, aligned; None for one who was not there."""
        later = _find_later_customers(self._store, self._before)
        found: list[Customer | None] = []
        for start in range(0, len(ids), CHUNK_ROWS):
            some = ids[start : start + CHUNK_ROWS]
            with self._store.read() as connection:
                profiles = compute_profiles(connection, some, before=self._before)
                created = _read_created(connection, some)
            for customer in super().customers(some):
                if customer is None or customer.id in later:
                    found.append(None)
                    continue
                traits = name_profile(
                    profiles.get(customer.id), self._before, created.get(customer.id)
                )
                found.append(replace(customer, traits=traits))
        return found

    def products(self, ids: Sequence[int] | None = None) -> list[Product | None]:
        """Return the products that were there, aligned; what was in stock is not known."""
        hidden = self._find_hidden()
        if ids is None:
            there = [one for one in super().products() if one is not None and one.id not in hidden]
            return [replace(one, stock=None) for one in there]
        return [
            None if one is None or one.id in hidden else replace(one, stock=None)
            for one in super().products(ids)
        ]

    def events(
        self, *, types: Collection[str] | None = None, until: datetime | None = None
    ) -> Iterator[Event]:
        """Yield the events before the moment, in the order they happened."""
        return super().events(types=types, until=self._cut(until))

    def interactions(
        self,
        *,
        types: Collection[str] | None = None,
        until: datetime | None = None,
        customers: Collection[int] | None = None,
    ) -> Interactions:
        """Return what customers did with products before the moment, as columns."""
        return super().interactions(types=types, until=self._cut(until), customers=customers)

    def ratings(
        self, *, until: datetime | None = None, customers: Collection[int] | None = None
    ) -> Ratings:
        """Return the stars that customers gave before the moment, as columns."""
        return super().ratings(until=self._cut(until), customers=customers)

    def find_products(self, condition: CheckedCondition) -> list[int]:
        """Return the ids of the products for which a condition held, ascending.

        Stock counts as not known, reviews as those before the moment; category, brand, price and
        the like are those of today.
        """
        found = _put_into_the_past(compile_condition(condition, now=self._moment), self._before)
        with self._store.read() as connection:
            ids = sorted(row.id for row in connection.execute(found))
        hidden = self._find_hidden()
        return [one for one in ids if one not in hidden]

    def _cut(self, until: datetime | None) -> datetime:
        return self._moment if until is None else min(until, self._moment)

    def _find_hidden(self) -> frozenset[int]:
        """Return the products that came into the catalogue later, as far as can be told."""
        if self._hidden is None:
            with self._store.read() as connection:
                self._hidden = frozenset(_find_later_products(connection, self._before))
        return self._hidden


def _find_later_customers(store: Store, before: int) -> set[int]:
    """Return the ids of those who, as the shop says, signed up at the moment or later."""
    query = select(customers.c.id).where(customers.c.created_at >= before)
    with store.read() as connection:
        return {row.id for row in connection.execute(query)}


def _find_later_products(connection: Connection, before: int) -> set[int]:
    later = select(products.c.id).where(products.c.created_at >= before)
    ids = {row.id for row in connection.execute(later)}
    if not ids:
        return ids
    # In one pass: only purchases have an index by product.
    known = select(events.c.product_id).where(events.c.at < before).distinct()
    return ids - {row.product_id for row in connection.execute(known)}


def _read_created(connection: Connection, ids: Sequence[int]) -> dict[int, int]:
    query = select(customers.c.id, customers.c.created_at).where(
        customers.c.id.in_(ids), customers.c.created_at.is_not(None)
    )
    return {row.id: row.created_at for row in connection.execute(query)}


def _put_into_the_past(statement: Select[Any], before: int) -> Select[Any]:
    """Return a condition over products in which what changes with time is as it was."""
    written = (reviews.c.product_id == products.c.id, reviews.c.at < before)
    count = select(func.count()).where(*written).correlate(products).scalar_subquery()
    stars = select(func.coalesce(func.sum(reviews.c.stars), 0)).where(*written)
    instead: dict[str, ColumnElement[Any]] = {
        "stock": null().cast(Integer),
        "review_count": count,
        "star_sum": stars.correlate(products).scalar_subquery(),
    }

    def swap(element: Any, **_: Any) -> Any:
        if getattr(element, "table", None) is products:
            return instead.get(element.name)
        return None

    changed: Any = replacement_traverse(statement, {}, swap)
    return cast(Select[Any], changed)
