"""A shop that is made up, with something to find: tastes, refills, pairs, seasons, novelties."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from ballyhoo import Context, Customer, Event, Options, Product, Recommendation
from ballyhoo.plugins.cf_recommender import recommender
from ballyhoo.plugins.cf_recommender.options import CfOptions
from ballyhoo.testing import SAMPLE_NOW, FakeStore, SimulatedClock, make_context

TASTES = ("running", "climbing", "cycling", "swimming", "camping")
PER_TASTE = 24
COLD = 4
REFILLS = tuple(range(1, 1 + PER_TASTE * len(TASTES), 8))
"""Products that are bought again every month: every eighth."""
COUNTRIES = ("DE", "AT", "GB")
WORDS = {
    "running": ("jog", "sprint", "marathon", "trail"),
    "climbing": ("rope", "chalk", "boulder", "harness"),
    "cycling": ("pedal", "chain", "saddle", "spoke"),
    "swimming": ("goggle", "fin", "lane", "splash"),
    "camping": ("tent", "stove", "lantern", "hammock"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """A shop up to a day, and what was bought in the month after it.

    Attributes:
        customers: Everybody.
        products: Everything; nobody bought the last four of each taste before that day.
        before: What happened before that day.
        after: The products that each customer bought in the month after it.
    """

    customers: Sequence[Customer]
    products: Sequence[Product]
    before: Sequence[Event]
    after: Mapping[int, set[int]]

    def bought(self, customer: int) -> set[int]:
        """Return what a customer had bought before."""
        return {
            one.product_id
            for one in self.before
            if one.customer_id == customer and one.type == "purchase" and one.product_id
        }

    @property
    def store(self) -> FakeStore:
        """The store as it was on that day."""
        return FakeStore(self.customers, self.products, self.before)


def taste_of(product: int) -> int:
    """Return which taste a product is of."""
    return (product - 1) // PER_TASTE


def is_cold(product: int) -> bool:
    """Whether nobody bought a product before the day."""
    return (product - 1) % PER_TASTE >= PER_TASTE - COLD


def partner_of(product: int) -> int:
    """Return the product that is mostly bought with another: its pair."""
    return product + 1 if product % 2 else product - 1


def make_shop(seed: int = 1, customers: int = 240, wording: Any = None) -> Shop:
    """Return a shop of customers who each love one taste and look into another.

    Args:
        seed: Of everything drawn.
        customers: How many.
        wording: What writes the title of a product; words of its taste when None.
    """
    draw = random.Random(seed)
    wording = wording or word_title
    products = [_make_product(id, wording(id, draw)) for id in _all_ids()]
    people, before = [], []
    after: dict[int, set[int]] = {}
    for id in range(1, customers + 1):
        people.append(Customer(id=id, country=COUNTRIES[id % len(COUNTRIES)], language="en"))
        if id % 10 == 0:
            continue  # nothing is known of every tenth
        favourite = id % len(TASTES)
        had: set[int] = set()
        refill = draw.choice([one for one in REFILLS if taste_of(one) == favourite])
        for days in range(330, 0, -30):
            bought = _fill_cart(draw, favourite, had, days)
            if days <= 180:
                bought.add(refill)
            had |= bought
            before += _buy(id, bought, SAMPLE_NOW - timedelta(days=days, hours=id % 24))
        month = _fill_cart(draw, favourite, had, 0, with_cold=True)
        after[id] = month | {refill}
    return Shop(customers=people, products=products, before=before, after=after)


def _all_ids() -> range:
    return range(1, 1 + PER_TASTE * len(TASTES))


def word_title(product: int, draw: random.Random) -> str:
    """Return a title of words that products of the same taste share."""
    words = WORDS[TASTES[taste_of(product)]]
    return f"{draw.choice(words)} {draw.choice(words)} no{product}"


def _make_product(id: int, title: str) -> Product:
    return Product(
        id=id,
        sku=f"P-{id}",
        titles={"en": title},
        category=("sport", f"aisle {id % 7}"),
        stock=5,
        attributes={"margin": "high"} if id % 11 == 0 else {},
    )


def _fill_cart(
    draw: random.Random, favourite: int, had: set[int], days: int, *, with_cold: bool = False
) -> set[int]:
    """Return a cart: products of the taste that are new to her, two of them often a pair."""
    taste = favourite if draw.random() < 0.85 else draw.randrange(len(TASTES))
    fitting = [
        one
        for one in _all_ids()
        if taste_of(one) == taste and one not in had and (with_cold or not is_cold(one))
    ]
    cart = set(draw.sample(fitting, min(2, len(fitting))))
    pairs = {partner_of(one) for one in cart if draw.random() < 0.7}
    cart |= {one for one in pairs if one not in had and (with_cold or not is_cold(one))}
    season = 1 + (days // 60) % PER_TASTE  # one product of each taste is in fashion for a while
    if draw.random() < 0.4 and not is_cold(season):
        cart.add(season)
    return cart


def _buy(customer: int, products: set[int], at: datetime) -> list[Event]:
    return [
        Event(
            id=f"{customer}-{at:%Y%m%d%H}-{one}",
            type="purchase",
            at=at,
            customer_id=customer,
            product_id=one,
        )
        for one in sorted(products)
    ]


def recommend(
    store: Any, folder: Path, customers: Sequence[Customer], **options: Any
) -> tuple[list[list[Recommendation]], Context]:
    """Train and recommend, as a run does.

    The order is learned from the past only where it is asked for: that takes longer than all else.
    """
    read: Options = CfOptions.model_validate({"learn": False, **options})
    context = make_context(
        "cf_recommender", store=store, folder=folder, clock=SimulatedClock(SAMPLE_NOW)
    )
    recommender.train(context, "recommend", read)
    return recommender.recommend(context, read, customers), context
