"""How many people it takes: against another implementation, and by trying."""

from __future__ import annotations

import math

import numpy as np
import pytest
from statsmodels.stats.proportion import power_proportions_2indep

from ballyhoo.core.statistics.intervals import find_normal_bound
from ballyhoo.core.statistics.power import find_needed_people, find_smallest_lift
from ballyhoo.core.statistics.score import find_score_bounds


@pytest.mark.parametrize(
    ("people", "others", "rate"), [(950, 50, 0.02), (9_500, 500, 0.02), (700, 700, 0.3)]
)
def test_the_smallest_lift_has_the_power_that_statsmodels_finds_for_it(people, others, rate):
    lift = find_smallest_lift(people, others, rate)
    found = power_proportions_2indep(lift, rate, people, ratio=others / people, alpha=0.05)
    assert found.power == pytest.approx(0.8, abs=0.002)  # it counts the far tail as well


def test_a_lift_of_that_size_is_seen_as_often_as_is_said():
    lift = find_smallest_lift(4_000, 1_000, 0.05)
    generator = np.random.default_rng(9)
    _, low, _ = find_score_bounds(
        generator.binomial(4_000, 0.05 + lift, (4_000, 1)),
        np.array([4_000]),
        generator.binomial(1_000, 0.05, (4_000, 1)),
        np.array([1_000]),
        bound=find_normal_bound(0.95),
    )
    assert np.mean(low > 0) == pytest.approx(0.8, abs=0.03)


def test_the_needed_people_can_see_just_that_lift():
    people = find_needed_people(0.02, 0.01, holdout=0.1)
    lift = find_smallest_lift(round(people * 0.9), round(people * 0.1), 0.02)
    assert lift == pytest.approx(0.01, rel=1e-3)
    assert find_needed_people(0.02, 0.01, holdout=0.05) > people
    assert find_needed_people(0.02, 0.02, holdout=0.1) < people


def test_what_no_message_could_show_is_said():
    assert find_smallest_lift(100, 0, 0.02) == math.inf
    assert find_smallest_lift(3, 2, 0.5) == math.inf
    assert find_smallest_lift(100, 100, 1.0) == math.inf
    assert 0 < find_smallest_lift(100, 100, 0.0) < 0.1
    for rate, lift, holdout in ((0.9, 0.2, 0.5), (0.1, 0.0, 0.5), (0.1, 0.1, 0.0)):
        with pytest.raises(ValueError, match=r"rise|nothing"):
            find_needed_people(rate, lift, holdout=holdout)
