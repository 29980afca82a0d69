"""What is believed of arms: against exact sums, draws, and the truth."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.special import betaln

from ballyhoo.core.statistics.posteriors import find_chance_to_beat, find_chances, find_posterior
from ballyhoo.core.statistics.revenue import Spending, draw_revenue, find_revenue
from ballyhoo.core.statistics.tallies import Tally
from tests.core.statistics.invented_spending import BASKET, draw_baskets


def tally(people: int, successes: int) -> Tally:
    return Tally(people=people, successes=successes)


@st.composite
def tallies(draw: st.DrawFn) -> Tally:
    people = draw(st.integers(0, 100_000))
    return tally(people, draw(st.integers(0, people)))


def sum_exactly(one: tuple[float, int], other: tuple[float, float]) -> float:
    """The closed form of P(one > other) for a whole first parameter of it (Cook, 2005)."""
    (alpha, beta), (other_alpha, other_beta) = one, other
    i = np.arange(alpha)
    return float(
        np.exp(
            betaln(other_alpha + i, beta + other_beta)
            - np.log(beta + i)
            - betaln(1 + i, beta)
            - betaln(other_alpha, other_beta)
        ).sum()
    )


def test_the_chance_to_beat_is_that_of_exact_sums(monkeypatch):
    # The sum is exact for whole parameters, so the prior is one of them here.
    monkeypatch.setattr("ballyhoo.core.statistics.posteriors.PRIOR", 1.0)
    for one, other in (((30, 1_000), (20, 1_000)), ((0, 5), (3, 4_000)), ((900, 1_000), (1, 2))):
        (x1, n1), (x0, n0) = one, other
        expected = sum_exactly((x1 + 1, n1 - x1 + 1), (x0 + 1, n0 - x0 + 1))
        assert find_chance_to_beat(tally(n1, x1), tally(n0, x0)) == pytest.approx(
            expected, abs=2e-6
        )


def test_chances_of_five_arms_are_those_of_draws():
    arms = {
        "a": tally(1_000, 50), "b": tally(1_000, 55), "c": tally(50, 3),
        "d": tally(0, 0), "e": tally(10**7, 520_000),
    }  # fmt: skip
    generator = np.random.default_rng(5)
    drawn = [
        generator.beta(one.successes + 0.5, one.people - one.successes + 0.5, 400_000)
        for one in arms.values()
    ]
    best = np.bincount(np.argmax(drawn, axis=0), minlength=5) / 400_000
    assert list(find_chances(arms).values()) == pytest.approx(best, abs=0.004)


@given(st.lists(tallies(), min_size=1, max_size=5))
def test_chances_add_up_and_do_not_depend_on_the_order_of_arms(found):
    arms = {str(place): one for place, one in enumerate(found)}
    chances = find_chances(arms)
    turned = find_chances(dict(reversed(arms.items())))
    assert sum(chances.values()) == pytest.approx(1)
    for name, chance in chances.items():
        assert 0 <= chance <= 1
        assert turned[name] == pytest.approx(chance, abs=1e-6)


def test_a_posterior_has_the_quantiles_of_its_beta_distribution():
    found = find_posterior(tally(1_000, 20))
    beta = stats.beta(20.5, 980.5)
    assert (found.alpha, found.beta) == (20.5, 980.5)
    assert (found.low, found.high) == pytest.approx(beta.interval(0.95))
    assert found.mean == pytest.approx(beta.mean())


def test_no_people_are_believed_to_be_anywhere():
    found = find_posterior(tally(0, 0))
    assert found.mean == 0.5
    assert found.low < 0.01 < 0.99 < found.high
    assert find_chances({}) == {}
    assert find_chances({"alone": tally(0, 0)}) == {"alone": 1.0}


def spend(generator: np.random.Generator, people: int, rate: float, scale: float) -> Spending:
    spent = (generator.random(people) < rate) * draw_baskets(generator, (people,)) * scale
    return Spending(
        people=people,
        buyers=int((spent > 0).sum()),
        total=float(spent.sum()),
        squares=float((spent**2).sum()),
    )


def test_bounds_of_the_difference_of_revenue_hold_the_truth_with_few_buyers_too():
    generator = np.random.default_rng(6)
    truth = BASKET * (0.10 * 1.2 - 0.08)
    covered = 0
    for seed in range(600):
        arms = {
            "one": spend(generator, 1_500, 0.10, 1.2),
            "other": spend(generator, 200, 0.08, 1.0),
        }
        drawn = draw_revenue(arms, seed=seed, draws=2_000)
        low, high = np.percentile(drawn["one"] - drawn["other"], [2.5, 97.5])
        covered += low <= truth <= high
    assert 0.92 < covered / 600 < 0.98


def test_who_buys_less_often_and_much_more_is_the_best_arm_of_revenue():
    generator = np.random.default_rng(7)
    arms = {
        "often": spend(generator, 4_000, 0.08, 1.0),
        "much": spend(generator, 4_000, 0.06, 2.0),
    }
    found = find_revenue(arms, seed=1)
    assert found["much"].chance > 0.99
    assert sum(one.chance for one in found.values()) == pytest.approx(1)
    for name, one in found.items():
        assert one.low < one.mean < one.high
        assert one.mean == pytest.approx(arms[name].total / 4_000, rel=0.05)
    assert found == find_revenue(arms, seed=1)
    assert found != find_revenue(arms, seed=2)


def test_of_an_arm_without_buyers_something_is_believed_when_others_have_some():
    assert find_revenue({"a": Spending(people=9, buyers=0, total=0, squares=0)}) == {}
    found = find_revenue(
        {
            "none": Spending(people=100, buyers=0, total=0, squares=0),
            "one": Spending(people=100, buyers=1, total=50, squares=2_500),
            "many": Spending(people=100, buyers=40, total=2_000, squares=110_000),
        }
    )
    assert found["many"].chance > 0.99
    assert 0 < found["none"].mean < found["one"].mean < found["many"].mean
    assert found["none"].high > found["none"].mean
    with pytest.raises(ValueError, match="10 of 9 people"):
        Spending(people=9, buyers=10, total=1, squares=1)
