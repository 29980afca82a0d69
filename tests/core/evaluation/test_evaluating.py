"""Recommenders are judged as of the past, and told from what is simpler."""

from __future__ import annotations

import tempfile
from typing import Any

import pytest
from sqlalchemy import func, select

from ballyhoo import DataError, PluginError
from ballyhoo.core.artifact_manifest import MANIFEST
from ballyhoo.core.evaluation.evaluating import evaluate_recommender
from ballyhoo.core.evaluation.results import Evaluation
from ballyhoo.core.evaluation.searching import search_settings
from ballyhoo.core.evaluation.verdict import say_verdict
from ballyhoo.core.store.tables import audit, batches, messages, owners, runs

from ..engine.shop import Shop, make_recipe
from .plugins import DAY, Oracle, OracleOptions, Plain, fill


def load(shop: Shop, **options: Any) -> Any:
    recipe = make_recipe(recommend={"plugin": "recommender", **options})
    return shop.load(recipe).variants[None]


def evaluate(shop: Shop, plugin: Any, **how: Any) -> Evaluation:
    shop.add_plugin("recommender", plugin)
    options = how.pop("options", {})
    return evaluate_recommender(shop.engine, load(shop, **options), **how)


def test_recommender_that_knows_its_customers_earns_its_place(shop: Shop) -> None:
    fill(shop)
    evaluation = evaluate(shop, Oracle())
    discover = evaluation.results["discover"]
    assert discover.verdict == "better"
    assert discover.measured.ndcg.value > 2 * discover.baseline.ndcg.value
    assert discover.difference.value == pytest.approx(
        discover.measured.ndcg.value - discover.baseline.ndcg.value
    )
    assert 0 < discover.difference.low < discover.difference.value < discover.difference.high
    assert discover.measured.coverage > 0.7
    assert set(evaluation.results["replenish"].others) == {"popularity", "own_history"}
    assert evaluation.knows_tasks
    said = say_verdict(discover, "recommender")
    assert "recommender earns its place: its nDCG@10 is 0." in said


def test_recommender_that_is_wrong_does_not_earn_it(shop: Shop) -> None:
    fill(shop)
    evaluation = evaluate(shop, Oracle(), options={"is_good": False})
    replenish = evaluation.results["replenish"]
    assert replenish.verdict == "worse"
    assert replenish.difference.high < 0
    assert "does not earn its place" in say_verdict(replenish, "recommender")


def test_recommender_that_says_nothing_is_worth_nothing(shop: Shop) -> None:
    fill(shop)
    evaluation = evaluate(shop, Plain())
    measured = evaluation.results["discover"].measured
    assert (measured.ndcg.value, measured.hit.value, measured.coverage) == (0, 0, 0)


def test_plugin_is_shown_nothing_of_the_window_that_it_is_judged_by(shop: Shop) -> None:
    fill(shop)
    oracle = Oracle()
    evaluation = evaluate(shop, oracle)
    begins = {one.begins for one in evaluation.windows}
    assert len(begins) == 3
    assert {now for now, _, _ in oracle.seen} == begins
    assert all(latest < now for now, latest, _ in oracle.seen)
    purchases = 150 // 30
    for now, _, orders in oracle.seen:
        months = (now - (shop.engine.now - 150 * DAY)) // (30 * DAY) + 1
        assert orders <= 3 * min(months, purchases)
    assert max(orders for _, _, orders in oracle.seen) > 0


def test_windows_follow_each_other_to_the_latest_purchase(shop: Shop) -> None:
    fill(shop)
    windows = evaluate(shop, Plain(1), windows=2, days=20).windows
    assert [one.ends - one.begins for one in windows] == [20 * DAY] * 2
    assert windows[0].ends == windows[1].begins


def test_each_window_and_task_learns_of_its_own_moment(shop: Shop) -> None:
    fill(shop)
    oracle = Oracle()
    evaluate(shop, oracle)
    assert oracle.trained == 3 * 2  # the task is one of its options
    assert {(one.task, one.top) for one in oracle.asked} == {("discover", 10), ("replenish", 10)}


def test_plugin_that_knows_no_task_is_asked_for_more_and_judged_by_both(shop: Shop) -> None:
    fill(shop)
    plain = Plain(*range(1, 61))
    evaluation = evaluate(shop, plain)
    assert not evaluation.knows_tasks
    assert {one.top for one in plain.asked} == {50}
    assert set(evaluation.results) == {"discover", "replenish"}
    assert any("no option 'task'" in note for note in evaluation.notes)
    # What she had bought is taken out of what is judged as new: ten are left for her.
    assert evaluation.results["discover"].measured.coverage > 0.25


