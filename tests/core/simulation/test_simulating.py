"""Campaigns played against people of whom everything is known, with the real engine."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ballyhoo.core.campaign import Campaign, load_campaign
from ballyhoo.core.errors import DataError
from ballyhoo.core.simulation.simulating import Simulation, simulate
from ballyhoo.core.simulation.truth import Effect, Truth
from ballyhoo.core.workspace import Workspace

START = datetime(2026, 3, 2, 20, 30, tzinfo=UTC)
"""Half an hour before it is quiet: nothing has to wait."""

TRUTH = Truth(buy="12%", effects={"warm": Effect(buy=1.5, click=2.0), "terse": Effect(buy=1.1)})


def play(workspace: Workspace, campaign: Campaign, **changed: object) -> Simulation:
    asked = {"people": 600, "days": 12, "starts_at": START, **changed}
    return simulate(workspace, campaign, TRUTH, **asked)  # type: ignore[arg-type]


def test_everybody_is_accounted_for_and_the_report_stands_beside_the_truth(workspace, campaign):
    [run] = play(workspace, campaign).runs
    report = run.report
    assert report.receipt.audience == 600
    assert report.receipt.adds_up
    held_out = report.lift.held_out.people
    assert report.receipt.states == {"sent": 600 - held_out, "skipped": held_out}
    assert report.receipt.skipped == {"holdout": held_out}
    assert report.heading.is_final
    results = {one.name: one for one in report.comparison.results}
    assert sum(one.people for one in results.values()) + held_out == 600
    for name, expected in run.reality.variants.items():
        assert expected.people == results[name].people
        assert 0 < expected.bought < 1
    assert results["warm"].clicked > results["terse"].clicked
    assert run.reality.orders > 0
    assert run.reality.revenue > 0


def test_the_same_seed_gives_the_same_run_and_another_one_other_people(workspace, campaign):
    one, same = (play(workspace, campaign, days=3, seed=5) for _ in range(2))
    assert one.runs[0].reality == same.runs[0].reality
    assert one.runs[0].report.lift == same.runs[0].report.lift
    other = play(workspace, campaign, days=3, seed=6)
    assert other.runs[0].report.lift.held_out != one.runs[0].report.lift.held_out


def test_before_the_window_is_over_the_interval_is_one_that_may_be_looked_at(workspace, campaign):
    [run] = play(workspace, campaign, days=4).runs
    assert not run.report.heading.is_final
    assert run.orders is not None
    assert run.orders.method == "always valid"
    whole = play(workspace, campaign).runs[0].reality
    assert run.reality.revenue < whole.revenue  # late orders did not come yet


def test_what_quiet_hours_hold_back_leaves_in_the_morning(workspace, campaign):
    night = START.replace(hour=22)
    [run] = play(workspace, campaign, starts_at=night, days=2).runs
    [hour] = [at for at, sent in run.report.delivery.hours if sent]
    assert datetime.fromtimestamp(hour / 1000, UTC).hour == 8


def test_the_lift_of_the_report_holds_the_truth_in_most_of_eight_runs(workspace, campaign):
    found = play(workspace, campaign, people=400, runs=8, looks_daily=True)
    assert found.covered is not None
    assert found.covered.estimate >= 0.6
    assert found.never_missed is not None
    assert found.never_missed.estimate >= 0.6
    assert found.revenue_covered is not None
    assert found.revenue_covered.estimate >= 0.6
    assert found.best == "warm"


def test_a_recipe_without_experiment_is_played_and_has_no_lift(workspace):
    path = workspace.folder / "plain.yaml"
    path.write_text(
        "campaign: plain\nsegment: {where: consent_email}\n"
        "experiment: {holdout: 0%}\n"
        "deliver: {plugin: outbox, fields: {subject: Hello, body: Spring.}}\n"
    )
    campaign = load_campaign(path, registry=workspace.registry, workspace=workspace.folder)
    [run] = play(workspace, campaign, people=50, days=2).runs
    assert run.report.receipt.states == {"sent": 50}
    assert run.orders is None
    assert play(workspace, campaign, people=50, days=1).covered is None


def test_a_recipe_that_says_nothing_of_a_holdout_has_that_of_the_workspace(workspace, campaign):
    path = workspace.folder / "silent.yaml"
    path.write_text(campaign.text.replace("  holdout: 25%\n", ""))
    silent = load_campaign(path, registry=workspace.registry, workspace=workspace.folder)
    [run] = play(workspace, silent, people=400, days=1).runs
    assert 5 < run.report.receipt.skipped["holdout"] < 45


def test_a_recipe_that_sends_nothing_is_refused(workspace):
    path = workspace.folder / "answers.yaml"
    path.write_text("respond: {plugin: none}\n")
    silent = Campaign(name="", file=str(path), text=path.read_text(), hash="", variants={})
    with pytest.raises(DataError, match="nothing to simulate"):
        simulate(workspace, silent, TRUTH)


def test_waves_open_one_after_the_other_and_late_orders_count_for_their_wave(workspace, campaign):
    path = workspace.folder / "waves.yaml"
    told = campaign.text.replace("  window: 10d", "  window: 10d\n  allocate: thompson\n  waves: 3")
    path.write_text(told)
    thompson = load_campaign(path, registry=workspace.registry, workspace=workspace.folder)
    found = play(workspace, thompson, days=14, runs=3)
    assert found.never_missed is None  # nobody looked
    for run in found.runs:
        waves = run.report.lift.waves
        assert [one.wave for one in waves] == [1, 2, 3]
        opened = [one.opened_at for one in waves]
        assert opened == sorted(opened)
        assert run.report.heading.is_final
        assert run.report.receipt.adds_up
        assert sum(one.treated.people + one.held_out.people for one in waves) == 600
    assert found.covered.estimate >= 1 / 3


def test_where_newcomers_like_another_variant_shares_by_traits_bring_more_than_those_of_all(
    workspace, campaign
):
    truth = Truth(
        click="10%", newcomers="50%", effects={"warm": Effect(click=2.0)},
        effects_on_newcomers={"warm": Effect(click=1.0), "terse": Effect(click=2.0)},
    )  # fmt: skip
    found = {}
    for allocate in ("thompson", "contextual"):
        path = workspace.folder / f"{allocate}.yaml"
        told = campaign.text.replace("metric: conversion", "metric: click")
        told = told.replace("  window: 10d", f"  window: 5d\n  allocate: {allocate}\n  waves: 4")
        path.write_text(told.replace("holdout: 25%", "holdout: 5%"))
        by = load_campaign(path, registry=workspace.registry, workspace=workspace.folder)
        found[allocate] = simulate(
            workspace, by, truth, people=1_600, days=18, starts_at=START, seed=3
        )
    assert found["contextual"].best is None
    assert found["contextual"].best_of_newcomers == "terse"
    assert found["contextual"].best_of_others == "warm"
    clicked = {}
    for allocate, one in found.items():
        groups = one.runs[0].reality.variants.values()
        clicked[allocate] = sum(some.people * some.clicked for some in groups)
        assert sum(some.people for some in groups) > 1_450
        report = one.runs[0].report
        assert report.receipt.states.keys() == {"sent", "skipped"}
        assert not report.sample.is_off
        assert report.comparison.is_weighed == (allocate == "contextual")
    assert clicked["contextual"] > 1.08 * clicked["thompson"]
