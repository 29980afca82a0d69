from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]

RECIPE = """\
campaign: trail
segment: {where: country = 'DE'}
generate:
  fields: {subject: {max_chars: 60}, body: {max_words: 80}}
  fallback: {subject: Spring is here, body: Come and look.}
experiment:
  variants: {warm: {generate: {voice: warm}}, terse: {generate: {voice: terse}}}
  holdout: 20%
  window: 5d
deliver: {plugin: outbox, tracking: {clicks: true}}
"""
TRUTH = "buy: 20%\neffects: {warm: {buy: 2.5, click: 3}, terse: {buy: 1.1}}\n"


@pytest.fixture
def shop(run: Run, monkeypatch: pytest.MonkeyPatch) -> Path:
    run("init", "shop")
    monkeypatch.chdir("shop")
    Path("trail.yaml").write_text(RECIPE)
    Path("truth.yaml").write_text(TRUTH)
    return Path.cwd()


def test_it_answers_what_is_true_and_what_the_report_says(run: Run, shop: Path):
    asked = ("simulate", "trail.yaml", "--people", "800", "--days", "6", "--truth", "truth.yaml")
    answer = run(*asked, "--json")
    assert answer.code == 0, answer.err
    told = json.loads(answer.out)
    assert (told["campaign"], told["people"], told["days"], told["runs"]) == ("trail", 800, 6, 1)
    assert told["truth"]["buy"] == "20%"
    assert told["best"] == "warm"
    lift = told["lift"]
    assert lift["low"] <= lift["estimate"] <= lift["high"]
    assert lift["holds"] is (lift["low"] <= lift["true"] <= lift["high"])
    assert 0 < lift["true"] < 0.3
    assert set(told["variants"]) == {"warm", "terse"}
    assert told["variants"]["warm"]["buy_true"] > told["variants"]["terse"]["buy_true"]
    assert sum(one["chance"] for one in told["variants"].values()) == pytest.approx(1)
    assert run(*asked, "--json").out == answer.out
    # The workspace stays as it was.
    assert not list(shop.rglob("*.db"))
    assert not (shop / "outbox").exists()


def test_it_says_so_to_people_and_counts_over_runs(run: Run, shop: Path):
    answer = run(
        "simulate", "trail.yaml", "--people", "300", "--days", "6", "--runs", "3",
        "--truth", "truth.yaml",
    )  # fmt: skip
    assert answer.code == 0, answer.err
    assert "'trail' simulated: 300 people, 6 days" in answer.out
    assert "not segment, products, copy" in answer.out
    assert "buyers of 1,000" in answer.out
    assert "of 3 runs the interval of buyers holds what is true" in answer.out
    assert "the winner was the best in" in answer.out


def test_its_own_truth_can_be_given_back_to_it(run: Run, shop: Path):
    asked = ("simulate", "trail.yaml", "--people", "50", "--days", "1", "--seed", "7", "--json")
    first = json.loads(run(*asked).out)
    Path("same.yaml").write_text(json.dumps(first["truth"]))
    assert json.loads(run(*asked, "--truth", "same.yaml").out) == first


def test_a_truth_that_is_wrong_is_refused_and_said(run: Run, shop: Path):
    Path("truth.yaml").write_text("effects: {warn: {buy: 2}}\nbuy: 3%\n")
    answer = run("simulate", "trail.yaml", "--truth", "truth.yaml")
    assert answer.code == 2
    assert "effects.warn: the recipe has no such variant" in answer.err
    assert "did you mean 'warm'" in answer.err
    assert run("simulate", "trail.yaml", "--truth", "nowhere.yaml").code == 2
