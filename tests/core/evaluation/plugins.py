"""Recommenders whose worth is known, and a shop whose customers do as they always did."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from typing import Any, ClassVar, Literal

from pydantic import BaseModel

from ballyhoo import Context, Customer, Options, Reason, Recommendation, hookimpl
from ballyhoo.core.store.rows import CustomerRow, EventRow, ProductRow
from ballyhoo.core.store.writers import open_writer

from ..engine.shop import Shop

DAY = 86_400_000
PACK = 6
PRODUCTS = 10 * PACK
REASON = Reason(kind="popular")


def fill(shop: Shop, *, days: int = 150, people: int = 60, seed: int = 1) -> None:
    """Let people buy for so many days up to now.

    Everybody has a pack of six products, of ten packs. Each month she buys one of it that she had
    not before, and the first one again; now and then something that everybody buys that week.
    """
    draw = random.Random(seed)
    names = [f"p{number}" for number in range(people)]
    skus = [f"s{number}" for number in range(PRODUCTS)]
    now = shop.engine.now
    rows = []
    for number, name in enumerate(names):
        pack = [PACK * (number % 10) + step for step in range(PACK)]
        others = pack[1:]
        draw.shuffle(others)
        for month in range(days // 30):
            at = now - days * DAY + (month * 30 + draw.randrange(30)) * DAY + number
            rows.append(EventRow(None, "purchase", at, name, skus[pack[0]]))
            if month < len(others):
                rows.append(EventRow(None, "purchase", at + 1, name, skus[others[month]]))
            if draw.random() < 0.3:
                best = draw.randrange(10) * PACK
                rows.append(EventRow(None, "purchase", at + 2, name, skus[best]))
    for kind, some in (
        ("customers", [CustomerRow(name, country="DE") for name in names]),
        ("products", [ProductRow(sku) for sku in skus]),
        ("events", rows),
    ):
        with open_writer(shop.store, kind, now=shop.clock.now()) as writer:
            assert not writer.write(some).rejected


class Nested(BaseModel):
    """An option inside of another."""

    depth: int = 1


class OracleOptions(Options):
    """What the oracle does."""

    task: Literal["discover", "replenish"] = "discover"
    top: int = 3
    is_good: bool = True
    nested: Nested = Nested()
    space: ClassVar[dict[str, list[Any]]] = {"is_good": [True, False], "nested.depth": [1, 2]}

    @classmethod
    def search_space(cls) -> dict[str, list[Any]]:
        """What may be tried."""
        return cls.space


class Oracle:
    """Knows how the customers of `fill` think; learns, and notes what it was shown.

    Attributes:
        seen: Of each call: the clock, the latest event, and the greatest number of orders.
        trained: How often it learned.
        reads: Called in each call with the context.
        asked: The options of each call.
    """

    def __init__(self) -> None:
        self.seen: list[tuple[int, int, int]] = []
        self.asked: list[OracleOptions] = []
        self.trained = 0
        self.reads: Callable[[Context], None] = lambda context: None

    @hookimpl
    def train(self, context: Context, stage: str, options: OracleOptions) -> None:
        self.trained += 1
        self._look(context, [])
        with context.artifacts.write() as folder:
            (folder / "moment").write_text(context.clock.now().isoformat())

    @hookimpl
    def recommend(
        self, context: Context, options: OracleOptions, customers: Sequence[Customer]
    ) -> list[list[Recommendation]]:
        self.asked.append(options)
        learned = (context.artifacts.read() / "moment").read_text()
        assert learned == context.clock.now().isoformat()
        self._look(context, customers)
        self.reads(context)
        hers = defaultdict(Counter)  # type: ignore[var-annotated]
        told = context.store.interactions(types=["purchase"], customers=[c.id for c in customers])
        for who, what in zip(told.customer_ids.tolist(), told.product_ids.tolist(), strict=True):
            hers[who][what] += 1
        return [self._rank(options, one, hers[one.id]) for one in customers]

    def _rank(
        self, options: OracleOptions, customer: Customer, bought: Counter[int]
    ) -> list[Recommendation]:
        pack = [PACK * ((customer.id - 1) % 10) + step + 1 for step in range(PACK)]
        if not options.is_good:
            pack = [1 + (one + PRODUCTS // 2) % PRODUCTS for one in pack]
        first = [one for one in pack if (one in bought) == (options.task == "replenish")]
        ranked = [*first, *(one for one in pack if one not in first)][: options.top]
        return [
            Recommendation(
                product_id=one, score=float(-place), reason=REASON, is_fallback=not bought
            )
            for place, one in enumerate(ranked)
        ]

    def _look(self, context: Context, customers: Sequence[Customer]) -> None:
        told = context.store.interactions()
        now = int(context.clock.now().timestamp() * 1000)
        orders = [int(str(one.traits.get("orders", 0))) for one in customers]
        self.seen.append((now, int(told.at[-1]), max(orders, default=0)))


class PlainOptions(Options):
    """What a recommender that knows no task takes."""

    top: int = 3


class Plain:
    """Recommends the same to everybody: what it was made with.

    Attributes:
        asked: The options of each call.
    """

    def __init__(self, *products: int) -> None:
        self.products = products
        self.asked: list[PlainOptions] = []

    @hookimpl
    def recommend(
        self, context: Context, options: PlainOptions, customers: Sequence[Customer]
    ) -> list[list[Recommendation]]:
        self.asked.append(options)
        return [
            [
                Recommendation(product_id=one, score=float(-one), reason=REASON)
                for one in self.products[: options.top]
            ]
            for _ in customers
        ]
