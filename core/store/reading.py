"""Reads the store for plugins: what choosing and writing need, and no identity."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, and_, or_, select
from sqlalchemy.sql.expression import FromClause, SelectBase

from ..clock import Clock
from ..conditions.checked import CheckedCondition
from ..conditions.selecting import compile_condition
from ..customer import Customer, TraitValue
from ..enquiry import Article, LabelledEnquiry
from ..event import Event
from ..interactions import Interactions, Ratings
from ..money import from_minor
from ..product import Product
from .bulk import CHUNK_ROWS, read_json, select_rows
from .catalogue import read_products
from .engine import Store
from .interactions import read_interactions, read_ratings
from .knowledge import read_articles, read_labelled
from .lookups import find_customers
from .profiles import DAY
from .segments import hold_audience
from .tables import (
    customers,
    events,
    products,
    profiles,
)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

COUNTED = ("orders", "pieces", "returned_pieces", "views", "reorder_days")
NAMED = ("currency", "favourite_category", "favourite_brand")
PAID = ("total_spent", "price_low", "price_high")
MOMENTS = {
    "first_order_at": "days_since_first_order",
    "last_order_at": "days_since_last_order",
    "last_viewed_at": "days_since_last_view",
    "last_seen_at": "days_since_last_seen",
}


class StoredView:
    """The read-only view of the store that plugins get.

    Long lists are read in pages, so that nothing is locked while a plugin works on them.
    """

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    def customer_ids(self) -> Iterator[int]:
        """Yield the ids of all customers who were not erased, ascending."""
        last = 0
        while True:
            query = (
                select(customers.c.id)
                .where(customers.c.id > last, customers.c.erased_at.is_(None))
                .order_by(customers.c.id)
                .limit(CHUNK_ROWS)
            )
            with self._store.read() as connection:
                page = connection.execute(query).scalars().all()
            yield from page
            if len(page) < CHUNK_ROWS:
                return
            last = page[-1]

    def select_ids(self, answer: SelectBase | FromClause) -> Iterator[int]:
        """Yield the ids that a segment's selectable finds, ascending, each once.

        Raises:
            PluginError: The database cannot run it.
        """
        with hold_audience(self._store, answer) as audience:
            yield from audience.stream()

    def find_customers(self, keys: Sequence[str]) -> list[int | None]:
        """Return our id for each of the shop's own customer ids; None for an unknown one."""
        return find_customers(self._store, keys)

    def customers(self, ids: Sequence[int]) -> list[Customer | None]:
        """Return the customer of each id, aligned; None for an unknown or erased one."""
        now = to_moment(self._clock.now())
        found: dict[int, Customer] = {}
        with self._store.read() as connection:
            for start in range(0, len(ids), CHUNK_ROWS):
                wanted = set(ids[start : start + CHUNK_ROWS])
                for customer in _read_customers(connection, wanted, now):
                    found[customer.id] = customer
        return [found.get(customer) for customer in ids]

    def products(self, ids: Sequence[int] | None = None) -> list[Product | None]:
        """Return the product of each id, aligned, None for an unknown one; all when None."""
        with self._store.read() as connection:
            if ids is None:
                ids = list(
                    connection.execute(select(products.c.id).order_by(products.c.id)).scalars()
                )
            found = read_products(connection, set(ids))
        return [found.get(product) for product in ids]

    def events(
        self, *, types: Collection[str] | None = None, until: datetime | None = None
    ) -> Iterator[Event]:
        """Yield events in the order they happened.

        Args:
            types: Only these; all when None.
            until: Only what happened before this moment; everything when None.
        """
        query: Select[Any] = select(events).order_by(events.c.at, events.c.id).limit(CHUNK_ROWS)
        if types is not None:
            query = query.where(events.c.type.in_(sorted(types)))
        if until is not None:
            query = query.where(events.c.at < to_moment(until))
        last: tuple[int, int] | None = None
        while True:
            page = query
            if last is not None:
                at, row_id = last
                page = query.where(
                    and_(
                        events.c.at >= at,
                        or_(events.c.at > at, events.c.id > row_id),
                    )
                )
            with self._store.read() as connection:
                rows = connection.execute(page).all()
            for row in rows:
                yield make_event(row)
            if len(rows) < CHUNK_ROWS:
                return
            last = (rows[-1].at, rows[-1].id)

    def interactions(
        self,
        *,
        types: Collection[str] | None = None,
        until: datetime | None = None,
        customers: Collection[int] | None = None,
    ) -> Interactions:
        """Return what customers did with products, as columns in the order it happened.

        Args:
            types: Only these; all when None.
            until: Only what happened before this moment; everything when None.
            customers: Only of these; of all when None.

        Raises:
            DataError: `types` is None and there are more than 256 types.
        """
        before = None if until is None else to_moment(until)
        return read_interactions(self._store, types=types, until=before, customer_ids=customers)

    def ratings(
        self, *, until: datetime | None = None, customers: Collection[int] | None = None
    ) -> Ratings:
        """Return the stars that customers gave, as columns in the order they were given.

        Args:
            until: Only what was written before this moment; everything when None.
            customers: Only of these; of all when None.
        """
        return read_ratings(
            self._store,
            until=None if until is None else to_moment(until),
            customer_ids=customers,
        )

    def find_products(self, condition: CheckedCondition) -> list[int]:
        """Return the ids of the products for which a condition holds now, ascending."""
        found = compile_condition(condition, now=self._clock.now())
        with self._store.read() as connection:
            return sorted(row.id for row in connection.execute(found))

    def articles(self, *, language: str | None = None) -> list[Article]:
        """Return the articles of the knowledge base that are valid now, in order of their ids."""
        with self._store.read() as connection:
            return read_articles(connection, to_moment(self._clock.now()), language)

    def labelled_enquiries(self) -> list[LabelledEnquiry]:
        """Return the questions of which a person said what was wanted, oldest first."""
        with self._store.read() as connection:
            return read_labelled(connection)