def test_evaluation_leaves_no_trace(
    shop: Shop, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path_factory.mktemp("temporary")
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    fill(shop)
    tables = (runs, batches, messages, owners, audit)

    def count() -> list[int]:
        with shop.store.read() as connection:
            counted = [select(func.count()).select_from(table) for table in tables]
            return [connection.execute(one).scalar_one() for one in counted]

    before, files = count(), sorted(shop.folder.rglob("*"))
    evaluate(shop, Oracle())
    assert count() == before
    assert list(shop.folder.rglob(MANIFEST)) == []
    assert [path for path in sorted(shop.folder.rglob("*")) if path not in files] == [
        shop.folder / "letter.yaml"
    ]
    assert list(temporary.iterdir()) == []


def test_search_that_learns_much_keeps_the_latest_only(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(shop)
    bound = load_oracle(shop, is_good=False)
    before = search_settings(shop.engine, bound, windows=3, days=30)
    monkeypatch.setattr("ballyhoo.core.evaluation.asking.MOST_BYTES", 0)
    oracle = Oracle()
    found: list[int] = []

    def count(context: Any) -> None:
        found.append(sum(1 for _ in context.artifacts.read().parents[5].rglob(MANIFEST)))

    oracle.reads = count
    shop.install("recommender", None)
    shop.add_plugin("recommender", oracle)
    assert search_settings(shop.engine, bound, windows=3, days=30) == before
    assert set(found) == {1}


def test_same_seed_gives_the_same_numbers(shop: Shop) -> None:
    fill(shop)
    first, second = (evaluate_recommender(shop.engine, load_oracle(shop), seed=3) for _ in "ab")
    assert first == second
    assert evaluate_recommender(shop.engine, load_oracle(shop), seed=4) != first


def load_oracle(shop: Shop, **options: Any) -> Any:
    if shop.registry.find("recommender") is None:
        shop.add_plugin("recommender", Oracle())
    return load(shop, **options)


def test_too_few_purchases_are_said(shop: Shop) -> None:
    shop.add("ada")
    with pytest.raises(DataError, match="too few purchases to evaluate with: 0 of known"):
        evaluate(shop, Plain(1))


def test_few_customers_and_missing_windows_are_noted(shop: Shop) -> None:
    fill(shop, days=60, people=20)
    evaluation = evaluate(shop, Plain(1))
    assert len(evaluation.windows) < 3
    assert any("of 3 windows" in note for note in evaluation.notes)
    assert any("customers are few" in note for note in evaluation.notes)


def test_search_finds_what_is_better_and_confirms_it_on_the_last_window(shop: Shop) -> None:
    fill(shop)
    bound = load_oracle(shop, is_good=False, nested={"depth": 5})
    found = search_settings(shop.engine, bound, windows=3, days=30)
    assert dict(found.changes) == {"is_good": True}
    assert found.is_confirmed
    assert found.recipe == "recommend:\n  is_good: true\n"
    assert dict(found.trials[0].changes) == {}
    tried = [dict(one.changes) for one in found.trials]
    assert {"is_good": True, "nested.depth": 2} in tried
    assert len(tried) == len({str(one) for one in tried}) == 4  # `is_good: false` it was before


def test_search_keeps_the_recipe_when_nothing_is_better(shop: Shop) -> None:
    fill(shop)
    found = search_settings(shop.engine, load_oracle(shop), windows=3, days=30)
    assert dict(found.changes) == {}
    assert found.difference is None
    assert not found.is_confirmed
    assert found.recipe == ""


def test_search_does_not_look_at_the_last_window_to_choose(shop: Shop) -> None:
    fill(shop)
    oracle = Oracle()
    shop.add_plugin("recommender", oracle)
    search_settings(shop.engine, load(shop), windows=3, days=30)
    assert len({now for now, _, _ in oracle.seen}) == 2


def test_search_needs_something_to_search(shop: Shop) -> None:
    fill(shop)
    shop.add_plugin("recommender", Plain(1))
    with pytest.raises(DataError, match="offers no settings to search"):
        search_settings(shop.engine, load(shop), windows=3, days=30)
    with pytest.raises(DataError, match="needs two windows"):
        search_settings(shop.engine, load(shop), windows=1, days=30)


def test_space_with_a_value_that_does_not_fit_is_the_plugins_fault(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(shop)
    for space in ({"nested.depth": ["deep"]}, {"nested.none": [1]}, {"top.deep": [1]}):
        monkeypatch.setattr(OracleOptions, "space", space)
        with pytest.raises(PluginError, match=f"the option '{next(iter(space))}' cannot be"):
            search_settings(shop.engine, load_oracle(shop), windows=3, days=30)
