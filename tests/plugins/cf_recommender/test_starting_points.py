"""What goes with a cart, an order or a view: of what is named the first that she has."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ballyhoo import DataError, Event, Recommendation
from ballyhoo.testing import SAMPLE_NOW, FakeStore

from .shop import Shop, make_shop, recommend, taste_of

SHE = 10
"""Of whom the shop knows nothing else."""


@pytest.fixture(scope="module")
def shop() -> Shop:
    return make_shop(customers=60)


def happen(kind: str, product: int, days: float) -> Event:
    return Event(
        id=f"{kind}-{product}-{days}", type=kind, at=SAMPLE_NOW - timedelta(days=days),
        customer_id=SHE, product_id=product,
    )  # fmt: skip


def ask(shop: Shop, folder: Path, events: list[Event], **options: Any) -> list[Recommendation]:
    store = FakeStore(shop.customers, shop.products, [*shop.before, *events])
    [row], _ = recommend(
        store, folder, [shop.customers[SHE - 1]], **{"task": "similar", "top": 2, **options}
    )
    return row


def find_points(row: list[Recommendation]) -> set[int | None]:
    """Return the products that a row was led by."""
    return {one.reason.product_id for one in row if one.reason.kind in ("similar", "goes_with")}


CART, ORDER, VIEW = happen("cart", 30, 2), happen("purchase", 54, 5), happen("view", 78, 1)


def test_a_cart_comes_first_then_an_order_then_a_view(shop: Shop, tmp_path: Path) -> None:
    assert find_points(ask(shop, tmp_path, [CART, ORDER, VIEW])) == {30}
    assert find_points(ask(shop, tmp_path, [ORDER, VIEW])) == {54}
    assert find_points(ask(shop, tmp_path, [VIEW])) == {78}


def test_the_recipe_may_want_another_order(shop: Shop, tmp_path: Path) -> None:
    events = [CART, ORDER, VIEW]
    assert find_points(ask(shop, tmp_path, events, to="last_view")) == {78}
    assert find_points(ask(shop, tmp_path, events, to=["last_purchase", "cart"])) == {54}
    assert find_points(ask(shop, tmp_path, [CART], to=["last_purchase", "cart"])) == {30}


def test_what_was_bought_since_lies_in_no_cart(shop: Shop, tmp_path: Path) -> None:
    bought = happen("purchase", 30, 1)
    row = ask(shop, tmp_path, [CART, bought, VIEW], to=["cart", "last_view"])
    assert find_points(row) == {78}
    again = happen("cart", 30, 0.5)
    row = ask(shop, tmp_path, [CART, bought, again, VIEW], to=["cart", "last_view"])
    assert find_points(row) == {30}


def test_a_cart_of_last_month_is_forgotten(shop: Shop, tmp_path: Path) -> None:
    assert find_points(ask(shop, tmp_path, [happen("cart", 30, 40), VIEW])) == {78}


def test_the_last_order_is_all_of_it_and_no_earlier_one(shop: Shop, tmp_path: Path) -> None:
    events = [happen("purchase", 4, 20), happen("purchase", 54, 5), happen("purchase", 102, 5.01)]
    row = ask(shop, tmp_path, events, to="last_purchase", top=30)
    assert find_points(row) == {54, 102}
    assert {taste_of(one.product_id) for one in row[:4]} <= {taste_of(54), taste_of(102)}
    assert not {54, 102} & {one.product_id for one in row}


def test_whoever_has_nothing_to_start_from_gets_what_is_popular(shop: Shop, tmp_path: Path) -> None:
    row = ask(shop, tmp_path, [])
    assert len(row) == 2
    assert all(one.is_fallback and one.reason.kind == "popular" for one in row)


def test_products_of_the_shop_may_be_named_and_unknown_ones_are_left_out(
    shop: Shop, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    row = ask(shop, tmp_path, [], to=["P-30", "P-54", "P-9999"], top=6)
    assert find_points(row) == {30, 54}
    assert not any(one.is_fallback for one in row)
    assert "products that recommend.to names and nobody knows: 1" in caplog.text


def test_products_that_nobody_knows_are_said(shop: Shop, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"none of the products that recommend\.to names"):
        ask(shop, tmp_path, [], to="P-9999")
