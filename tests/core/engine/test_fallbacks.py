"""For how many people products were chosen without knowing anything of them."""

from __future__ import annotations

from typing import Any

from ballyhoo.core.engine.content import load_content
from ballyhoo.core.engine.dry_plan import plan_dry
from ballyhoo.core.store.ledger.choices import Choices

from .shop import Shop, make_recipe

SHELF: dict[str, Any] = {"recommend": {"plugin": "shelf"}}


def fill(shop: Shop, known: int, unknown: int) -> None:
    names = [f"k{number}" for number in range(known)] + [f"u{number}" for number in range(unknown)]
    ids = dict(zip(shop.add(*names), names, strict=True))
    shop.recommender.products = shop.add_products("trail", "road")
    shop.recommender.knows = lambda customer: ids[customer.id].startswith("k")


def test_a_receipt_counts_those_of_whom_nothing_is_known(shop: Shop, monkeypatch: Any) -> None:
    monkeypatch.setattr("ballyhoo.core.engine.preparing.PLAIN_ROWS", 2)
    fill(shop, known=3, unknown=2)
    run = shop.plan(make_recipe(**SHELF))
    assert shop.receipt(run).choices == Choices(recommended=0, fallback=0)
    shop.go_on(run)
    assert shop.receipt(run).choices == Choices(recommended=5, fallback=2)


def test_the_ledger_keeps_which_products_were_a_fallback(shop: Shop) -> None:
    fill(shop, known=1, unknown=1)
    run = shop.run(make_recipe(**SHELF))
    kept = {
        name: [one.is_fallback for one in load_content(row["content"]).products]
        for name, row in shop.rows(run).items()
    }
    assert kept == {"k0": [False, False], "u0": [True, True]}
    assert [one.is_fallback for one in shop.channel.sent[1].products] == [True, True]


def test_who_gets_no_product_is_not_counted(shop: Shop) -> None:
    shop.add("ada")
    run = shop.run(make_recipe(**SHELF))
    assert shop.receipt(run).choices == Choices(recommended=0, fallback=0)


def test_a_plan_estimates_how_many_from_a_sample(shop: Shop, monkeypatch: Any) -> None:
    monkeypatch.setattr("ballyhoo.core.engine.fallbacks.ASKED", 10)
    fill(shop, known=20, unknown=20)
    planned = plan_dry(shop.engine, shop.load(make_recipe(**SHELF)))
    assert planned.fallback is not None
    assert planned.fallback.asked == 10
    assert planned.fallback.fallback == 5
    assert planned.fallback.messages == 20


def test_each_variant_is_asked_for_by_its_own_recommender(shop: Shop) -> None:
    fill(shop, known=0, unknown=12)
    variants = {"with": {"recommend": {"plugin": "shelf"}}, "without": {}}
    recipe = make_recipe(experiment={"variants": variants})
    planned = plan_dry(shop.engine, shop.load(recipe))
    assert planned.fallback is not None
    count = planned.variants["with"]
    assert planned.fallback.asked == planned.fallback.fallback == count
    assert planned.fallback.messages == count


def test_a_plan_without_a_recommender_says_nothing_of_it(shop: Shop) -> None:
    shop.add("ada")
    assert plan_dry(shop.engine, shop.load(make_recipe())).fallback is None


def test_a_recommender_that_fails_is_said_and_leaves_the_counts(shop: Shop) -> None:
    fill(shop, known=1, unknown=0)
    shop.recommender.choose = lambda customer: 1 / 0  # type: ignore[return-value]
    planned = plan_dry(shop.engine, shop.load(make_recipe(**SHELF)))
    assert planned.messages == 1
    assert planned.fallback is None
    assert planned.problem is not None
