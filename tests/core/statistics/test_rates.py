"""Differences of shares: against published figures, another implementation, and the truth."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from statsmodels.stats.contingency_tables import StratifiedTable
from statsmodels.stats.proportion import proportion_confint, score_test_proportions_2indep

from ballyhoo.core.statistics.intervals import find_normal_bound
from ballyhoo.core.statistics.pooling import pool_rates
from ballyhoo.core.statistics.rates import compare_rates, find_rate
from ballyhoo.core.statistics.score import find_score_bounds
from ballyhoo.core.statistics.tallies import Tally

SIMULATIONS = 4_000


def tally(people: int, successes: int) -> Tally:
    return Tally(people=people, successes=successes)


@st.composite
def tallies(draw: st.DrawFn) -> Tally:
    people = draw(st.integers(1, 3_000))
    return tally(people, draw(st.integers(0, people)))


def bound_coverage(covered: int, runs: int = SIMULATIONS) -> tuple[float, float]:
    """Between which the true coverage is, as surely as 0.999."""
    found = find_rate(tally(runs, covered), level=0.999)
    return found.low, found.high


@pytest.mark.parametrize(
    ("arms", "low", "high"),
    [
        ((56, 70, 48, 80), 0.0528, 0.3382),
        ((9, 10, 3, 10), 0.1700, 0.8406),
        ((6, 7, 2, 7), 0.0342, 0.8534),
        ((5, 56, 0, 29), -0.0326, 0.1933),
        ((0, 10, 0, 20), -0.1658, 0.2844),
        ((10, 10, 0, 20), 0.7156, 1.0),
    ],
)
def test_intervals_are_those_that_newcombe_published(arms, low, high):
    # Newcombe (1998), Statistics in Medicine 17, table II, method 6.
    successes, people, others, other_people = arms
    found = compare_rates(tally(people, successes), tally(other_people, others))
    assert (found.low, found.high) == pytest.approx((low, high), abs=6e-5)


def test_bounds_are_where_the_score_test_rejects_by_a_likelihood_maximised_by_numbers():
    # statsmodels has a wrong coefficient off zero (its issue 10269), so it is no measure here.
    x1, n1, x0, n0 = 12, 950, 1, 50
    found = compare_rates(tally(n1, x1), tally(n0, x0))
    for bound in (found.low, found.high):

        def lacks_likelihood(r0: float, bound: float = bound) -> float:
            r1 = r0 + bound
            return -(
                x1 * np.log(r1)
                + (n1 - x1) * np.log(1 - r1)
                + x0 * np.log(r0)
                + (n0 - x0) * np.log(1 - r0)
            )

        within = (max(0, -bound) + 1e-12, min(1, 1 - bound) - 1e-12)
        r0 = minimize_scalar(
            lacks_likelihood, bounds=within, method="bounded", options={"xatol": 1e-12}
        ).x
        r1 = r0 + bound
        variance = (r1 * (1 - r1) / n1 + r0 * (1 - r0) / n0) * (n1 + n0) / (n1 + n0 - 1)
        score = (x1 / n1 - x0 / n0 - bound) / variance**0.5
        assert abs(score) == pytest.approx(find_normal_bound(0.95), abs=1e-5)


def test_zero_is_on_a_bound_when_statsmodels_has_just_that_p_value():
    result = score_test_proportions_2indep(60, 900, 30, 700, 0.0, compare="diff", correction=True)
    found = compare_rates(tally(900, 60), tally(700, 30), level=1 - float(result.pvalue))
    assert found.low == pytest.approx(0.0, abs=1e-9)


def test_pooled_over_waves_zero_is_on_a_bound_when_cochran_mantel_haenszel_has_that_p_value():
    waves = [(40, 400, 5, 100), (90, 500, 12, 120), (10, 60, 9, 70)]
    tables = [np.array([[x1, n1 - x1], [x0, n0 - x0]]) for x1, n1, x0, n0 in waves]
    p_value = float(StratifiedTable(tables).test_null_odds(correction=False).pvalue)
    found = pool_rates(
        [(tally(n1, x1), tally(n0, x0)) for x1, n1, x0, n0 in waves], level=1 - p_value
    )
    assert found.estimate > 0
    assert found.low == pytest.approx(0.0, abs=1e-9)


def test_pooled_over_waves_the_interval_is_near_that_of_sato_when_there_are_many_people():
    # Sato (1989), Biometrics 45: another variance of the difference of Mantel and Haenszel.
    waves = [(400, 9_000, 60, 3_000), (900, 9_500, 100, 1_200), (1_500, 9_800, 40, 400)]
    weights, difference, p, q = 0.0, 0.0, 0.0, 0.0
    for x1, n1, x0, n0 in waves:
        count = n1 + n0
        weights += n1 * n0 / count
        difference += (x1 * n0 - x0 * n1) / count
        p += (n1**2 * x0 - n0**2 * x1 + n1 * n0 * (n0 - n1) / 2) / count**2
        q += (x1 * (n0 - x0) + x0 * (n1 - x1)) / (2 * count)
    difference /= weights
    half = find_normal_bound(0.95) * (difference * p + q) ** 0.5 / weights
    found = pool_rates([(tally(n1, x1), tally(n0, x0)) for x1, n1, x0, n0 in waves])
    assert found.estimate == pytest.approx(difference, abs=1e-12)
    assert found.width == pytest.approx(2 * half, rel=0.02)


def test_a_share_has_the_interval_of_wilson_as_statsmodels_has_it():
    for people, successes in ((1, 0), (50, 1), (1_000, 1_000), (10**6, 20_000)):
        found = find_rate(tally(people, successes))
        expected = proportion_confint(successes, people, method="wilson")
        assert (found.low, found.high) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("people", "rate", "others", "other_rate"),
    [
        (950, 0.03, 50, 0.03),
        (9_500, 0.025, 500, 0.02),
        (500, 0.01, 500, 0.01),
        (300, 0.5, 100, 0.4),
        (40, 0.9, 40, 0.7),
    ],
)
def test_intervals_hold_the_truth_as_often_as_they_say(people, rate, others, other_rate):
    generator = np.random.default_rng(7)
    _, low, high = find_score_bounds(
        generator.binomial(people, rate, (SIMULATIONS, 1)),
        np.array([people]),
        generator.binomial(others, other_rate, (SIMULATIONS, 1)),
        np.array([others]),
        bound=find_normal_bound(0.95),
    )
    truth = rate - other_rate
    covered = int(((low <= truth) & (truth <= high)).sum())
    # Counts are whole, so that a score interval is off by a little, to either side.
    assert 0.935 < covered / SIMULATIONS < 0.98


def test_pooled_by_wave_holds_the_truth_where_pooled_over_waves_does_not():
    generator = np.random.default_rng(11)
    base = np.array([0.02, 0.03, 0.045, 0.07, 0.10])  # it rises from wave to wave
    share = np.array([0.5, 0.3, 0.2, 0.1, 0.1])  # and one arm gets ever fewer people
    lift = 0.01
    people = np.round(4_000 * share)
    others = 4_000 - people
    successes = generator.binomial(people.astype(int), base + lift, (SIMULATIONS, 5))
    other_successes = generator.binomial(others.astype(int), base, (SIMULATIONS, 5))

    bound = find_normal_bound(0.95)
    _, low, high = find_score_bounds(successes, people, other_successes, others, bound=bound)
    by_wave = int(((low <= lift) & (lift <= high)).sum())
    _, low, high = find_score_bounds(
        successes.sum(axis=1, keepdims=True),
        people.sum(keepdims=True),
        other_successes.sum(axis=1, keepdims=True),
        others.sum(keepdims=True),
        bound=bound,
    )
    over_waves = int(((low <= lift) & (lift <= high)).sum())

    lowest, highest = bound_coverage(by_wave)
    assert lowest < 0.95 < highest
    assert over_waves / SIMULATIONS < 0.05


@given(tallies(), tallies())
def test_swapped_arms_have_the_mirrored_interval_and_it_holds_its_estimate(one, other):
    found, mirrored = compare_rates(one, other), compare_rates(other, one)
    assert -1 <= found.low <= found.estimate <= found.high <= 1
    assert found.estimate == pytest.approx(one.rate - other.rate, abs=1e-12)
    assert (mirrored.low, mirrored.high) == pytest.approx((-found.high, -found.low), abs=1e-9)


@given(tallies(), tallies(), st.integers(2, 20))
def test_the_same_shares_of_more_people_are_known_better(one, other, times):
    more = [tally(arm.people * times, arm.successes * times) for arm in (one, other)]
    assert compare_rates(*more).width <= compare_rates(one, other).width + 1e-9


@given(tallies(), tallies())
def test_one_wave_pooled_is_that_wave_and_a_wave_without_a_control_adds_nothing(one, other):
    alone = compare_rates(one, other)
    pooled = pool_rates([(one, other), (one, tally(0, 0))])
    assert (pooled.low, pooled.high) == pytest.approx((alone.low, alone.high), abs=1e-12)


def test_an_arm_without_people_says_nothing():
    found = compare_rates(tally(100, 5), tally(0, 0))
    assert (found.estimate, found.low, found.high) == (0.0, -1.0, 1.0)
    assert pool_rates([]).width == 2.0
    assert (find_rate(tally(0, 0)).low, find_rate(tally(0, 0)).high) == (0.0, 1.0)


def test_nobody_and_everybody_of_both_arms_are_compared_too():
    for successes in (0, 1):
        found = compare_rates(tally(1_000, 1_000 * successes), tally(50, 50 * successes))
        assert found.low < 0 < found.high
        assert found.width < 0.1


def test_more_successes_than_people_are_refused():
    with pytest.raises(ValueError, match="3 of 2 people"):
        tally(2, 3)
    with pytest.raises(ValueError, match="between 0 and 1"):
        compare_rates(tally(2, 1), tally(2, 1), level=95)
