"""Whether arms have the people that they should."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from ballyhoo.core.statistics.sample_ratio import SUSPICIOUS, check_sample_ratio

SHARES = {"warm": 0.475, "terse": 0.475, "holdout": 0.05}


def test_one_wave_has_the_p_value_of_scipy():
    found = check_sample_ratio([{"warm": 500, "terse": 450, "holdout": 50}], [SHARES])
    expected = stats.chisquare([500, 450, 50], [475, 475, 50]).pvalue
    assert found.p_value == pytest.approx(expected)
    assert not found.is_off


def test_counts_that_are_right_are_called_off_as_rarely_as_is_said():
    generator = np.random.default_rng(8)
    later = {"warm": 0.85, "terse": 0.1, "holdout": 0.05}
    p_values = []
    for _ in range(4_000):
        waves = [
            dict(zip(shares, generator.multinomial(2_000, list(shares.values())), strict=True))
            for shares in (SHARES, later)
        ]
        p_values.append(check_sample_ratio(waves, [SHARES, later]).p_value)
    assert stats.kstest(p_values, "uniform").pvalue > 0.001
    assert np.mean(np.array(p_values) < SUSPICIOUS) < 0.003


def test_each_wave_is_held_against_its_own_shares():
    waves = [{"a": 1_000, "b": 1_000}, {"a": 1_800, "b": 200}]
    moved = [{"a": 0.5, "b": 0.5}, {"a": 0.9, "b": 0.1}]
    assert not check_sample_ratio(waves, moved).is_off
    assert check_sample_ratio(waves, [moved[0]] * 2).is_off


def test_few_people_are_judged_by_draws_and_not_by_a_curve():
    assert not check_sample_ratio([{"a": 15, "h": 5}], [{"a": 0.95, "h": 0.05}]).is_off
    assert check_sample_ratio([{"a": 10, "h": 10}], [{"a": 0.95, "h": 0.05}]).is_off
    found = check_sample_ratio([{"a": 17, "h": 3}], [{"a": 0.95, "h": 0.05}])
    exact = stats.binomtest(3, 20, 0.05, alternative="greater").pvalue
    assert found.p_value == pytest.approx(exact, abs=0.01)


def test_nobody_is_in_an_arm_that_was_stopped():
    shares = {"a": 1.0, "b": 0.0}
    assert not check_sample_ratio([{"a": 100}], [shares]).is_off
    assert check_sample_ratio([{"a": 100, "b": 1}], [shares]).p_value == 0.0


def test_without_people_nothing_is_off_and_what_does_not_fit_is_refused():
    assert check_sample_ratio([], []).p_value == 1.0
    assert check_sample_ratio([{"a": 0}], [{"a": 0.5, "b": 0.5}]).p_value == 1.0
    with pytest.raises(ValueError, match="not aligned"):
        check_sample_ratio([{"a": 1}], [])
    with pytest.raises(ValueError, match="'c' has people and no share"):
        check_sample_ratio([{"a": 1, "c": 1}], [{"a": 1.0}])


def draw_own(generator: np.random.Generator, people: int) -> np.ndarray:
    """Draw shares of three arms: of half of the people 90%, 5% and 5%, of others 10%, 20%, 70%."""
    kinds = np.array([[0.9, 0.05, 0.05], [0.1, 0.2, 0.7]])
    return kinds[generator.integers(0, 2, people)]


def check_own(own: np.ndarray, given: np.ndarray):
    counts = [{name: int((given == place).sum()) for place, name in enumerate("abc")}]
    expected = [dict(zip("abc", own.sum(axis=0), strict=True))]
    overlaps = [{("a", "b"): own[:, 0] @ own[:, 1], ("c", "a"): own[:, 2] @ own[:, 0],
                 ("b", "c"): own[:, 1] @ own[:, 2]}]  # fmt: skip
    return (
        check_sample_ratio(counts, expected, overlaps).p_value,
        check_sample_ratio(counts, expected).p_value,
    )


def test_where_each_has_shares_of_her_own_right_counts_are_called_off_as_rarely_as_is_said():
    generator = np.random.default_rng(9)
    p_values = []
    for _ in range(2_000):
        own = draw_own(generator, 600)
        given = (generator.random(600)[:, None] > own.cumsum(axis=1)).sum(axis=1)
        p_values.append(check_own(own, given))
    of_own, of_mean = np.array(p_values).T
    assert stats.kstest(of_own, "uniform").pvalue > 0.001
    assert stats.kstest(of_mean, "uniform").pvalue < 1e-9  # it sees less than there is


def test_people_lost_from_an_arm_are_found_sooner_by_shares_of_their_own():
    generator = np.random.default_rng(10)
    own = draw_own(generator, 4_000)
    given = (generator.random(4_000)[:, None] > own.cumsum(axis=1)).sum(axis=1)
    there = (given != 0) | (generator.random(4_000) > 0.25)
    by_own, by_mean = check_own(own[there], given[there])
    assert by_own < SUSPICIOUS < by_mean


def test_shares_that_are_the_same_for_all_give_the_p_value_of_pearson():
    own = np.tile([0.5, 0.3, 0.2], (1_000, 1))
    given = np.repeat([0, 1, 2], [520, 310, 170])
    by_own, by_mean = check_own(own, given)
    assert by_own == pytest.approx(by_mean)
