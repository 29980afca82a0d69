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
