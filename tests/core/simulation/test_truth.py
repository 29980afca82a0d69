"""What is true: how it is said, and that people behave by it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest

from ballyhoo.core.errors import DataError
from ballyhoo.core.simulation.audience import DAY_MS, draw_audience
from ballyhoo.core.simulation.behaviour import Behaviour, Got
from ballyhoo.core.simulation.reality import Calendar
from ballyhoo.core.simulation.truth import (
    Effect,
    Truth,
    describe_truth,
    draw_truth,
    read_truth,
)

PEOPLE = 40_000
START = 1_770_000_000_000
WINDOW = 8 * DAY_MS


def test_a_file_says_what_is_true(tmp_path: Path):
    path = tmp_path / "truth.yaml"
    path.write_text(
        "buy: 3%\ndelay: 2d\ndays: [1, 2]\neffects: {warm: {buy: 1.25}, terse: {click: 0.5}}\n"
    )
    truth = read_truth(path, ["warm", "terse"])
    assert float(truth.buy) == 0.03
    assert truth.delay == timedelta(days=2)
    assert truth.find_effect("warm").buy == 1.25
    assert truth.find_effect("other") == Effect()
    told = describe_truth(truth)
    assert (told["buy"], told["delay"], told["days"]) == ("3%", "2d", [1, 2])
    assert Truth.model_validate(told) == truth


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("buys: 3%", "buys: Extra inputs are not permitted"),
        ("buy: 300%", "buy: must be a percentage of at most 100%"),
        ("effects: {warn: {buy: 2}}", "effects.warn: the recipe has no such variant"),
        ("effects: {warm: {buy: -1}}", "effects.warm.buy"),
        (
            "{newcomers: 40%, effects_on_newcomers: {tense: {click: 2}}}",
            "effects_on_newcomers.tense: the recipe has no such variant",
        ),
        ("effects_on_newcomers: {warm: {click: 2}}", "effects_on_newcomers: nobody is new"),
        ("days: []", "days"),
        ("buy: [", "truth.yaml:1:"),
    ],
)
def test_what_is_wrong_in_it_is_said(tmp_path: Path, text: str, said: str):
    path = tmp_path / "truth.yaml"
    path.write_text(text)
    with pytest.raises(DataError) as refused:
        read_truth(path, ["warm", "terse"])
    assert said in str(refused.value)
    assert "truth.yaml" in str(refused.value)


def test_a_drawn_truth_is_the_same_for_a_seed():
    assert draw_truth(["a", "b"], 3) == draw_truth(["a", "b"], 3)
    assert draw_truth(["a", "b"], 3) != draw_truth(["a", "b"], 4)
    assert set(draw_truth([None], 1).effects) == {"everybody"}


@pytest.mark.parametrize("factor", [1.6, 1.0, 0.5])
def test_people_behave_as_is_expected_of_them(factor: float):
    truth = Truth(
        buy="10%", click="5%", unsubscribe="1%", keenness=1.0, days=[1.0, 0.5, 2.0],
        effects={"warm": Effect(buy=factor, click=2.0)},
    )  # fmt: skip
    generator = np.random.default_rng(20)
    audience = draw_audience(truth, PEOPLE, generator)
    behaviour = Behaviour(
        truth=truth, audience=audience, starts_at=START, window_ms=WINDOW, generator=generator
    )
    behaviour.begin(20)
    opened, sent = START + DAY_MS, START + 2 * DAY_MS + DAY_MS // 3
    treated = range(PEOPLE // 2)
    behaviour.react([Got(message_id=one, person=one, variant="warm", at=sent) for one in treated])
    done = behaviour.take_until(START + 20 * DAY_MS)
    assert done == sorted(done)

    calendar = Calendar(truth=truth, starts_at=START, ends_at=START + 20 * DAY_MS, window_ms=WINDOW)
    for people, variant, at in ((treated, "warm", sent), (range(PEOPLE // 2, PEOPLE), None, None)):
        theirs = [one for one in done if one.person in people]
        orders = [
            one for one in theirs if one.kind == "purchase" and 0 <= one.at - opened <= WINDOW
        ]
        expected = calendar.expect(len(people), variant, opened, at)
        bought = len({one.person for one in orders}) / len(people)
        assert bought == pytest.approx(expected.bought, abs=4 * (0.1 / len(people)) ** 0.5)
        spent = sum(one.value for one in orders) / len(people)
        assert spent == pytest.approx(expected.spent, rel=0.08)
        clicked = len({one.person for one in theirs if one.kind == "click"}) / len(people)
        assert clicked == pytest.approx(expected.clicked, abs=0.01)
    left = sum(one.kind == "unsubscribe" for one in done) / len(treated)
    assert left == pytest.approx(0.01, abs=0.003)


def test_of_past_orders_something_of_those_to_come_is_to_be_seen():
    truth = Truth(keenness=1.5)
    generator = np.random.default_rng(21)
    keenness = draw_audience(truth, PEOPLE, generator).keenness
    assert keenness.mean() == pytest.approx(1.0, abs=0.03)
    assert keenness.std() == pytest.approx(1.5, abs=0.1)


def test_newcomers_do_by_a_variant_what_is_true_of_them():
    truth = Truth(
        click="10%", newcomers="30%", effects={"warm": Effect(click=2.0)},
        effects_on_newcomers={"warm": Effect(click=0.5)},
    )  # fmt: skip
    assert describe_truth(truth)["newcomers"] == "30%"
    assert truth.find_effect("warm", is_new=True).click == 0.5
    assert truth.find_effect("terse", is_new=True) == Effect()
    generator = np.random.default_rng(22)
    audience = draw_audience(truth, PEOPLE, generator)
    assert audience.is_new.mean() == pytest.approx(0.3, abs=0.01)
    behaviour = Behaviour(
        truth=truth, audience=audience, starts_at=START, window_ms=WINDOW, generator=generator
    )
    behaviour.react(
        [Got(message_id=one, person=one, variant="warm", at=START) for one in range(PEOPLE)]
    )
    clicked = {one.person for one in behaviour.take_until(START + WINDOW) if one.kind == "click"}
    reacted = np.isin(np.arange(PEOPLE), list(clicked))
    assert reacted[audience.is_new].mean() == pytest.approx(0.05, abs=0.01)
    assert reacted[~audience.is_new].mean() == pytest.approx(0.2, abs=0.01)
