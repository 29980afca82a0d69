"""Recommends what sells where the customer lives, and most of all in her favourite category.

`train` learns from the store's purchases how much of each product was bought, in each country
and category, a purchase counting half after `half_life`. `recommend` mixes a country's sales
with those of everywhere, so that a country with few is not ruled by chance.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from functools import cache
from itertools import islice
from typing import Annotated, TypeVar

from ballyhoo import Context, Customer, Options, Product, Reason, Recommendation, hookimpl
from pydantic import Field

from .popularity import (
    SIGNS,
    Popularity,
    PopularityCounter,
    Shelf,
    read_popularity,
    write_popularity,
)

FILE_NAME = "popularity.json"

FAVOURITE = "favourite_category"
"""The trait that names a customer's favourite category, at any level of its path."""

CHUNK = 10_000
"""Events that are looked at in one go."""

T = TypeVar("T")

Days = Annotated[str, Field(pattern=r"^[1-9][0-9]{0,3}d$")]


class BestsellerOptions(Options):
    """The recipe's `recommend` block.

    Attributes:
        top: How many products each customer gets at most.
        half_life: After this many days a purchase counts half, such as `30d`.
        favourite: How much more a product of her favourite category counts: 1 means twice.
        smoothing: How many pieces' worth of everywhere is mixed into a country's sales.
        categories: Only products of these categories, at any level; all when empty.
        skip_bought: Whether what a customer bought is never recommended to her.
    """

    top: int = Field(default=3, ge=1, le=50, description="Most products for each customer.")
    half_life: Days = Field(default="30d", description="A purchase counts half after it.")
    favourite: float = Field(
        default=1.0, ge=0, le=100, description="How much more her favourite category counts."
    )
    smoothing: float = Field(
        default=20.0, ge=0, description="Pieces of everywhere mixed into a country's sales."
    )
    categories: list[str] = Field(default_factory=list, description="Only these categories.")
    skip_bought: bool = Field(default=True, description="Never recommend what she bought.")


@hookimpl
def train(context: Context, stage: str, options: BestsellerOptions) -> None:
    """Learn what sells from what happened before now, and keep it as one JSON file."""
    now = context.clock.now()
    counter = PopularityCounter(
        now=now,
        half_life=timedelta(days=int(options.half_life.removesuffix("d"))),
        products={one.id: one for one in context.store.products() if one is not None},
    )
    done = 0
    for events in _chunks(context.store.events(types=set(SIGNS), until=now), CHUNK):
        ids = sorted({event.customer_id for event in events if event.customer_id is not None})
        counter.add(
            events,
            {one.id: one.country for one in context.store.customers(ids) if one is not None},
        )
        done += len(events)
        context.progress(done)
    with context.artifacts.write() as folder:
        write_popularity(counter.finish(), folder / FILE_NAME)


@hookimpl
def recommend(
    context: Context, options: BestsellerOptions, customers: Sequence[Customer]
) -> list[Sequence[Recommendation]]:
    """Answer what sells for each customer: in her country, her favourite category first.

    Raises:
        EnvironmentMissing: Nothing was trained yet.
    """
    if not customers:
        return []
    popularity = read_popularity(context.artifacts.read() / FILE_NAME)
    rank = _make_ranker(context, options, popularity)
    bought = _find_bought(context, customers) if options.skip_bought else {}
    return [
        _choose(rank(one.country, _favourite_of(one)), bought.get(one.id, set()), options.top)
        for one in customers
    ]


Ranker = Callable[[str | None, str | None], Sequence[Recommendation]]


def _make_ranker(context: Context, options: BestsellerOptions, popularity: Popularity) -> Ranker:
    """Return what ranks all products for a country and a favourite category, each pair once."""
    everywhere = popularity.country(None)
    total = sum(everywhere.values()) or 1.0
    products = _find_sellable(context, options, popularity)

    @cache
    def rank(country: str | None, favourite: str | None) -> Sequence[Recommendation]:
        own: Shelf = popularity.country(country) if country else {}
        ranked = []
        for product in products:
            share = everywhere.get(product.id, 0.0) / total
            score = own.get(product.id, 0.0) + options.smoothing * share
            liked = favourite is not None and favourite in product.category
            if score > 0:
                ranked.append(
                    Recommendation(
                        product_id=product.id,
                        score=score * (1 + options.favourite) if liked else score,
                        reason=Reason(kind="popular", category=favourite if liked else None),
                    )
                )
        return sorted(ranked, key=lambda one: (-one.score, one.product_id))

    return rank


def _find_sellable(
    context: Context, options: BestsellerOptions, popularity: Popularity
) -> list[Product]:
    ids = sorted({id for country in popularity.pieces for id in popularity.country(country)})
    wanted = frozenset(options.categories)
    return [
        product
        for product in context.store.products(ids)
        if product is not None
        and product.stock != 0
        and (not wanted or not wanted.isdisjoint(product.category))
    ]


def _find_bought(context: Context, customers: Sequence[Customer]) -> dict[int, set[int]]:
    ids = {customer.id for customer in customers}
    bought: defaultdict[int, set[int]] = defaultdict(set)
    for event in context.store.events(types={"purchase"}, until=context.clock.now()):
        if event.customer_id in ids and event.product_id is not None:
            bought[event.customer_id].add(event.product_id)
    return bought


def _favourite_of(customer: Customer) -> str | None:
    favourite = customer.traits.get(FAVOURITE)
    return favourite if isinstance(favourite, str) else None


def _choose(
    ranked: Iterable[Recommendation], bought: set[int], top: int
) -> tuple[Recommendation, ...]:
    return tuple(islice((one for one in ranked if one.product_id not in bought), top))


def _chunks(rows: Iterator[T], size: int) -> Iterator[list[T]]:
    while chunk := list(islice(rows, size)):
        yield chunk
