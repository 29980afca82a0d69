"""What a customer of the sample shop does: she looks at things, buys, and comes back for more.

Each customer has a random generator of her own and does everything in the order of time, so a shop
that goes on longer begins with the same days.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp
from random import Random
from typing import Literal
from zoneinfo import ZoneInfo

from .assortment import SampleProduct
from .people import Person

HOLIDAYS = {11: 1.35, 12: 1.6, 1: 0.85, 7: 0.85, 8: 0.85}
"""How much more, or less, people come in some months."""

HOURS = (
    1, 0, 0, 0, 0, 1, 3, 6, 8, 9, 9, 8, 10, 9, 7, 7, 8, 9, 11, 14, 16, 14, 9, 4,
)  # fmt: skip
REBUYS = 0.62
"""The chance that somebody who needs a thing again gets it here again."""

FOLLOWS = 0.3
"""The chance that a purchase leads to a look at what goes with it, some days later."""


@dataclass(frozen=True, slots=True)
class Look:
    """A look at a product, or a product put into the cart."""

    kind: Literal["view", "cart"]
    at: datetime
    person: Person
    product: SampleProduct


@dataclass(frozen=True, slots=True)
class Purchase:
    """What was bought at once: products with the number of pieces."""

    at: datetime
    person: Person
    lines: tuple[tuple[SampleProduct, int], ...]


class Assortment:
    """The products as a customer finds them.

    Args:
        products: All of them.
        seen_at: The moment that the age of products is counted from.
    """

    def __init__(self, products: Sequence[SampleProduct], seen_at: datetime) -> None:
        self.by_sku = {one.sku: one for one in products}
        self.by_kind: dict[str, list[SampleProduct]] = {}
        self.came_at = {one.sku: seen_at - timedelta(days=one.days_old) for one in products}
        for one in products:
            self.by_kind.setdefault(one.kind, []).append(one)
        self.rank = {
            one.sku: sorted(self.by_kind[one.kind], key=lambda two: two.cents).index(one)
            / (len(self.by_kind[one.kind]) - 1)
            for one in products
        }
        self.partner = _pair(products)


def _pair(products: Sequence[SampleProduct]) -> Mapping[str, SampleProduct]:
    """Return what goes with each product: one of another kind of its world."""
    random = Random("what goes with what")
    return {
        one.sku: random.choice(
            [two for two in products if two.world == one.world and two.kind != one.kind]
        )
        for one in products
    }


def live(
    person: Person, shop: Assortment, begins: datetime, until: datetime, seed: int
) -> Iterator[Look | Purchase]:
    """Yield what a customer does, in its order.

    Args:
        person: The customer.
        shop: What there is.
        begins: The first moment.
        until: The last one.
        seed: Of chance.
    """
    random = Random(f"{seed} visits {person.key}")
    owned: dict[str, int] = {}
    coming: list[tuple[datetime, int, str, str]] = []
    start = max(begins, person.joined_at)
    numbers = iter(range(1_000_000))
    heapq.heappush(coming, (_draw_next(random, person, start), next(numbers), "visit", ""))
    while coming:
        at, _, why, sku = heapq.heappop(coming)
        if at >= until:
            return
        if why == "visit":
            heapq.heappush(coming, (_draw_next(random, person, at), next(numbers), "visit", ""))
        done = list(_visit(random, person, shop, at, why, sku, owned))
        for one in done:
            yield one
            if isinstance(one, Purchase):
                for product, _ in one.lines:
                    owned[product.sku] = owned.get(product.sku, 0) + 1
                    for later in _plan_ahead(random, person, shop, product, one.at):
                        heapq.heappush(coming, (later[0], next(numbers), later[1], later[2]))


def _draw_next(random: Random, person: Person, since: datetime) -> datetime:
    """Return when she comes next of her own, more often before Christmas."""
    at = since
    while True:
        at += timedelta(days=random.expovariate(person.visits * 1.6 / 365))
        if random.random() < HOLIDAYS.get(at.month, 1.0) / 1.6:
            break
    hour = random.choices(range(24), HOURS)[0]
    local = at.astimezone(ZoneInfo(person.zone))
    local = local.replace(hour=hour, minute=random.randrange(60), second=random.randrange(60))
    return max(local.astimezone(at.tzinfo), since + timedelta(minutes=40))


def _plan_ahead(
    random: Random, person: Person, shop: Assortment, product: SampleProduct, at: datetime
) -> Iterator[tuple[datetime, str, str]]:
    if product.lasts and random.random() < REBUYS:
        days = product.lasts * random.uniform(0.8, 1.3)
        yield at + timedelta(days=days, hours=random.uniform(-5, 5)), "again", product.sku
    if random.random() < FOLLOWS:
        days = random.uniform(3, 40)
        yield at + timedelta(days=days), "follow", shop.partner[product.sku].sku


def _visit(
    random: Random, person: Person, shop: Assortment, at: datetime, why: str, sku: str,
    owned: Mapping[str, int],
) -> Iterator[Look | Purchase]:  # fmt: skip
    wanted: list[SampleProduct] = []
    named = shop.by_sku.get(sku)
    if named is not None:
        if why == "again" and random.random() < 0.25:
            named = _choose(random, person, shop, named.kind, at, owned)
        wanted.append(named)
    else:
        kinds = list(person.likes)
        weights = [
            person.likes[kind] * (1.9 if at.month in shop.by_kind[kind][0].months else 1.0)
            for kind in kinds
        ]
        kind = random.choices(kinds, weights)[0]
        for _ in range(min(5, 1 + int(random.expovariate(0.9)))):
            if random.random() < 0.25:
                kind = random.choices(kinds, weights)[0]
            wanted.append(_choose(random, person, shop, kind, at, owned))
    bought: dict[str, tuple[SampleProduct, int]] = {}
    for product in dict.fromkeys(wanted):
        if shop.came_at[product.sku] > at:
            continue
        at += timedelta(seconds=random.randrange(8, 240))
        yield Look("view", at, person, product)
        keen = {"again": 0.9, "follow": 0.45}.get(why, person.keen)
        if product.list_cents:
            keen = min(0.95, keen * (1 + person.thrift))
        if random.random() < keen:
            at += timedelta(seconds=random.randrange(5, 90))
            yield Look("cart", at, person, product)
            if random.random() < (0.9 if why == "again" else 0.6):
                pieces = random.choices((1, 2, 3), (80, 15, 5))[0] if product.lasts else 1
                bought[product.sku] = (product, pieces)
    if bought:
        yield Purchase(
            at + timedelta(seconds=random.randrange(60, 400)), person, (*bought.values(),)
        )


def _choose(
    random: Random, person: Person, shop: Assortment, kind: str, at: datetime,
    owned: Mapping[str, int],
) -> SampleProduct:  # fmt: skip
    """Return a product of a kind: one that is liked, that she can pay, and that is to her taste."""
    products = shop.by_kind[kind]
    weights = []
    for one in products:
        weight = one.charm * exp(-3.0 * abs(shop.rank[one.sku] - person.purse))
        weight *= 2.2 if one.brand in person.brands else 1.0
        weight *= 1.8 ** len(person.facts & set(one.facts.values()))
        weight *= 1 + person.thrift if one.list_cents else 1.0
        weight *= 0.15 if one.sku in owned and not one.lasts else 1.0
        weights.append(weight)
    return random.choices(products, weights)[0]
