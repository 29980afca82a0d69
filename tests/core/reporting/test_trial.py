"""What a recipe says of its experiment, and whether people are where they were drawn."""

from __future__ import annotations

import pytest

from ballyhoo.core.attribution.outcomes import ArmOutcome, Cell, RunOutcome
from ballyhoo.core.attribution.rules import Rule
from ballyhoo.core.attribution.windows import read_waves
from ballyhoo.core.reporting.trial import HOLDOUT, check_sample, read_trial
from ballyhoo.core.store.drawing import find_threshold

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
