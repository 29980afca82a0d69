"""Two recipes over the same store: who gets what by each; nothing is written."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sqlalchemy import func, select

from ballyhoo.core.engine.diffing import (
    Comparable,
    RecipeDiff,
    compare_campaigns,
    load_comparable,
)
from ballyhoo.core.errors import DataError, EnvironmentMissing, RecipeError
from ballyhoo.core.store.tables import batches, messages, owners, runs

from .shop import Shop, at, listed, make_recipe

NAMES = [f"c{number}" for number in range(40)]
FILES = ("old.yaml", "new.yaml")
EXPERIMENT = {"variants": {"warm": {}, "plain": {}}, "holdout": "20%"}


def compare(shop: Shop, old: str, new: str, *, samples: int = 0) -> RecipeDiff:
    (shop.folder / "old.yaml").write_text(old)
    (shop.folder / "new.yaml").write_text(new)
    sides = [load_comparable(shop.engine, str(shop.folder / name)) for name in FILES]
    return compare_campaigns(shop.engine, *sides, samples=samples)


def test_who_enters_and_who_leaves_is_counted_with_the_reasons(shop: Shop) -> None:
    shop.add("ada", "bob", "cyd")
    shop.add("dan", "eve", country="AT")
    shop.add("no", says="", country="AT")
    shop.suppress("cyd@customers.example")
    found = compare(shop, make_recipe(), make_recipe(segment={"where": "country = 'AT'"}))
    assert (found.old.audience, found.new.audience) == (3, 3)
    assert (found.old.messages, found.new.messages) == (2, 2)
    assert (found.old.skipped, found.new.skipped) == ({"suppressed": 1}, {"no_consent": 1})
    assert (found.enters.count, found.leaves.count, found.stays) == (2, 2, 0)
    assert found.enters.because == found.leaves.because == {"not in the audience": 2}
    assert found.enters.sample == [shop.find("dan"), shop.find("eve")]
    assert found.leaves.sample == [shop.find("ada"), shop.find("bob")]


def test_policy_counts_as_a_plan_applies_it(shop: Shop) -> None:
    shop.add("ada", "bob")
    shop.run(make_recipe(segment=listed("ada")))
    capped = make_recipe(policy={"again": "after 1d", "cap": {"messages": 1, "per": "7d"}})
    shop.clock.set(at(9, day=4))
    found = compare(shop, make_recipe(policy={"again": "after 1d"}), capped)
    assert (found.old.messages, found.new.messages) == (2, 1)
    assert found.leaves.because == {"capped": 1}
    assert found.leaves.sample == [shop.find("ada")]
    back = compare(shop, capped, make_recipe(policy={"again": "after 1d"}))
    assert back.enters.because == {"capped": 1}


def test_who_changes_variant_is_counted_from_which_to_which(shop: Shop) -> None:
    shop.add(*NAMES)
    shares = {**EXPERIMENT, "shares": {"warm": "90%", "plain": "10%"}}
    old, new = make_recipe(experiment=EXPERIMENT), make_recipe(experiment=shares)
    found = compare(shop, old, new)
    by_old, by_new = ({}, {})
    for recipe, variants in ((old, by_old), (new, by_new)):
        rows = shop.rows(shop.plan(recipe))
        variants.update({name: row["variant"] for name, row in rows.items() if not row["reason"]})
    moved = [name for name in by_old if by_old[name] != by_new[name]]
    assert moved
    assert found.changes_variant.count == len(moved)
    assert found.changes_variant.because == {"plain -> warm": len(moved)}
    assert {shop.name_of(one) for one in found.changes_variant.sample} <= set(moved)
    assert found.stays == len(by_old) - len(moved)
    assert (found.enters.count, found.leaves.count) == (0, 0)
    assert sum(found.old.variants.values()) == found.old.messages == len(by_old)


def test_a_first_experiment_takes_everybody_out_of_no_variant(shop: Shop) -> None:
    shop.add(*NAMES)
    found = compare(shop, make_recipe(), make_recipe(experiment=EXPERIMENT))
    held_out = found.new.skipped["holdout"]
    assert found.leaves.because == {"holdout": held_out}
    assert found.changes_variant.count == 40 - held_out
    assert set(found.changes_variant.because) == {"none -> warm", "none -> plain"}
    assert len(found.changes_variant.sample) == 5
    assert found.stays == 0


def test_the_same_recipe_twice_is_no_difference(shop: Shop) -> None:
    shop.add(*NAMES)
    recipe = make_recipe(experiment=EXPERIMENT)
    found = compare(shop, recipe, recipe, samples=4)
    assert found.old == found.new
    assert found.stays == found.old.messages
    counts = (found.enters.count, found.leaves.count, found.changes_variant.count)
    assert counts == (0, 0, 0)
    assert (found.settings, found.files) == ([], {})
    assert [one.changes for one in found.messages] == [False] * 4


def test_messages_are_made_for_a_sample_only_and_compared(shop: Shop) -> None:
    shop.add(*NAMES)
    shop.recommender.products = shop.add_products("shoe", "sock")
    first, both = ({"plugin": "shelf", "top": top} for top in (1, 2))
    found = compare(
        shop,
        make_recipe(generate={}, recommend=first),
        make_recipe(generate={"voice": "warm"}, recommend=first),
        samples=6,
    )
    assert [one.changes for one in found.messages] == [False] * 6
    assert len(shop.scribe.briefs) == 2  # the six are alike, and written for once by each recipe
    found = compare(
        shop,
        make_recipe(generate={}, recommend=first),
        make_recipe(generate={}, recommend=both),
        samples=3,
    )
    assert [one.changes for one in found.messages] == [True] * 3
    one = found.messages[0]
    assert one.old.fields == one.new.fields
    shown = [json.loads(side.text)["products"] for side in (one.old, one.new)]
    assert [[product["title"] for product in each] for each in shown] == [
        ["Shoe shoe"],
        ["Shoe shoe", "Sock shoe"],
    ]
    found = compare(shop, make_recipe(), make_recipe(deliver={"fields": TEXT}), samples=1)
    [one] = found.messages
    assert (one.old.fields["body"], one.new.fields["body"]) == ("Look.", "Look closely.")


TEXT = {"subject": "Hello {first_name|you}", "body": "Look closely."}


def test_half_of_the_sample_are_those_who_change_variant(shop: Shop) -> None:
    shop.add(*NAMES)
    warm = {"deliver": {"fields": TEXT}}
    experiment: dict[str, Any] = {"variants": {"warm": warm, "plain": {}}}
    old = make_recipe(experiment=experiment)
    new = make_recipe(experiment={**experiment, "shares": {"warm": "90%", "plain": "10%"}})
    found = compare(shop, old, new, samples=6)
    moved = [one for one in found.messages if one.old.variant != one.new.variant]
    assert len(found.messages) == 6
    assert len(moved) == 3
    assert [one.customer for one in found.messages if one.changes] == [
        one.customer for one in moved
    ]


def test_nothing_is_written(shop: Shop) -> None:
    shop.add(*NAMES[:5])
    tables = (runs, batches, messages, owners)

    def count() -> list[int]:
        with shop.store.read() as connection:
            return [
                connection.execute(select(func.count()).select_from(table)).scalar_one()
                for table in tables
            ]

    before = count()
    compare(shop, make_recipe(), make_recipe(generate={}), samples=2)
    assert count() == before
    assert shop.channel.sent == []


def test_a_generator_that_fails_is_said_and_the_rest_is_compared(shop: Shop) -> None:
    shop.add("ada")

    def lack(brief: Any) -> dict[str, str]:
        raise EnvironmentMissing("there is no model")

    shop.scribe.write = lack
    found = compare(shop, make_recipe(), make_recipe(generate={}), samples=2)
    assert found.stays == 1
    assert found.messages == []
    assert isinstance(found.problem, EnvironmentMissing)


def test_the_recipe_that_a_run_keeps_may_be_compared(shop: Shop) -> None:
    shop.add("ada", "bob")
    template = shop.folder / "templates/letter.j2"
    template.parent.mkdir()
    template.write_text("{{ fields.body }}")
    recipe = make_recipe(deliver={"template": "letter.j2"})
    run = shop.plan(recipe)
    template.write_text("Dear you! {{ fields.body }}")
    (shop.folder / "new.yaml").write_text(recipe)
    sides: list[Comparable] = [
        load_comparable(shop.engine, name) for name in (str(run.id), str(shop.folder / "new.yaml"))
    ]
    found = compare_campaigns(shop.engine, *sides, samples=1)
    assert found.settings == []
    assert found.files == {"templates/letter.j2": "changed"}
    [one] = found.messages
    assert one.old.text == "Look."
    assert one.new.text == "Dear you! Look."


def test_what_is_no_recipe_and_no_run_is_refused(shop: Shop) -> None:
    with pytest.raises(DataError, match="there is no run 7"):
        load_comparable(shop.engine, "7")
    with pytest.raises(RecipeError, match="nowhere"):
        load_comparable(shop.engine, "nowhere.yaml")
    (shop.folder / "answers.yaml").write_text(make_recipe(segment=None))
    with pytest.raises(RecipeError, match="'segment' is missing"):
        load_comparable(shop.engine, str(shop.folder / "answers.yaml"))
