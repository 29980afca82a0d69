"""What a plugin's function and the plugin sql_segment make of the store."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, null, select

from ballyhoo import ConditionFunction, hookimpl
from ballyhoo.core.audience import find_condition
from ballyhoo.core.campaign import Campaign, check_recipe
from ballyhoo.core.registry import Registry
from ballyhoo.core.store.engine import Store
from ballyhoo.plugins import outbox, sql_segment
from ballyhoo.testing import make_context

from .evaluator import Evaluator
from .shop import NOW, make_shop, write_shop

PAGE = Path(__file__).parents[3] / "docs/how-to/rfm-plugin.md"
RECIPE = """\
campaign: spring
segment: {{where: "{where}"}}
deliver: {{plugin: outbox, fields: {{subject: Hello, body: Come and look.}}}}
"""
SHOP = make_shop()


class Now:
    def now(self) -> Any:
        return NOW


def load(where: str, *plugins: tuple[str, Any], folder: Path) -> Campaign:
    registry = Registry()
    for name, plugin in (("sql_segment", sql_segment), ("outbox", outbox), *plugins):
        registry.add(name, plugin)
    checked = check_recipe(
        RECIPE.format(where=where).encode(), file="r.yaml", registry=registry, workspace=folder
    )
    assert checked.campaign is not None, [str(one) for one in checked.mistakes]
    return checked.campaign


def find(store: Store, campaign: Campaign) -> list[int]:
    binding = campaign.variants[None].stages["segment"]
    context = make_context("sql_segment", clock=Now())
    statement = sql_segment.segment(context, binding.options)
    with store.read() as connection:
        return sorted(connection.execute(statement).scalars())


@pytest.fixture
def full_store(store: Store) -> Store:
    write_shop(store, SHOP)
    return store


def test_the_default_segment_finds_the_people_inside_the_database(
    full_store: Store, tmp_path: Path
) -> None:
    (tmp_path / "segments").mkdir()
    (tmp_path / "segments/buyers.yaml").write_text("where: bought(days => 40)")
    where = "NOT country = 'DE' AND in_segment('buyers')"
    campaign = load(where, folder=tmp_path)
    condition = find_condition(campaign.variants[None].stages["segment"])
    assert condition is not None
    evaluator = Evaluator(SHOP)
    wanted = [
        one["id"]
        for one in SHOP.people
        if one["erased_at"] is None and evaluator.holds(condition.tree, one)
    ]
    assert 0 < len(wanted) < len(SHOP.people)
    assert find(full_store, campaign) == wanted
    assert condition.segments == {"buyers": "where: bought(days => 40)"}


def test_rfm_as_the_documentation_writes_it_scores_customers(
    full_store: Store, tmp_path: Path
) -> None:
    source = PAGE.read_text(encoding="utf-8").split("```python\n")[1].split("```")[0]
    module = type(pytest)("rfm")
    exec(source, module.__dict__)
    campaign = load(
        "rfm('frequency') >= 3 AND NOT rfm('recency') > 4", ("rfm", module), folder=tmp_path
    )
    wanted = []
    for one in SHOP.people:
        profile = one.get("profile", {})
        last = profile.get("last_order_at")
        is_recent = last is not None and NOW.timestamp() * 1000 - last < 30 * 86_400_000
        if one["erased_at"] is None and profile.get("orders", 0) >= 3 and not is_recent:
            wanted.append(one["id"])
    assert wanted
    assert find(full_store, campaign) == wanted


class Unsure:
    """A plugin whose function answers null."""

    @hookimpl
    def register_functions(self) -> list[ConditionFunction]:
        return [
            ConditionFunction(name="unsure", help="Null.", build=lambda: select(null()).exists()),
            ConditionFunction(name="perhaps", help="Null.", build=lambda: func.nullif(True, True)),
        ]


def test_what_a_function_leaves_open_is_false_and_its_negation_true(
    full_store: Store, tmp_path: Path
) -> None:
    people = [one["id"] for one in SHOP.people if one["erased_at"] is None]
    unsure = ("unsure", Unsure())
    assert find(full_store, load("perhaps()", unsure, folder=tmp_path)) == []
    assert find(full_store, load("NOT perhaps()", unsure, folder=tmp_path)) == people
    assert find(full_store, load("unsure()", unsure, folder=tmp_path)) == people


def test_two_plugins_with_one_function_are_both_named_when_a_recipe_is_checked(
    tmp_path: Path,
) -> None:
    registry = Registry()
    for name in ("one", "two"):
        registry.add(name, Unsure())
    registry.add("sql_segment", sql_segment)
    registry.add("outbox", outbox)
    content = RECIPE.format(where="orders = 1").encode()
    checked = check_recipe(content, file="r.yaml", registry=registry, workspace=tmp_path)
    [mistake] = checked.mistakes
    assert mistake.missing
    assert "registered by the plugin 'one' and by the plugin 'two'" in mistake.message
