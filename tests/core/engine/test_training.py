"""Who learns does so once before a run, and again when what was learned cannot be used."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ballyhoo import ArtifactRefused
from ballyhoo.core.artifact_manifest import MANIFEST
from ballyhoo.core.engine.dry_plan import plan_dry
from ballyhoo.core.engine.runs import load_run
from ballyhoo.core.engine.training import train_campaign
from ballyhoo.core.preview import make_preview

from .shop import Shop, make_recipe

LEARNING: dict[str, Any] = {"recommend": {"plugin": "learner"}}


def list_artifacts(shop: Shop) -> list[Path]:
    return sorted(path.parent for path in shop.folder.rglob(MANIFEST))


def damage(shop: Shop) -> None:
    for folder in list_artifacts(shop):
        path = folder / "best.txt"
        path.chmod(0o644)
        path.write_text("0 bad")


def fill(shop: Shop) -> None:
    shop.add("ada", "bo", "cy")
    shop.add_products("trail", "road")
    shop.order("ada", "road")


def test_a_run_trains_once_whatever_its_batches(shop: Shop, monkeypatch: Any) -> None:
    monkeypatch.setattr("ballyhoo.core.engine.preparing.PLAIN_ROWS", 1)
    fill(shop)
    run = shop.run(make_recipe(**LEARNING))
    assert shop.fates(run) == dict.fromkeys(("ada", "bo", "cy"), "sent")
    assert len(shop.learner.trained) == 1
    assert len(shop.learner.read) == 3
    assert shop.channel.sent[0].products[0].product.sku == "road"


def test_what_was_learned_lately_is_used_by_plans_and_runs_alike(shop: Shop) -> None:
    fill(shop)
    recipe = make_recipe(**LEARNING)
    plan_dry(shop.engine, shop.load(recipe), samples=1)
    shop.clock.advance(hours=23)
    shop.run(recipe)
    assert len(shop.learner.trained) == 1


def test_what_was_learned_too_long_ago_is_learned_again(shop: Shop) -> None:
    fill(shop)
    recipe = make_recipe(**LEARNING)
    plan_dry(shop.engine, shop.load(recipe))
    shop.clock.advance(days=1, minutes=1)
    plan_dry(shop.engine, shop.load(recipe))
    assert len(shop.learner.trained) == 2
    shop.set(artifact_days=3)
    shop.clock.advance(days=2)
    plan_dry(shop.engine, shop.load(recipe))
    assert len(shop.learner.trained) == 2


def test_who_only_looks_gets_what_is_there_however_old(shop: Shop) -> None:
    fill(shop)
    campaign = shop.load(make_recipe(**LEARNING))
    make_preview(shop.engine, campaign)
    shop.clock.advance(days=30)
    make_preview(shop.engine, campaign)
    assert len(shop.learner.trained) == 1
    damage(shop)
    make_preview(shop.engine, campaign)
    assert len(shop.learner.trained) == 2


def test_options_that_training_does_not_depend_on_train_nothing(shop: Shop) -> None:
    fill(shop)
    variants = {
        "one": {"recommend": {"top": 1}},
        "two": {"recommend": {"top": 2}},
        "other": {"recommend": {"lesson": "other"}},
    }
    shop.run(make_recipe(**LEARNING, experiment={"variants": variants}))
    assert [options.lesson for options in shop.learner.trained] == ["", "other"]


def test_damaged_artifact_is_refused_and_learned_again_before_a_run(
    shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    fill(shop)
    recipe = make_recipe(**LEARNING)
    plan_dry(shop.engine, shop.load(recipe))
    damage(shop)
    caplog.set_level("INFO", "ballyhoo.engine")
    shop.run(recipe)
    assert len(shop.learner.trained) == 2
    assert shop.channel.sent[0].products[0].product.sku == "road"
    assert "is damaged: the file best.txt has another" in caplog.text


def test_artifact_that_is_damaged_in_mid_run_is_learned_again_and_nobody_is_missed(
    shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    fill(shop)
    run = shop.plan(make_recipe(**LEARNING))
    damage(shop)
    shop.go_on(run)
    assert shop.fates(run) == dict.fromkeys(("ada", "bo", "cy"), "sent")
    assert len(shop.learner.trained) == 2
    assert "it is trained again" in caplog.text


def test_artifact_that_its_plugin_refuses_is_learned_again_once(shop: Shop) -> None:
    fill(shop)
    shop.learner.writes = shop.learner.refuses = "old"
    recipe = make_recipe(**LEARNING)
    run = shop.plan(recipe)
    shop.learner.writes = "new"
    shop.go_on(run)
    assert shop.receipt(run).states == {"sent": 3}
    assert len(shop.learner.trained) == 2


def test_artifact_that_is_refused_for_ever_lets_the_run_wait(shop: Shop) -> None:
    fill(shop)
    shop.learner.writes = shop.learner.refuses = "old"
    run = shop.run(make_recipe(**LEARNING))
    assert shop.receipt(run).states == {"planned": 3}
    assert len(shop.learner.trained) == 2


def test_a_run_reads_what_it_began_with_though_others_learn_meanwhile(shop: Shop) -> None:
    fill(shop)
    recipe = make_recipe(**LEARNING)
    run = shop.plan(recipe)
    shop.clock.advance(days=2)
    for _ in range(2):
        shop.order("bo", "trail")
    [trained] = train_campaign(shop.engine, shop.load(recipe))
    assert (trained.stage, trained.plugin, trained.files) == ("recommend", "learner", 1)
    shop.engine.runs.clear()
    shop.go_on(load_run(shop.engine, run.id))
    assert {message.products[0].product.sku for message in shop.channel.sent} == {"road"}
    assert trained.folder.name not in shop.learner.read


def test_training_by_hand_makes_a_new_artifact_each_time(shop: Shop) -> None:
    fill(shop)
    campaign = shop.load(make_recipe(**LEARNING))
    folders = {train_campaign(shop.engine, campaign)[0].folder for _ in range(2)}
    assert len(folders) == 2
    assert train_campaign(shop.engine, shop.load(make_recipe())) == []


def test_what_variants_share_is_trained_once(shop: Shop) -> None:
    fill(shop)
    variants = {
        "one": {"recommend": {"top": 1}},
        "two": {"recommend": {"top": 2}},
        "other": {"recommend": {"lesson": "other"}},
    }
    campaign = shop.load(make_recipe(**LEARNING, experiment={"variants": variants}))
    assert [one.variant for one in train_campaign(shop.engine, campaign)] == ["one", "other"]


def test_refusal_names_what_to_do() -> None:
    assert ArtifactRefused("it is old").hint == "'ballyhoo train RECIPE' makes it anew"
    assert ArtifactRefused("it is old").exit_code == 3
