"""The sample shop: an invented shop with a year behind it, the same for a seed and a date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from .assortment import SampleProduct, make_products
from .orders import SampleOrder, SampleReview, make_order, write_reviews
from .people import NUMBER, Person, make_people
from .visits import Assortment, Look, Purchase, live

SEED = 12
DAYS = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class SampleShop:
    """A shop with its past, in the order of customers.

    Attributes:
        ends_at: Up to when it is looked at.
        products: What it sells.
        people: Its customers.
        looks: What they looked at, and put into the cart.
        orders: What they ordered, with all that will become of it.
        reviews: What they say of it.
    """

    ends_at: datetime
    products: Sequence[SampleProduct]
    people: Sequence[Person]
    looks: Sequence[Look]
    orders: Sequence[SampleOrder]
    reviews: Sequence[SampleReview]


def make_shop(
    ends_at: datetime,
    *,
    people: int = NUMBER,
    seed: int = SEED,
    goes_on: timedelta = timedelta(),
) -> SampleShop:
    """Make the shop as of a moment, with the year before it.

    The same day and seed make the same shop, whatever the hour. One that goes on is the same up to
    that moment.

    Args:
        ends_at: The end of the year; aware.
        people: How many customers.
        seed: Of chance.
        goes_on: For how long things go on after the year, as they would without any message.
    """
    midnight = datetime.combine(ends_at.astimezone(UTC).date(), time(), UTC)
    begins, until = midnight - timedelta(days=DAYS), ends_at + goes_on
    products = make_products(seed)
    customers = make_people(seed, products, begins, number=people)
    shop = Assortment(products, midnight)
    looks: list[Look] = []
    orders: list[SampleOrder] = []
    for person in customers:
        bought = 0
        for deed in live(person, shop, begins, until, seed):
            if isinstance(deed, Purchase):
                bought += 1
                orders.append(make_order(deed, bought, seed))
            else:
                looks.append(deed)
    return SampleShop(
        ends_at=ends_at.astimezone(UTC),
        products=products,
        people=customers,
        looks=looks,
        orders=orders,
        reviews=list(write_reviews(orders, seed)),
    )
