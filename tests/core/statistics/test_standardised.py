"""Arms are believed in as if all had the same days, and experiments add up as independent ones."""

from __future__ import annotations

import numpy as np
import pytest

from ballyhoo.core.statistics.intervals import Interval
from ballyhoo.core.statistics.posteriors import find_chances
from ballyhoo.core.statistics.revenue import Spending
from ballyhoo.core.statistics.standardised import draw_means, draw_rates, find_best
from ballyhoo.core.statistics.tallies import Tally
from ballyhoo.core.statistics.totals import add_up

GOOD_DAYS = {"one": Tally(people=9_000, successes=900), "other": Tally(people=1_000, successes=105)}
BAD_DAYS = {"one": Tally(people=1_000, successes=20), "other": Tally(people=9_000, successes=200)}


def test_an_arm_that_had_the_good_days_is_not_taken_for_the_better_one() -> None:
    pooled = {name: GOOD_DAYS[name] + BAD_DAYS[name] for name in GOOD_DAYS}
    assert find_chances(pooled)["one"] > 0.999
    drawn = draw_rates([GOOD_DAYS, BAD_DAYS])
    assert find_best(drawn)["other"] > 0.6
    assert drawn["one"].mean() == pytest.approx((0.1 + 0.02) / 2, rel=0.02)


def test_of_one_wave_the_chances_are_those_of_the_integral() -> None:
    wave = {"a": Tally(people=500, successes=40), "b": Tally(people=400, successes=40)}
    drawn = find_best(draw_rates([wave], draws=200_000))
    exact = find_chances(wave)
    assert drawn["a"] == pytest.approx(exact["a"], abs=0.005)


def test_a_wave_that_lacks_an_arm_counts_nothing() -> None:
    half = {"one": Tally(people=500, successes=400)}
    both, alone = draw_rates([half, BAD_DAYS]), draw_rates([BAD_DAYS])
    assert np.array_equal(both["one"], alone["one"])
    assert draw_rates([half | {"other": Tally(people=0, successes=0)}]) == {}


def test_money_is_standardised_in_the_same_way() -> None:
    wave = {
        "a": Spending(people=1_000, buyers=50, total=5_000.0, squares=600_000.0),
        "b": Spending(people=1_000, buyers=100, total=10_000.0, squares=1_200_000.0),
    }
    nobody = {name: Spending(people=1_000, buyers=0, total=0.0, squares=0.0) for name in wave}
    drawn = draw_means([wave, nobody])
    assert find_best(drawn)["b"] > 0.99
    assert drawn["b"].mean() == pytest.approx(5.0, rel=0.05)
    assert draw_means([nobody]) == {}


def test_experiments_add_up_with_the_root_of_the_sum_of_squares() -> None:
    def find(estimate: float, half: float) -> Interval:
        return Interval(
            estimate=estimate, low=estimate - half, high=estimate + half, level=0.95, method="m"
        )

    found = add_up([find(10.0, 3.0), find(-2.0, 4.0)])
    assert (found.estimate, found.low, found.high) == (8.0, 3.0, 13.0)
    assert add_up([find(1.0, 1.0)]).method == "m"
    assert not add_up([]).is_known


def test_sums_cover_the_truth_at_their_level() -> None:
    generator = np.random.default_rng(5)
    truth = np.array([2.0, -1.0, 4.0])
    errors = np.array([1.0, 3.0, 0.5])
    hits = 0
    for _ in range(2_000):
        seen = generator.normal(truth, errors)
        found = add_up(
            [
                Interval(
                    estimate=one, low=one - 1.96 * error, high=one + 1.96 * error, level=0.95,
                    method="m",
                )
                for one, error in zip(seen, errors, strict=True)
            ]
        )  # fmt: skip
        hits += found.covers(float(truth.sum()))
    assert 0.935 < hits / 2_000 < 0.965
