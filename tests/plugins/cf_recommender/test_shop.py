"""On a shop with something to find, each task finds it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from ballyhoo import Customer, Recommendation

from .shop import Shop, is_cold, make_shop, partner_of, recommend, taste_of

Rows = list[list[Recommendation]]


@pytest.fixture(scope="module")
def shop() -> Shop:
    return make_shop()


def ids_of(row: Sequence[Recommendation]) -> list[int]:
    return [one.product_id for one in row]


def measure_hits(
    rows: Rows, customers: Iterable[Customer], wanted: Mapping[int, set[int]]
) -> float:
    """Return the share of customers of whose wanted products one was recommended."""
    hits = [
        bool(set(ids_of(row)) & wanted[one.id])
        for row, one in zip(rows, customers, strict=True)
        if wanted.get(one.id)
    ]
    assert hits
    return sum(hits) / len(hits)


def test_discover_finds_more_of_what_is_bought_next_than_popularity(
    shop: Shop, tmp_path: Path
) -> None:
    wanted = {one: month - shop.bought(one) for one, month in shop.after.items()}
    rows, _ = recommend(shop.store, tmp_path, shop.customers, top=5, learn=True)
    popular, _ = recommend(shop.store, tmp_path, shop.customers, top=5, task="popular")
    found = measure_hits(rows, shop.customers, wanted)
    assert found > 1.5 * measure_hits(popular, shop.customers, wanted)
    for customer, row in zip(shop.customers, rows, strict=True):
        assert not set(ids_of(row)) & shop.bought(customer.id)


def test_replenish_finds_what_is_bought_every_month(shop: Shop, tmp_path: Path) -> None:
    wanted = {one: month & shop.bought(one) for one, month in shop.after.items()}
    rows, _ = recommend(shop.store, tmp_path, shop.customers, task="replenish", top=2, learn=True)
    assert measure_hits(rows, shop.customers, wanted) > 0.9
    kinds = {one.reason.kind for row, who in zip(rows, shop.customers, strict=True)
             for one in row if who.id in wanted}  # fmt: skip
    assert "own_history" in kinds


def test_together_finds_the_other_half_of_a_pair(shop: Shop, tmp_path: Path) -> None:
    found = []
    for product in (3, 29, 53, 77, 101):
        [row], _ = recommend(
            shop.store, tmp_path, shop.customers[:1], task="together", to=f"P-{product}", top=3
        )
        found.append(partner_of(product) in ids_of(row))
        assert all(one.reason.kind == "goes_with" for one in row)
        assert {one.reason.product_id for one in row} == {product}
    assert sum(found) >= 4


def test_similar_stays_within_the_taste(shop: Shop, tmp_path: Path) -> None:
    [row], _ = recommend(shop.store, tmp_path, shop.customers[:1], task="similar", to="P-30", top=5)
    assert {taste_of(one.product_id) for one in row} == {taste_of(30)}
    assert 30 not in ids_of(row)
    assert {(one.reason.kind, one.reason.product_id) for one in row} == {("similar", 30)}


def measure_cold(rows: Rows, shop: Shop) -> float:
    """Return the nDCG@3 of products that nobody had bought before."""
    gains = []
    for row, customer in zip(rows, shop.customers, strict=True):
        wanted = {one for one in shop.after.get(customer.id, ()) if is_cold(one)}
        if wanted:
            got = sum(
                1 / np.log2(rank + 2) for rank, one in enumerate(ids_of(row)[:3]) if one in wanted
            )
            gains.append(got / sum(1 / np.log2(rank + 2) for rank in range(min(3, len(wanted)))))
    return float(np.mean(gains))


@pytest.mark.parametrize("learn", [True, False])
def test_products_that_nobody_bought_yet_are_found_by_their_words(
    shop: Shop, tmp_path: Path, learn: bool
) -> None:
    cold = " OR ".join(f"sku = 'P-{one.id}'" for one in shop.products if is_cold(one.id))
    asked = {"top": 3, "filters": {"where": cold}, "learn": learn}
    rows, _ = recommend(shop.store, tmp_path, shop.customers, **asked)
    nameless = make_shop(wording=lambda product, draw: f"no{product}")
    blind, _ = recommend(nameless.store, tmp_path, nameless.customers, **asked)
    assert measure_cold(rows, shop) > 0.6
    assert measure_cold(blind, nameless) < 0.4
