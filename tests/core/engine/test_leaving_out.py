"""Who gets nothing by chance: the default holdout, that of all campaigns, other experiments."""

from __future__ import annotations

from typing import Any

import pytest

from ballyhoo.core.assignment import draw_fraction
from ballyhoo.core.engine.explaining import explain_message
from ballyhoo.core.setting_tables import Experiments

from .shop import Shop, make_recipe

KEY = b"an assignment key of tests"
NAMES = [f"c{number}" for number in range(200)]


def set_experiments(shop: Shop, **values: Any) -> None:
    shop.set(experiments=Experiments.model_validate(values))


def find_reasons(shop: Shop, recipe: str) -> dict[int, str | None]:
    return {row["recipient"]: row["reason"] for row in shop.rows(shop.plan(recipe)).values()}


def test_one_in_twenty_is_held_out_of_a_recipe_that_says_nothing(shop: Shop):
    set_experiments(shop)
    shop.add(*NAMES)
    reasons = find_reasons(shop, make_recipe("x"))
    held_out = {id for id, reason in reasons.items() if reason == "holdout"}
    assert held_out == {id for id in reasons if draw_fraction(KEY, "holdout", "x", id) < 0.05}
    assert 3 <= len(held_out) <= 20
    assert set(find_reasons(shop, make_recipe("y", experiment={"holdout": "0%"})).values()) == {
        None
    }


def test_few_people_are_all_written_to_unless_the_recipe_says_otherwise(shop: Shop):
    set_experiments(shop)
    shop.add(*NAMES[:99])
    assert set(find_reasons(shop, make_recipe("x")).values()) == {None}
    assert "holdout" in find_reasons(shop, make_recipe("y", experiment={"holdout": "30%"})).values()
    set_experiments(shop, holdout="30%", holdout_from=99)
    assert "holdout" in find_reasons(shop, make_recipe("z")).values()


def test_the_same_people_are_held_out_of_all_campaigns(shop: Shop):
    set_experiments(shop, global_holdout="20%", holdout="10%")
    shop.add(*NAMES)
    first, second = (find_reasons(shop, make_recipe(name)) for name in ("x", "y"))
    kept = {
        name: {id for id, reason in found.items() if reason == "global_holdout"}
        for name, found in (("x", first), ("y", second))
    }
    assert (
        kept["x"]
        == kept["y"]
        == {id for id in first if draw_fraction(KEY, "global_holdout", id) < 0.2}
    )
    assert "holdout" in first.values()
    notice = make_recipe("z", experiment={"global_holdout": False, "holdout": "0%"})
    assert set(find_reasons(shop, notice).values()) == {None}


def test_nobody_is_in_two_experiments_of_a_group(shop: Shop):
    shop.add(*NAMES)
    parts = [
        find_reasons(
            shop,
            make_recipe(
                f"part-{part}", experiment={"exclusive": {"group": "g", "part": part, "of": 3}}
            ),
        )
        for part in (1, 2, 3)
    ]
    assert all(set(found.values()) == {None, "other_experiment"} for found in parts)
    for id in parts[0]:
        assert [found[id] for found in parts].count(None) == 1


@pytest.mark.parametrize(
    ("settings", "experiment", "reason"),
    [
        ({"global_holdout": "99%"}, {}, "global_holdout"),
        ({}, {"exclusive": {"group": "g", "part": 1, "of": 100}}, "other_experiment"),
    ],
)
def test_explain_says_that_chance_left_her_out(
    shop: Shop, settings: dict[str, Any], experiment: dict[str, Any], reason: str
):
    set_experiments(shop, **settings)
    shop.add(*NAMES[:5])
    run = shop.plan(make_recipe(experiment=experiment))
    left_out = {name for name, row in shop.rows(run).items() if row["reason"] == reason}
    assert left_out
    name = left_out.pop()
    explained = explain_message(shop.engine, run.id, name)
    told = [one for one in explained.decisions if one.what == reason]
    assert len(told) == 1
    assert f"drawn {draw_fraction(KEY, *names_of(reason), shop.find(name)):.4f}" in told[0].parts[0]
    assert not [one for one in explained.decisions if one.what == "variant"]


def names_of(reason: str) -> tuple[str, ...]:
    return ("global_holdout",) if reason == "global_holdout" else ("exclusive", "g")
