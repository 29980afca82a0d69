"""Which variant is stopped: simulated with a known truth, and looked at again and again."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ballyhoo.core.experiments.allocation import Limits
from ballyhoo.core.experiments.harm import Harm, find_harmful

LIMITS = Limits(unsubscribe=0.005, complaint=0.001, most_unsubscribe=0.05)


def simulate(rates: Mapping[str, float], people: int, *, runs: int = 60, looks: int = 12) -> float:
    """Return in how many of some runs a variant is stopped, looked at a dozen times in each."""
    stopped = 0
    for number in range(runs):
        random = np.random.default_rng([3, number])
        sent, left = dict.fromkeys(rates, 0), dict.fromkeys(rates, 0)
        for _ in range(looks):
            for name, rate in rates.items():
                sent[name] += people // looks
                left[name] += int(random.binomial(people // looks, rate))
            wave = {name: Harm(people=sent[name], unsubscribed=left[name]) for name in rates}
            if find_harmful([wave], list(rates), LIMITS):
                stopped += 1
                break
    return stopped / runs


def test_variants_that_are_alike_are_hardly_ever_stopped_however_often_one_looks() -> None:
    assert simulate({"a": 0.01, "b": 0.01, "c": 0.01}, 1_200) <= 0.05


def test_a_difference_below_the_margin_stops_nothing() -> None:
    assert simulate({"a": 0.003, "b": 0.007}, 4_800) <= 0.08


def test_a_variant_that_drives_people_away_is_stopped() -> None:
    assert simulate({"a": 0.003, "b": 0.02}, 4_800) >= 0.97


def test_it_says_which_one_and_why() -> None:
    wave = {
        "calm": Harm(people=1_000, unsubscribed=3),
        "loud": Harm(people=1_000, unsubscribed=40, complained=2),
    }
    [(name, said)] = find_harmful([wave], ["calm", "loud"], LIMITS).items()
    assert name == "loud"
    assert said == (
        "4.0% of its people unsubscribed, and 0.3% of the others; more than 0.5% more at 99.9%"
    )


def test_complaints_count_for_themselves() -> None:
    wave = {"calm": Harm(people=2_000), "loud": Harm(people=2_000, complained=12)}
    assert list(find_harmful([wave], ["calm", "loud"], LIMITS)) == ["loud"]


def test_a_few_at_the_beginning_prove_nothing() -> None:
    wave = {"a": Harm(people=30, unsubscribed=4), "b": Harm(people=30)}
    assert find_harmful([wave], ["a", "b"], LIMITS) == {}


def test_a_wave_that_annoys_everybody_counts_against_nobody() -> None:
    """Most of b's people were written to on the bad day; added up it has twice as many."""
    good = {"a": Harm(people=9_000, unsubscribed=18), "b": Harm(people=1_000, unsubscribed=2)}
    bad = {"a": Harm(people=1_000, unsubscribed=25), "b": Harm(people=9_000, unsubscribed=225)}
    assert find_harmful([good, bad], ["a", "b"], LIMITS) == {}


def test_all_are_harmful_when_each_is_beyond_what_may_happen() -> None:
    wave = {"a": Harm(people=500, unsubscribed=45), "b": Harm(people=500, unsubscribed=46)}
    found = find_harmful([wave], ["a", "b"], LIMITS)
    assert found["a"] == (
        "9.0% of its people unsubscribed; 5.0% is the most that the recipe lets happen"
    )
    assert list(found) == ["a", "b"]
