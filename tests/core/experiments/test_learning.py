"""What is learnt from waves, by simulation with a known truth; seeds are fixed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import beta

from ballyhoo.core.experiments.learning import FLOOR, Cell, find_shares, learn

WILD = (1.0, 0.4, 1.8, 0.5, 1.5)
"""By how much everybody's rate rises and falls from wave to wave."""

RATES = {"low": 0.04, "middle": 0.05, "high": 0.06}


def simulate(
    rates: Mapping[str, float],
    number: int,
    *,
    people: int = 2_000,
    known: float = 1.0,
    is_pooled: bool = False,
) -> tuple[float, float]:
    """Return what an experiment in waves lost against the best variant, and what equal shares do.

    Args:
        rates: The true rate of each variant in an average wave.
        number: Which experiment.
        people: In each wave.
        known: The share of reactions that come before the next wave opens, of those still to come.
        is_pooled: Whether all waves are added up as they are, which is wrong.
    """
    random = np.random.default_rng([5, number])
    names, truth = list(rates), np.array(list(rates.values()))
    shares = dict.fromkeys(names, 1 / len(names))
    sent: list[tuple[np.ndarray, np.ndarray]] = []
    late, lost, lost_by_fixed = 1 - known, 0.0, 0.0
    for wave, rise in enumerate(WILD):
        counts = random.multinomial(people, list(shares.values()))
        sent.append((counts, random.binomial(counts, truth * rise)))
        lost += float((counts * (truth.max() - truth)).sum() * rise)
        lost_by_fixed += float(people * (truth.max() - truth.mean()) * rise)
        seen = [
            {
                name: Cell(
                    people=int(counts[place]),
                    successes=int(random.binomial(reacted[place], 1 - late ** (wave - at + 1))),
                )
                for place, name in enumerate(names)
            }
            for at, (counts, reacted) in enumerate(sent)
        ]
        if is_pooled:
            seen = [{name: add([one[name] for one in seen]) for name in names}]
        learned = learn(seen, names, by_money=False, seed=(number, wave))
        shares = find_shares({name: one.chance for name, one in learned.items()})
    return lost, lost_by_fixed


def add(cells: Sequence[Cell]) -> Cell:
    return Cell(
        people=sum(one.people for one in cells), successes=sum(one.successes for one in cells)
    )


def compare(runs: int = 200, **how: float) -> float:
    """Return the regret of waves as a part of that of equal shares, over simulated experiments."""
    lost = np.array([simulate(RATES, number, **how) for number in range(runs)])  # type: ignore[arg-type]
    return float(lost[:, 0].sum() / lost[:, 1].sum())


def test_waves_lose_half_of_what_equal_shares_lose_though_rates_rise_and_fall() -> None:
    assert compare() < 0.55


def test_reactions_that_come_late_cost_little() -> None:
    assert compare(known=0.5) < 0.6


def test_waves_that_are_added_up_as_they_are_go_to_the_wrong_variant() -> None:
    """Why they are not: a variant that has most of its people in a good wave looks good."""
    assert compare(is_pooled=True) > 0.75


def test_with_one_wave_it_is_the_probability_of_two_beta_posteriors() -> None:
    cells = {"a": Cell(people=400, successes=20), "b": Cell(people=500, successes=36)}
    learned = learn([cells], ["a", "b"], by_money=False, seed=(1,))
    grid = np.linspace(0, 1, 20_001)
    better = np.trapezoid(beta(36.5, 464.5).pdf(grid) * beta(20.5, 380.5).cdf(grid), grid)
    assert learned["b"].chance == pytest.approx(better, abs=0.015)
    assert learned["a"].estimate == pytest.approx(20.5 / 401, abs=0.001)


def test_a_variant_that_nobody_got_may_still_be_the_best() -> None:
    cells = {"a": Cell(people=1_000, successes=30), "b": Cell()}
    learned = learn([cells], ["a", "b"], by_money=False, seed=(1,))
    assert 0.3 < learned["b"].chance < 0.97


@pytest.mark.parametrize("by_money", [False, True])
def test_without_any_reaction_all_variants_are_as_good(by_money: bool) -> None:
    cells = {"a": Cell(people=900), "b": Cell(people=900), "c": Cell(people=900)}
    learned = learn([cells], ["a", "b", "c"], by_money=by_money, seed=(1,))
    assert all(0.3 < one.chance < 0.37 for one in learned.values())


def test_money_is_learnt_within_waves_and_the_true_best_found() -> None:
    """Baskets are skewed, a third of buyers brings most; b sells to as many, for more."""
    random = np.random.default_rng(3)
    found = []
    for number in range(40):
        waves = []
        for rise in (0.5, 2.0):
            wave = {}
            for name, basket in (("a", 4_000), ("b", 6_500)):
                count = 6_000 if (name == "a") == (rise > 1) else 2_000
                paid = random.lognormal(np.log(basket), 0.8, random.binomial(count, 0.02 * rise))
                wave[name] = Cell(
                    people=count,
                    successes=len(paid),
                    total=float(paid.sum()),
                    squares=float((paid**2).sum()),
                )
            waves.append(wave)
        found.append(learn(waves, ["a", "b"], by_money=True, seed=(number,))["b"].chance)
    assert np.mean(found) > 0.85
    assert np.mean(np.array(found) > 0.5) > 0.9


@given(
    st.lists(st.integers(0, 1_000), min_size=2, max_size=12).filter(any),
    st.sets(st.integers(0, 11), max_size=6),
)
def test_shares_add_up_and_nobody_open_gets_less_than_the_floor(
    weights: list[int], out: set[int]
) -> None:
    total = sum(weights)
    chances = {f"v{place}": weight / total for place, weight in enumerate(weights)}
    stopped = {f"v{place}" for place in out if place < len(weights)}
    if len(stopped) == len(weights):
        stopped = set()
    shares = find_shares(chances, stopped=stopped)
    assert list(shares) == list(chances)
    assert round(sum(shares.values()), 4) == 1
    least = min(FLOOR, 0.5 / (len(weights) - len(stopped)))
    for name, share in shares.items():
        assert share == 0 if name in stopped else share >= least - 0.002
