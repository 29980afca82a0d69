"""Who is shown: on both databases, from an audience that has more than fits a page."""

from __future__ import annotations

import pytest

from ballyhoo.core.errors import DataError
from ballyhoo.core.preview.choosing import Chosen, choose_customer, choose_shown

from ..engine.shop import Shop, make_recipe

EXPERIMENT = {"variants": {"warm": {}, "plain": {}}, "holdout": "10%"}


def choose(shop: Shop, most: int = 12, **blocks: object) -> list[Chosen]:
    return choose_shown(shop.engine, shop.load(make_recipe(**blocks)), most)


def test_rare_languages_and_striking_names_are_among_those_shown(shop: Shop) -> None:
    shop.add(*(f"c{number}" for number in range(150)), language="en")
    shop.add("rare", language="ar")
    shop.add("unsaid", language=None)
    shop.add("long", language="en", first_name="Maximiliane-Theodora")
    shop.add("nameless", language="en", first_name=None)
    names = [shop.name_of(one.customer) for one in choose(shop)]
    assert {"rare", "unsaid", "long", "nameless"} <= set(names)
    assert len(names) == len(set(names)) == 12


def test_each_variant_has_its_share_and_nobody_is_held_out_or_skipped(shop: Shop) -> None:
    shop.add(*(f"c{number}" for number in range(60)))
    shop.add("no", says="")
    shop.add("away")
    shop.suppress("away@customers.example")
    chosen = choose(shop, 8, experiment=EXPERIMENT)
    assert [one.variant for one in chosen] == ["warm"] * 4 + ["plain"] * 4
    rows = shop.rows(shop.plan(make_recipe(experiment=EXPERIMENT)))
    for one in chosen:
        row = rows[shop.name_of(one.customer)]
        assert (row["variant"], row["reason"]) == (one.variant, None)


def test_of_more_variants_than_fit_there_is_one_each(shop: Shop) -> None:
    shop.add(*(f"c{number}" for number in range(40)))
    chosen = choose(shop, 1, experiment=EXPERIMENT)
    assert [one.variant for one in chosen] == ["warm", "plain"]


def test_who_is_found_only_by_looking_further_is_shown_too(shop: Shop) -> None:
    shop.add(*(f"no{number}" for number in range(80)), says="")
    shop.add("yes")
    shop.add(*(f"off{number}" for number in range(80)), says="")
    assert [shop.name_of(one.customer) for one in choose(shop)] == ["yes"]


def test_one_customer_is_shown_for_the_variant_that_is_hers(shop: Shop) -> None:
    shop.add(*(f"c{number}" for number in range(20)))
    recipe = make_recipe(experiment=EXPERIMENT)
    rows = shop.rows(shop.plan(recipe))
    for name, row in rows.items():
        [one] = choose_customer(shop.engine, shop.load(recipe), name)
        assert one.variant == row["variant"]
        said = None if one.against is None else one.against.partition(":")[0]
        assert said == row["reason"]


def test_who_is_of_no_variant_is_shown_for_each(shop: Shop) -> None:
    shop.add("far", country="US")
    recipe = make_recipe(segment={"where": "country = 'DE'"}, experiment=EXPERIMENT)
    chosen = choose_customer(shop.engine, shop.load(recipe), "far")
    assert [(one.variant, one.against) for one in chosen] == [
        ("warm", "she is not in the segment"),
        ("plain", "she is not in the segment"),
    ]


def test_who_has_no_address_cannot_be_shown(shop: Shop) -> None:
    shop.add("nowhere", email=None)
    with pytest.raises(DataError, match="has no address"):
        choose_customer(shop.engine, shop.load(make_recipe()), "nowhere")