def to_moment(at: datetime) -> int:
    """Return an aware time as the database keeps it: UTC milliseconds."""
    return (at - EPOCH) // timedelta(milliseconds=1)


def from_moment(moment: int) -> datetime:
    """Return UTC milliseconds as an aware time."""
    return EPOCH + timedelta(milliseconds=moment)


def _read_customers(connection: Connection, ids: set[int], now: int) -> Iterator[Customer]:
    names = (*COUNTED, *NAMED, *PAID, *MOMENTS)
    stored = {
        row[0]: dict(zip(names, row[1:], strict=True))
        for row in select_rows(connection, profiles, ("customer_id", *names), "customer_id", ids)
    }
    columns = ("id", "language", "country", "time_zone", "created_at", "traits")
    for customer, language, country, time_zone, created_at, traits in select_rows(
        connection, customers, columns, "id", ids, where="erased_at IS NULL"
    ):
        known: dict[str, TraitValue] = read_json(traits)
        known |= name_profile(stored.get(customer), now, created_at)
        yield Customer(
            id=customer, language=language, country=country, time_zone=time_zone, traits=known
        )


def name_profile(
    values: Mapping[str, Any] | None, now: int, created_at: int | None
) -> dict[str, TraitValue]:
    """Return the rolled-up columns as a plugin sees them; what is not known is left out.

    Args:
        values: Columns of a profile by name; None for a customer without events.
        now: The moment from which days are counted back, in UTC milliseconds.
        created_at: When she signed up, or None.
    """
    since = {} if created_at is None else {"days_since_signup": (now - created_at) // DAY}
    if values is None:
        return {"orders": 0, "views": 0, **since}
    named = {name: values[name] for name in (*COUNTED, *NAMED)}
    if values["currency"] is not None:
        for name in PAID:
            if values[name] is not None:
                named[name] = float(from_minor(values[name], values["currency"]))
    for name, days in MOMENTS.items():
        if values[name] is not None:
            named[days] = (now - values[name]) // DAY
    named |= since
    return {name: value for name, value in named.items() if value is not None}


def make_event(row: Any) -> Event:
    """Return a row of the events as plugins get it."""
    value = None
    if row.value is not None and row.currency is not None:
        value = from_minor(row.value, row.currency)
    return Event(
        id=row.key,
        type=row.type,
        at=from_moment(row.at),
        customer_id=row.customer_id,
        product_id=row.product_id,
        quantity=row.quantity,
        value=value,
        currency=row.currency,
        source=row.source,
        properties=row.properties or {},
    )
