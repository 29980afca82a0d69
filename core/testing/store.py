"""A store in memory that keeps to the contract of the view that plugins get."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, NoReturn

from ..customer import Customer
from ..enquiry import Article, LabelledEnquiry
from ..event import Event
from ..functions import to_milliseconds
from ..interactions import Interactions, Ratings, make_interactions, make_ratings
from ..product import Product
from .invented import SAMPLE_NOW

if TYPE_CHECKING:
    from ..conditions.checked import CheckedCondition


class FakeStore:
    """Customers, products, events and articles that a test gives; a `StoreView`.

    What it answers cannot be changed, and is the same every time.

    Args:
        customers: In any order; each id once.
        products: In any order; each id once.
        events: In any order; each with an aware moment.
        articles: Those that are valid now.
        keys: Our customer id by the shop's own id.
        ratings: In any order; the ids of customer and product, when, and the stars.
        labelled: Questions whose intent is known.

    Raises:
        ValueError: An id occurs twice, a moment has no time zone, or a key or a rating names
            nobody.
    """

    def __init__(
        self,
        customers: Iterable[Customer] = (),
        products: Iterable[Product] = (),
        events: Iterable[Event] = (),
        articles: Iterable[Article] = (),
        keys: Mapping[str, int] | None = None,
        ratings: Iterable[tuple[int, int, datetime, float]] = (),
        labelled: Iterable[LabelledEnquiry] = (),
    ) -> None:
        self._customers = _by_id("customer", customers)
        self._products = _by_id("product", products)
        happened = list(_by_id("event", events).values())
        for event in happened:
            if event.at.tzinfo is None:
                raise ValueError(f"the event '{event.id}' happened at a moment without time zone")
        self._events = sorted(happened, key=lambda event: event.at)
        self._articles = tuple(articles)
        self._labelled = tuple(labelled)
        self._keys = dict(keys or {})
        nobody = [id for id in self._keys.values() if id not in self._customers]
        if nobody:
            raise ValueError(f"keys lead to customers that are not there: {nobody}")
        self._ratings = sorted(ratings, key=lambda rating: rating[2])
        nobody = [one[0] for one in self._ratings if one[0] not in self._customers]
        if nobody:
            raise ValueError(f"ratings are of customers that are not there: {nobody}")

    def customer_ids(self) -> Iterator[int]:
        """Yield the ids of all customers, ascending."""
        yield from sorted(self._customers)

    def find_customers(self, keys: Sequence[str]) -> list[int | None]:
        """Return our id for each of the shop's own customer ids; None for an unknown one."""
        return [self._keys.get(key) for key in keys]

    def customers(self, ids: Sequence[int]) -> list[Customer | None]:
        """Return the customer of each id, aligned; None for an unknown one."""
        return [self._customers.get(id) for id in ids]

    def products(self, ids: Sequence[int] | None = None) -> list[Product | None]:
        """Return the product of each id, aligned, None for an unknown one; all when None."""
        wanted = sorted(self._products) if ids is None else ids
        return [self._products.get(id) for id in wanted]

    def events(
        self, *, types: Collection[str] | None = None, until: datetime | None = None
    ) -> Iterator[Event]:
        """Yield events in the order they happened.

        Args:
            types: Only these; all when None.
            until: Only what happened before this moment; everything when None.

        Raises:
            ValueError: `until` has no time zone.
        """
        if until is not None and until.tzinfo is None:
            raise ValueError(f"until={until.isoformat()} has no time zone")
        for event in self._events:
            if until is not None and event.at >= until:
                return
            if types is None or event.type in types:
                yield event

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
            ValueError: `until` has no time zone.
        """
        wanted = self._customers if customers is None else set(customers) & set(self._customers)
        told = [
            one
            for one in self.events(types=types, until=until)
            if one.customer_id in wanted and one.product_id is not None
        ]
        names = sorted({one.type for one in told} if types is None else set(types))
        return make_interactions(
            [one.customer_id for one in told],
            [one.product_id for one in told],
            [to_milliseconds(one.at) for one in told],
            [names.index(one.type) for one in told],
            [one.quantity for one in told],
            names,
        )

    def ratings(
        self, *, until: datetime | None = None, customers: Collection[int] | None = None
    ) -> Ratings:
        """Return the stars that customers gave, as columns in the order they were given.

        Args:
            until: Only what was written before this moment; everything when None.
            customers: Only of these; of all when None.
        """
        told = [
            one
            for one in self._ratings
            if (until is None or one[2] < until) and (customers is None or one[0] in customers)
        ]
        return make_ratings(
            [one[0] for one in told],
            [one[1] for one in told],
            [to_milliseconds(one[2]) for one in told],
            [one[3] for one in told],
        )

    def find_products(self, condition: CheckedCondition) -> list[int]:
        """Return the ids of the products for which a condition holds, ascending.

        Of a product that a test gives nobody knows when it was added nor its reviews: it counts as
        added in 1970, without a review.
        """
        from .catalogue import find_products

        return find_products(self._products.values(), condition, SAMPLE_NOW)

    def articles(self, *, language: str | None = None) -> list[Article]:
        """Return the articles, or only those of a language."""
        return [one for one in self._articles if language is None or one.language == language]

    def labelled_enquiries(self) -> list[LabelledEnquiry]:
        """Return the labelled questions."""
        return list(self._labelled)


def _by_id(what: str, rows: Iterable[Any]) -> dict[Any, Any]:
    by_id: dict[Any, Any] = {}
    for row in rows:
        if row.id in by_id:
            raise ValueError(f"the {what} {row.id} is there twice")
        by_id[row.id] = _freeze(row)
    return by_id


def _freeze(row: Any) -> Any:
    """Return the same row with mappings and lists that refuse to be changed."""
    return replace(
        row,
        **{
            name: _freeze_value(value)
            for name in row.__dataclass_fields__
            if isinstance(value := getattr(row, name), dict | list | Mapping)
        },
    )


def _freeze_value(value: Any) -> Any:
    if isinstance(value, Mapping):
        return _FrozenDict({key: _freeze_value(below) for key, below in value.items()})
    if isinstance(value, list):
        return _FrozenList(_freeze_value(below) for below in value)
    return value


def _refuse(self: Any, *args: Any, **kwargs: Any) -> NoReturn:
    raise TypeError("what the store gives cannot be changed; make a copy")


# Subclasses of dict and list, unlike read-only proxies, survive pickling and json.
class _FrozenDict(dict[Any, Any]):
    __setitem__ = __delitem__ = __ior__ = _refuse
    clear = pop = popitem = setdefault = update = _refuse

    def __reduce__(self) -> Any:
        return _FrozenDict, (dict(self),)


class _FrozenList(list[Any]):
    __setitem__ = __delitem__ = __iadd__ = __imul__ = _refuse
    append = clear = extend = insert = pop = remove = reverse = sort = _refuse

    def __reduce__(self) -> Any:
        return _FrozenList, (list(self),)
