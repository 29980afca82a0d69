"""How many get which offer: in the plan, and in the receipt of the run."""

from __future__ import annotations

from typing import Any

import pytest

from ballyhoo.core.engine.dry_plan import plan_dry

from .shop import Shop, make_recipe

OFFERS = [
    {"code": "OLD", "ends": "2026-01-31"},
    {"code": "VIP", "where": "language = 'it'"},
    {"discount": "5%", "where": "time_zone = 'Europe/Vienna'"},
]


@pytest.fixture
def recipe(shop: Shop) -> str:
    shop.add("ada", language="it", time_zone="Europe/Vienna")
    shop.add("eve", language="it")
    shop.add("bob", time_zone="Europe/Vienna")
    shop.add("joe")
    shop.add("sue", says="", language="it")
    return make_recipe(generate={"offer": OFFERS})


def test_a_plan_counts_the_first_offer_that_fits_each(shop: Shop, recipe: str) -> None:
    planned = plan_dry(shop.engine, shop.load(recipe))
    assert planned.messages == 4
    assert planned.offers == {"5%": 1, "VIP": 2}
    assert plan_dry(shop.engine, shop.load(recipe), limit=1).offers == {"5%": 0, "VIP": 1}


def test_an_offer_without_condition_is_for_everybody_that_is_left(shop: Shop, recipe: str) -> None:
    offers: list[dict[str, Any]] = [*OFFERS, {"code": "ALL"}, {"code": "NEVER"}]
    planned = plan_dry(shop.engine, shop.load(make_recipe(generate={"offer": offers})))
    assert planned.offers == {"5%": 1, "ALL": 1, "NEVER": 0, "VIP": 2}


def test_a_receipt_counts_what_was_offered(
    shop: Shop, recipe: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ballyhoo.core.engine.preparing.GENERATED_ROWS", 2)
    run = shop.run(recipe)
    assert shop.receipt(run).choices.offers == {"5%": 1, "VIP": 2}


def test_a_plan_without_offers_counts_none(shop: Shop) -> None:
    shop.add("ada")
    assert plan_dry(shop.engine, shop.load(make_recipe())).offers == {}
