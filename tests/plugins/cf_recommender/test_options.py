"""What a recipe's recommend block may say, and what is said about a wrong one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from ballyhoo.core.campaign import check_recipe
from ballyhoo.core.plugin_loading import load_plugins
from ballyhoo.plugins.cf_recommender.options import CfOptions

RECIPE = """\
campaign: spring
segment: {{where: orders >= 0}}
recommend:
{block}
deliver: {{plugin: outbox, fields: {{subject: "{{product.name|New}}", body: Come and look.}}}}
"""
EVERYTHING = """\
  task: together
  top: 4
  to: [last_purchase, cart]
  filters:
    in_stock: false
    price: {min: 10, max: 99.90}
    category: [shoes, socks]
    brand: Fernpfad
    not_bought_days: 180
    where: on_sale AND rating >= 4
  promote: {where: "attributes.margin = 'high'", slots: 1}
  explore: 0.1
  new_within: 2w
  max_per_category: 2
  diversity: 0.3
  algorithm: surprise.KNNBaseline
  settings: {k: 20}
  weights: {view: 0.2, purchase: 1, wishlist: 0.5}
  stars: true
  half_life: 60d
  popularity: {window: 14d, share: 0.3}
  learn: false
  embed: models/minilm
"""


def check(block: str, folder: Path) -> list[str]:
    checked = check_recipe(
        RECIPE.format(block=block).encode(),
        file="spring.yaml",
        registry=load_plugins(folder=folder),
        workspace=folder,
    )
    return [str(one) for one in checked.mistakes]


def test_a_block_may_say_everything(tmp_path: Path) -> None:
    assert check(EVERYTHING, tmp_path) == []


def test_every_option_stands_in_the_block_that_says_everything() -> None:
    from ruamel.yaml import YAML

    said = YAML(typ="safe").load(EVERYTHING)
    assert set(said) == set(CfOptions.model_fields)
    assert set(said["filters"]) == set(CfOptions().filters.__class__.model_fields)


def test_the_plugin_is_the_one_that_is_meant_when_none_is_named(tmp_path: Path) -> None:
    assert check("  top: 3", tmp_path) == []


@pytest.mark.parametrize(
    ("block", "said"),
    [
        ("  tsk: discover", "spring.yaml:4:3: recommend: unknown key 'tsk'; did you mean 'task'?"),
        ("  task: discovr", "spring.yaml:4:9: recommend.task: "),
        ("  filters: {where: pirce < 10}", "unknown field 'pirce'; did you mean 'price'?"),
        ("  filters: {price: {min: 20, max: 10}}", "'min' is more than 'max'"),
        ("  filters: {price: {}}", "give 'min', 'max' or both"),
        ("  to: cart", "'to' is for the tasks 'similar' and 'together'"),
        ("  task: similar\n  to: [cart, SKU-1]", "'to' names either products or some of cart"),
        ("  promote: {where: in_stock, slots: 4}", "promote keeps 4 places, where 'top' has 3"),
        ("  explore: 2", "recommend.explore: "),
        ("  half_life: 90", "must be a duration such as 30d, 2h or 90min"),
        ("  algorithm: surprise.SVDp", "recommend.algorithm: "),
        ("  top: 0", "recommend.top: "),
    ],
)
def test_a_wrong_block_is_refused_with_its_place(block: str, said: str, tmp_path: Path) -> None:
    [mistake] = check(block, tmp_path)
    assert said in mistake


def test_the_schema_of_editors_lets_a_text_stand_for_a_list_of_one() -> None:
    schema = CfOptions.model_json_schema()
    assert {"type": "string"} in schema["properties"]["to"]["anyOf"]
    json.dumps(schema)


def test_training_looks_at_nothing_that_only_chooses() -> None:
    plain = CfOptions().training_options()
    chosen = {"task": "popular", "top": 9, "explore": 0.5, "filters": {"brand": "Fern"}}
    assert CfOptions.model_validate(chosen).training_options() == plain
    for learned in ({"half_life": "9d"}, {"stars": True}, {"embed": "x"}, {"weights": {"view": 1}}):
        assert CfOptions.model_validate(learned).training_options() != plain


def test_options_cannot_be_changed() -> None:
    with pytest.raises(ValidationError):
        CfOptions().top = 5  # type: ignore[misc]
