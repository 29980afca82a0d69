"""Only what passes the filters is recommended, whatever else is asked for."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ballyhoo import Product
from ballyhoo.testing import SAMPLE_NOW, FakeStore

from .shop import Shop, make_shop, recommend


def dress(product: Product) -> Product:
    """Give a product of the shop what filters ask for."""
    return replace(
        product,
        brand=("Fern", "Moss", "Bark")[product.id % 3],
        prices={"EUR": Decimal(product.id)},
        stock=(None, 0, 3)[product.id % 3],
    )


@pytest.fixture(scope="module")
def shop() -> Shop:
    made = make_shop(customers=60)
    return replace(made, products=[dress(one) for one in made.products])


def show(shop: Shop, folder: Path, **options: Any) -> list[Product]:
    """Return all products that anybody is recommended."""
    rows, _ = recommend(shop.store, folder, shop.customers, **{"top": 6, **options})
    shown = {one.product_id for row in rows for one in row}
    assert shown
    return [one for one in shop.products if one.id in shown]


@pytest.mark.parametrize("task", ["discover", "replenish", "similar", "popular", "together"])
def test_what_is_sold_out_is_never_recommended(shop: Shop, tmp_path: Path, task: str) -> None:
    assert all(one.stock != 0 for one in show(shop, tmp_path, task=task))


def test_what_is_sold_out_is_recommended_where_the_recipe_says_so(
    shop: Shop, tmp_path: Path
) -> None:
    assert any(one.stock == 0 for one in show(shop, tmp_path, filters={"in_stock": False}))


def test_prices_brands_categories_and_conditions_hold_together(shop: Shop, tmp_path: Path) -> None:
    filters = {
        "price": {"min": 20, "max": 90.5},
        "brand": ["Fern", "Bark"],
        "category": ["aisle 1", "aisle 2", "no such aisle"],
        "where": "sku != 'P-30'",
        "in_stock": False,
    }
    shown = show(shop, tmp_path, filters=filters)
    assert all(20 <= one.prices["EUR"] <= Decimal("90.5") for one in shown)
    assert {one.brand for one in shown} <= {"Fern", "Bark"}
    assert {one.category[-1] for one in shown} <= {"aisle 1", "aisle 2"}
    assert "P-30" not in {one.sku for one in shown}


def test_a_category_at_any_level_counts(shop: Shop, tmp_path: Path) -> None:
    assert len(show(shop, tmp_path, filters={"category": "sport"})) > 10


def test_nothing_that_passes_is_nothing_to_recommend(shop: Shop, tmp_path: Path) -> None:
    rows, _ = recommend(shop.store, tmp_path, shop.customers, filters={"brand": "nobody"})
    assert rows == [[] for _ in shop.customers]


def test_what_she_bought_lately_is_left_out(shop: Shop, tmp_path: Path) -> None:
    asked = {"task": "replenish", "top": 3}
    always, _ = recommend(shop.store, tmp_path, shop.customers, **asked)
    later, _ = recommend(
        shop.store, tmp_path, shop.customers, **asked, filters={"not_bought_days": 45}
    )
    lately = {
        (one.customer_id, one.product_id)
        for one in shop.before
        if (SAMPLE_NOW - one.at).days < 45 and one.type == "purchase"
    }

    def count_lately(rows: list[list[Any]]) -> int:
        return sum(
            (who.id, one.product_id) in lately
            for who, row in zip(shop.customers, rows, strict=True)
            for one in row
        )

    assert count_lately(always) > 0
    assert count_lately(later) == 0


def test_what_sold_out_after_training_is_left_out_at_once(shop: Shop, tmp_path: Path) -> None:
    from ballyhoo.plugins.cf_recommender import recommender
    from ballyhoo.plugins.cf_recommender.options import CfOptions

    rows, context = recommend(shop.store, tmp_path, shop.customers)
    first = rows[0][0].product_id
    gone = [replace(one, stock=0) if one.id == first else one for one in shop.products]
    later = replace(context, store=FakeStore(shop.customers, gone, shop.before))
    again = recommender.recommend(later, CfOptions(), shop.customers)
    assert first not in {one.product_id for row in again for one in row}
    assert any(again)
