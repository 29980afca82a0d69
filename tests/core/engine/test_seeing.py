"""Which lift a plan says that its people can show."""

from __future__ import annotations

import math

import pytest

from ballyhoo.core.engine.dry_plan import plan_dry
from ballyhoo.core.engine.seeing import ASSUMED_RATE, VisibleLift
from ballyhoo.core.statistics.power import find_smallest_lift

from .shop import Shop, make_recipe

NAMES = [f"c{number}" for number in range(60)]


def look(shop: Shop, **experiment: object) -> VisibleLift | None:
    recipe = make_recipe(experiment={"holdout": "50%", "window": "10d", **experiment})
    return plan_dry(shop.engine, shop.load(recipe)).visible


def test_it_rests_on_how_many_of_the_audience_bought_within_the_window(shop: Shop) -> None:
    shop.add(*NAMES)
    shop.add_products("cork")
    shop.order("c1", "cork")
    shop.clock.advance(days=11)
    for name in ("c2", "c3", "c3", "c4"):
        shop.order(name, "cork")
    found = look(shop)
    assert found is not None
    assert (found.rests_on, found.rate) == ("audience", 3 / 60)
    planned = plan_dry(
        shop.engine, shop.load(make_recipe(experiment={"holdout": "50%", "window": "10d"}))
    )
    expected = find_smallest_lift(planned.messages, planned.holdout, 3 / 60)
    assert found.lift == pytest.approx(expected)
    assert look(shop, holdout="0%") is None


def test_those_who_have_not_bought_of_late_are_taken_for_as_keen_as_all(shop: Shop) -> None:
    shop.add(*NAMES)
    shop.add("far", country="AT")
    shop.add_products("cork")
    shop.order("far", "cork")
    recipe = make_recipe(
        segment={"where": "country = 'DE'"}, experiment={"holdout": "50%", "window": "10d"}
    )
    found = plan_dry(shop.engine, shop.load(recipe)).visible
    assert found is not None
    assert (found.rests_on, found.rate) == ("customers", 1 / 61)


def test_without_orders_something_is_assumed_and_said(shop: Shop) -> None:
    shop.add(*NAMES)
    found = look(shop)
    assert found is not None
    assert (found.rests_on, found.rate) == ("nothing", ASSUMED_RATE)
    assert found.lift is not None
    assert math.isfinite(found.lift)
