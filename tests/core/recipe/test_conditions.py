from __future__ import annotations

from pathlib import Path

import pytest

from ballyhoo.core.campaign import check_recipe
from ballyhoo.core.registry import Registry
from ballyhoo.plugins import outbox, sql_segment

DELIVER = "deliver: {plugin: outbox, fields: {subject: Hello, body: Come and look.}}\n"


def check(recipe: str, folder: Path) -> list[str]:
    registry = Registry()
    registry.add("sql_segment", sql_segment)
    registry.add("outbox", outbox)
    checked = check_recipe(
        (recipe + DELIVER).encode(), file="recipe.yaml", registry=registry, workspace=folder
    )
    return [str(mistake) for mistake in checked.mistakes]


CONTRY = "unknown field 'contry'; did you mean 'country'?"
ORDRS = "unknown field 'ordrs'; did you mean 'orders'?"


@pytest.mark.parametrize(
    ("block", "first", "second"),
    [
        ("  where: contry = 'DE' AND ordrs > 1\n", "3:10", "3:28"),
        ("  where:   >\n    id > 0 AND contry = 'DE'\n    AND ordrs > 1\n", "4:16", "5:9"),
        ("  where: |\n    contry = 'DE'\n      AND ordrs > 1\n", "4:5", "5:11"),
        ("  where: \"contry = 'DE'\n    AND ordrs > 1\"\n", "3:11", "4:9"),
        ("  where: 'contry = ''DE''\n    AND ordrs > 1'\n", "3:11", "4:9"),
        ("  where: contry = 'DE'\n    AND ordrs > 1\n", "3:10", "4:9"),
    ],
)
def test_each_mistake_of_a_condition_has_its_line_and_column(
    block: str, first: str, second: str, tmp_path: Path
) -> None:
    assert check(f"campaign: spring\nsegment:\n{block}", tmp_path) == [
        f"recipe.yaml:{first}: segment.where: {CONTRY}",
        f"recipe.yaml:{second}: segment.where: {ORDRS}",
    ]


def test_each_mistake_of_a_structured_condition_stands_at_its_value(tmp_path: Path) -> None:
    recipe = (
        "campaign: spring\n"
        "segment:\n"
        "  where:\n"
        "    all:\n"
        "      - {field: contry, op: '=', value: DE}\n"
        "      - not: {field: orders, op: in, value: [1, many]}\n"
        "      - {function: bougt, days: 3}\n"
        "      - {field: orders, op: betwen, value: 3}\n"
    )
    assert check(recipe, tmp_path) == [
        f"recipe.yaml:5:17: segment.where.all[0].field: {CONTRY}",
        "recipe.yaml:6:49: segment.where.all[1].not.value[1]: must be a number, not 'many'",
        "recipe.yaml:7:20: segment.where.all[2].function: unknown function 'bougt'; "
        "did you mean 'bought'?",
        "recipe.yaml:8:29: segment.where.all[3].op: unknown operator 'betwen'; "
        "did you mean 'between'?",
    ]


def test_the_condition_of_an_offer_is_checked_too(tmp_path: Path) -> None:
    recipe = (
        "campaign: spring\n"
        "segment: {where: orders > 1}\n"
        "generate:\n"
        "  fields: {subject: {}, body: {}}\n"
        "  offer: [{code: A, where: \"contry = 'DE'\"}, {code: B}]\n"
    )
    assert f"recipe.yaml:5:29: generate.offer[0].where: {CONTRY}" in check(recipe, tmp_path)


@pytest.mark.parametrize("value", ["true", "[orders]", "3"])
def test_a_where_that_is_no_condition_is_refused(value: str, tmp_path: Path) -> None:
    [said] = check(f"campaign: spring\nsegment: {{where: {value}}}\n", tmp_path)
    assert said.startswith("recipe.yaml:2:18: segment.where: must be a condition such as")
