"""Customers of whom little is known get what is popular where they live, and it is said."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from ballyhoo import Customer, Event
from ballyhoo.plugins.cf_recommender import recommender
from ballyhoo.plugins.cf_recommender.options import CfOptions
from ballyhoo.testing import SAMPLE_NOW, FakeStore

from .shop import Shop, is_cold, make_shop, recommend, taste_of


@pytest.fixture(scope="module")
def shop() -> Shop:
    return make_shop(customers=120)


def happen(customer: int, product: int, kind: str = "purchase", days: float = 1) -> Event:
    at = SAMPLE_NOW - timedelta(days=days)
    return Event(
        id=f"{kind}-{customer}-{product}-{days}", type=kind, at=at,
        customer_id=customer, product_id=product,
    )  # fmt: skip


def test_a_stranger_gets_what_is_popular_and_it_is_a_fallback(shop: Shop, tmp_path: Path) -> None:
    strangers = [one for one in shop.customers if one.id % 10 == 0]
    [row, unknown], _ = recommend(shop.store, tmp_path, [strangers[0], Customer(id=2**40)])
    for one in (*row, *unknown):
        assert one.is_fallback
        assert one.reason.kind == "popular"
    assert len(row) == len(unknown) == 3


def test_whoever_bought_something_gets_no_fallback(shop: Shop, tmp_path: Path) -> None:
    known = [one for one in shop.customers if one.id % 10]
    rows, _ = recommend(shop.store, tmp_path, known)
    assert not any(one.is_fallback for row in rows for one in row)


def test_popularity_that_was_asked_for_is_no_fallback(shop: Shop, tmp_path: Path) -> None:
    rows, _ = recommend(shop.store, tmp_path, shop.customers, task="popular")
    assert not any(one.is_fallback for row in rows for one in row)


def test_what_is_popular_is_so_in_her_country(tmp_path: Path) -> None:
    shop = make_shop(customers=0)
    people = [Customer(id=id, country="DE" if id <= 400 else "GB") for id in range(1, 803)]
    bought = [happen(id, 1) for id in range(1, 400)] + [happen(id, 2) for id in range(401, 800)]
    store = FakeStore(people, shop.products, bought)
    asked = [people[399], people[801], Customer(id=900, country="FR"), Customer(id=901)]
    rows, _ = recommend(store, tmp_path, asked, top=1)
    assert [row[0].product_id for row in rows] == [1, 2, 1, 1]


def test_whoever_looked_at_something_that_nobody_bought_gets_what_is_like_it(
    shop: Shop, tmp_path: Path
) -> None:
    cold = next(one.id for one in shop.products if is_cold(one.id) and taste_of(one.id) == 2)
    seen = [*shop.before, happen(10, cold, "cart")]
    store = FakeStore(shop.customers, shop.products, seen)
    trained, context = recommend(shop.store, tmp_path, shop.customers[9:10], top=5)
    assert trained[0][0].is_fallback
    rows = recommender.recommend(
        replace(context, store=store), CfOptions(top=5), shop.customers[9:10]
    )
    tastes = [taste_of(one.product_id) for one in rows[0]]
    assert tastes.count(2) >= 3
    assert not any(one.is_fallback for one in rows[0])


def test_what_she_did_after_training_counts_at_once(shop: Shop, tmp_path: Path) -> None:
    stranger = shop.customers[9:10]
    _, context = recommend(shop.store, tmp_path, stranger)
    bought = [*shop.before, *(happen(10, product) for product in (49, 50, 51))]
    later = replace(context, store=FakeStore(shop.customers, shop.products, bought))
    [row] = recommender.recommend(later, CfOptions(top=4), stranger)
    assert [taste_of(one.product_id) for one in row].count(2) >= 3
    assert not {49, 50, 51} & {one.product_id for one in row}
    assert not any(one.is_fallback for one in row)
    assert {one.reason.product_id for one in row if one.reason.kind == "bought"} <= {49, 50, 51}
    assert "bought" in {one.reason.kind for one in row}


def test_an_erased_customer_is_gone_at_once(shop: Shop, tmp_path: Path) -> None:
    known = shop.customers[:1]
    rows, context = recommend(shop.store, tmp_path, known)
    assert not rows[0][0].is_fallback
    left = FakeStore(
        shop.customers[1:], shop.products, [one for one in shop.before if one.customer_id != 1]
    )
    [row] = recommender.recommend(replace(context, store=left), CfOptions(), known)
    assert all(one.is_fallback for one in row)


def test_what_was_learned_names_no_customer(shop: Shop, tmp_path: Path) -> None:
    far = [replace(one, id=one.id + 7_000_000_000) for one in shop.customers]
    events = [
        replace(one, customer_id=(one.customer_id or 0) + 7_000_000_000) for one in shop.before
    ]
    _, context = recommend(FakeStore(far, shop.products, events), tmp_path, far[:1])
    for path in context.artifacts.read().rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            for customer in far[:20]:
                assert customer.id.to_bytes(8, "little") not in content
                assert str(customer.id).encode() not in content


def test_returned_products_say_nothing_good_of_others(tmp_path: Path) -> None:
    shop = make_shop(customers=120)
    sent_back = [happen(10, one, kind) for one in (49, 50) for kind in ("purchase", "return")]
    store = FakeStore(shop.customers, shop.products, [*shop.before, *sent_back])
    [row], _ = recommend(store, tmp_path, shop.customers[9:10])
    assert not {49, 50} & {one.product_id for one in row}
    assert all(one.reason.kind == "popular" for one in row)


def test_reviews_count_when_the_recipe_says_so(shop: Shop, tmp_path: Path) -> None:
    praised = [(120, product, SAMPLE_NOW - timedelta(days=3), 5.0) for product in (25, 26, 27)]
    store = FakeStore(shop.customers, shop.products, shop.before, ratings=praised)
    [row], _ = recommend(store, tmp_path, shop.customers[119:120], stars=True)
    assert 1 in [taste_of(one.product_id) for one in row]
    why = [one.reason.product_id for one in row if one.reason.kind == "bought"]
    assert why
    assert set(why) <= {25, 26, 27}
    assert not {25, 26, 27} & {one.product_id for one in row}
    assert not any(one.is_fallback for one in row)
