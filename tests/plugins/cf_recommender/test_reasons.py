"""A product comes with the reason that holds for her, and names nothing that she does not know."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ballyhoo import Event, Reason, Recommendation
from ballyhoo.testing import SAMPLE_NOW, FakeStore

from .shop import Shop, is_cold, make_shop, recommend, taste_of

SHE = 10
"""Of whom the shop knows nothing else."""


@pytest.fixture(scope="module")
def shop() -> Shop:
    return make_shop(customers=80)


def ask(shop: Shop, folder: Path, did: dict[int, str], **options: Any) -> list[Recommendation]:
    """Return what she gets who did something with some products, three days ago."""
    events = [
        Event(
            id=f"{kind}-{product}", type=kind, at=SAMPLE_NOW - timedelta(days=3),
            customer_id=SHE, product_id=product,
        )
        for product, kind in did.items()
    ]  # fmt: skip
    store = FakeStore(shop.customers, shop.products, [*shop.before, *events])
    [row], _ = recommend(store, folder, [shop.customers[SHE - 1]], **{"top": 4, **options})
    return row


def reasons_of(row: list[Recommendation], kind: str) -> list[Reason]:
    found = [one.reason for one in row if one.reason.kind == kind]
    assert found
    return found


def test_because_she_bought_something(shop: Shop, tmp_path: Path) -> None:
    row = ask(shop, tmp_path, {26: "purchase", 27: "purchase"}, popularity={"share": 0})
    assert {one.product_id for one in reasons_of(row, "bought")} <= {26, 27}


def test_because_she_looked_at_something(shop: Shop, tmp_path: Path) -> None:
    row = ask(shop, tmp_path, {26: "view", 27: "cart"}, popularity={"share": 0})
    assert {one.product_id for one in reasons_of(row, "viewed")} <= {26, 27}


def test_because_she_had_it_before(shop: Shop, tmp_path: Path) -> None:
    row = ask(shop, tmp_path, {26: "purchase", 27: "purchase"}, task="replenish", top=2)
    assert [one.reason for one in row] == [Reason(kind="own_history")] * 2
    assert {one.product_id for one in row} == {26, 27}


def test_because_it_is_popular_in_a_category_of_hers(shop: Shop, tmp_path: Path) -> None:
    row = ask(shop, tmp_path, {26: "purchase"}, task="popular", top=30)
    for one in row:
        hers = one.product_id % 7 == 26 % 7
        assert one.reason == Reason(kind="popular", category="aisle 5" if hers else None)
    assert len(reasons_of(row, "popular")) == 30


def test_because_it_is_like_something_of_hers(shop: Shop, tmp_path: Path) -> None:
    cold = " OR ".join(f"sku = 'P-{one.id}'" for one in shop.products if is_cold(one.id))
    row = ask(shop, tmp_path, {26: "purchase", 27: "view"}, filters={"where": cold}, top=2)
    assert {one.product_id for one in reasons_of(row, "similar")} <= {26, 27}
    assert {taste_of(one.product_id) for one in row} == {1}


def test_because_the_recipe_promotes_it_when_nothing_else_speaks_for_it(
    shop: Shop, tmp_path: Path
) -> None:
    row = ask(shop, tmp_path, {}, promote={"where": "attributes.margin = 'high'"})
    [promoted] = [one for one in row if one.reason.kind == "promoted"]
    assert promoted.product_id % 11 == 0
    assert promoted.is_fallback
