from __future__ import annotations

import numpy as np
import pytest

from ballyhoo import bootstrap_difference, bootstrap_mean


def test_interval_is_that_of_theory() -> None:
    values = np.random.default_rng(1).normal(5, 2, 400)
    found = bootstrap_mean(values)
    error = values.std() / 20
    assert found.value == pytest.approx(values.mean())
    assert found.low == pytest.approx(values.mean() - 1.96 * error, abs=error / 5)
    assert found.high == pytest.approx(values.mean() + 1.96 * error, abs=error / 5)


def test_interval_holds_the_truth_about_as_often_as_it_says() -> None:
    generator = np.random.default_rng(2)
    held = 0
    for seed in range(200):
        found = bootstrap_mean(generator.exponential(1, 100), seed=seed, resamples=400)
        held += found.low <= 1 <= found.high
    assert 175 <= held <= 199


def test_same_seed_gives_the_same_interval() -> None:
    values = np.random.default_rng(3).random(50)
    assert bootstrap_mean(values, seed=4) == bootstrap_mean(values, seed=4)
    assert bootstrap_mean(values, seed=4) != bootstrap_mean(values, seed=5)


def test_paired_difference_is_surer_than_the_means_are() -> None:
    generator = np.random.default_rng(5)
    people = generator.normal(0, 1, 200)
    first, second = people + 0.1 + generator.normal(0, 0.05, 200), people
    found = bootstrap_difference(first, second)
    assert 0 < found.low < found.value < found.high < 0.15
    assert bootstrap_mean(first).low < bootstrap_mean(second).high


def test_people_who_are_measured_often_make_nothing_surer() -> None:
    values = np.random.default_rng(6).random(40)
    once = bootstrap_mean(values)
    often = bootstrap_mean(np.repeat(values, 25), groups=np.repeat(np.arange(40), 25))
    pretended = bootstrap_mean(np.repeat(values, 25))
    assert (often.low, often.high) == pytest.approx((once.low, once.high))
    assert pretended.high - pretended.low < (once.high - once.low) / 3


def test_weights_let_windows_count_the_same() -> None:
    values = np.array([1.0] * 10 + [0.0] * 90)
    weights = np.array([1 / 10] * 10 + [1 / 90] * 90)
    assert bootstrap_mean(values, weights=weights).value == pytest.approx(0.5)


def test_nothing_has_no_mean() -> None:
    with pytest.raises(ValueError, match="nothing to take the mean of"):
        bootstrap_mean([])
    with pytest.raises(ValueError, match="not aligned"):
        bootstrap_difference([1, 2], [1])
