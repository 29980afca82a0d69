"""What a recipe says of its experiment, and whether people are where they were drawn."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ballyhoo.core.attribution.outcomes import ArmOutcome, Cell, RunOutcome
from ballyhoo.core.attribution.rules import Rule
from ballyhoo.core.attribution.windows import read_waves
from ballyhoo.core.reporting.trial import HOLDOUT, check_sample, read_trial
from ballyhoo.core.store.drawing import find_threshold
from ballyhoo.core.store.ledger.own_shares import OwnShares

RECIPE = """
campaign: a
experiment: {variants: {warm: {}, terse: {}}, shares: {warm: 75%, terse: 25%}, metric: click}
deliver: {fields: {subject: Hello}}
"""
DRAWN = [{"reason": "holdout", "begins": 0, "ends": find_threshold(0.1)}]


def count(details: dict[str, object], **people: int) -> RunOutcome:
    cells = {}
    for name, some in people.items():
        wave, _, variant = name.partition("_")
        is_held_out = variant == "held"
        cell = Cell(
            wave=int(wave[1:]), variant=None if is_held_out else variant, is_held_out=is_held_out
        )
        cells[cell] = ArmOutcome(people=some)
    return RunOutcome(rule=Rule(), waves=read_waves(details), cells=cells, buyers=())


def test_the_trial_is_that_of_the_recipe_and_of_how_people_were_drawn() -> None:
    trial = read_trial(RECIPE, {"left_out": DRAWN})
    assert (trial.variants, trial.metric, trial.allocate) == (("warm", "terse"), "click", "fixed")
    assert trial.shares == {"warm": 0.75, "terse": 0.25}
    assert trial.holdout == pytest.approx(0.1)
    assert trial.fields == {"subject": "Hello"}
    assert read_trial("nonsense", {}).variants == ()


def test_each_wave_is_held_against_its_own_shares() -> None:
    waves = [
        {"wave": 1, "opened_at": 1, "shares": {"warm": 0.5, "terse": 0.5}},
        {"wave": 2, "opened_at": 2, "shares": {"warm": 0.9, "terse": 0.1}},
    ]
    details = {"waves": waves, "left_out": DRAWN}
    trial = read_trial(RECIPE, details)
    fair = count(
        details, w1_warm=4_500, w1_terse=4_480, w1_held=1_000, w2_warm=8_110, w2_terse=895,
        w2_held=1_010,
    )  # fmt: skip
    found = check_sample(fair, trial)
    assert found is not None
    assert not found.is_off
    assert {name: people for name, people, _ in found.arms}[HOLDOUT] == 2_010
    off = check_sample(count(details, w1_warm=4_500, w1_terse=4_100, w1_held=1_000), trial)
    assert off is not None
    assert off.is_off


def test_what_went_from_a_stopped_variant_to_the_others_is_taken_back() -> None:
    stopped = {"terse": {"reason": "harm", "at": 1, "moved": {"0": {"warm": 900}}}}
    details = {"left_out": DRAWN, "stopped": stopped}
    moved = count(details, w0_warm=6_750 + 900, w0_terse=2_250 - 900, w0_held=1_000)
    trial = read_trial(RECIPE, details)
    assert moved.waves[0].stopped == {"terse": "harm"}
    found = check_sample(moved, trial)
    assert found is not None
    assert not found.is_off
    apart = count({"left_out": DRAWN}, w0_warm=7_650, w0_terse=1_350, w0_held=1_000)
    without = check_sample(apart, trial)
    assert without is not None
    assert without.is_off


def test_where_shares_are_peoples_own_arms_are_held_against_what_these_add_up_to() -> None:
    waves = [
        {"wave": 1, "opened_at": 1, "shares": {"warm": 0.5, "terse": 0.5}},
        {"wave": 2, "opened_at": 2, "shares": {"warm": 0.5, "terse": 0.5}},
    ]
    trial = read_trial(RECIPE, {"left_out": DRAWN})
    outcome = count(
        {"waves": waves}, w1_warm=440, w1_terse=460, w1_held=100, w2_warm=450, w2_terse=450,
        w2_held=100,
    )  # fmt: skip
    # Of half of the people 95% are meant for one variant, of the others for the other one.
    overlaps = {("terse", "warm"): 900 * 0.0475}
    own = OwnShares(
        people={"warm": 450, "terse": 450},
        expected={"warm": 450.0, "terse": 450.0},
        overlaps=overlaps,
    )
    right = check_sample(outcome, trial, {2: own})
    assert right is not None
    assert not right.is_off
    assert {name: people for name, people, _ in right.arms} == {
        "warm": 890, "terse": 910, HOLDOUT: 200
    }  # fmt: skip
    assert [meant for _, _, meant in right.arms] == pytest.approx([900, 900, 200])
    drawn = replace(own, people={"warm": 480, "terse": 420})
    wrong = check_sample(outcome, trial, {2: drawn})
    assert wrong is not None
    assert wrong.is_off  # 30 too many, where 900 people of equal shares would vary by 15
    few_held_out = count({"waves": waves[1:]}, w2_warm=450, w2_terse=450, w2_held=40)
    lost = check_sample(few_held_out, trial, {2: own})
    assert lost is not None
    assert lost.is_off
