"""Looking every day: how often it misleads, over whole campaigns whose truth is known."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballyhoo.core.statistics.intervals import find_normal_bound
from ballyhoo.core.statistics.outlook import find_days_needed
from ballyhoo.core.statistics.rates import find_rate
from ballyhoo.core.statistics.score import find_score_bounds
from ballyhoo.core.statistics.sequential import find_always_valid
from ballyhoo.core.statistics.tallies import Moments, Tally, count_as_values
from tests.core.statistics.invented_spending import draw_baskets

DAYS = 10
SPEED = np.diff(1 - np.exp(-0.35 * np.arange(DAYS + 1)))
SPEED = SPEED / SPEED.sum()


def tally(people: int, successes: int) -> Tally:
    return Tally(people=people, successes=successes)


def play(
    generator: np.random.Generator, waves: list[tuple[int, int, float, float]]
) -> Iterator[tuple[list[tuple[Tally, Tally]], float]]:
    """Yield, day by day, the tallies of the waves opened so far, and the true difference.

    A wave is opened every second day, and its people buy first on one of ten days or not at all.
    """
    plans = []
    for people, others, rate, other_rate in waves:
        counts = []
        for size, share in ((people, rate), (others, other_rate)):
            bought = generator.multinomial(size, [*(SPEED * share), 1 - share])[:-1].cumsum()
            counts.append(bought)
        plans.append(counts)
    for day in range(DAYS + 2 * (len(waves) - 1)):
        opened, truth, weights = [], 0.0, 0.0
        for place, (people, others, rate, other_rate) in enumerate(waves):
            age = day - 2 * place
            if age >= 0:
                at = min(age, DAYS - 1)
                opened.append(
                    (
                        tally(people, int(plans[place][0][at])),
                        tally(others, int(plans[place][1][at])),
                    )
                )
                weight = people * others / (people + others)
                truth += weight * SPEED[: at + 1].sum() * (rate - other_rate)
                weights += weight
        yield opened, truth / weights


@pytest.mark.parametrize(
    "waves",
    [
        [(4_000, 4_000, 0.05, 0.05)],
        [(3_000, 150, 0.03, 0.03)],
        [(800, 800, 0.7, 0.7)],
        [(2_000, 1_000, 0.03, 0.03), (2_500, 500, 0.06, 0.06), (2_800, 200, 0.1, 0.1)],
    ],
)
def test_looking_every_day_finds_what_is_not_there_at_most_as_often_as_is_said(waves):
    generator = np.random.default_rng(10)
    runs, misled, seen = 400, 0, []
    for _ in range(runs):
        looks = [look for look, _ in play(generator, waves)]
        misled += any(find_always_valid(look).is_off_zero for look in looks)
        seen.append([[arm.successes for arm in look[0]] for look in looks])
    assert misled / runs <= 0.05
    # As if each look were the only one: why one must not look so.
    successes = np.array(seen)
    _, low, high = find_score_bounds(
        successes[..., :1],
        np.array([waves[0][0]]),
        successes[..., 1:],
        np.array([waves[0][1]]),
        bound=find_normal_bound(0.95),
    )
    by_looking = int(((low > 0) | (high < 0)).any(axis=1).sum())
    assert find_rate(tally(runs, by_looking)).low > 0.05


def test_each_of_all_days_intervals_holds_that_days_truth_while_waves_open_and_rates_rise():
    generator = np.random.default_rng(11)
    waves = [(2_000, 1_000, 0.04, 0.03), (2_500, 500, 0.08, 0.06), (2_800, 200, 0.13, 0.1)]
    runs, held = 400, 0
    for _ in range(runs):
        held += all(find_always_valid(look).covers(truth) for look, truth in play(generator, waves))
    assert find_rate(tally(runs, held)).high >= 0.95
    assert held / runs >= 0.95


def test_money_may_be_looked_at_every_day_although_the_same_people_buy_again():
    generator = np.random.default_rng(12)
    runs, misled = 300, 0
    for _ in range(runs):
        arms = []
        for size in (3_000, 300):
            keen = generator.gamma(0.5, 2.0, size)[:, None] * SPEED * 0.08
            spent = (generator.random((size, DAYS)) < keen) * draw_baskets(generator, (size, DAYS))
            arms.append(spent.cumsum(axis=1))
        for day in range(DAYS):
            moments = [
                Moments(
                    people=len(arm),
                    total=float(arm[:, day].sum()),
                    squares=float((arm[:, day] ** 2).sum()),
                )
                for arm in arms
            ]
            if find_always_valid([(moments[0], moments[1])]).is_off_zero:
                misled += 1
                break
    assert misled / runs <= 0.05


@given(st.integers(1, 5_000), st.integers(1, 5_000), st.data())
def test_it_is_wider_than_one_look_and_mirrors_swapped_arms(people, others, data):
    one = tally(people, data.draw(st.integers(0, people)))
    other = tally(others, data.draw(st.integers(0, others)))
    found, mirrored = find_always_valid([(one, other)]), find_always_valid([(other, one)])
    assert found.low <= found.estimate <= found.high
    assert mirrored.low == pytest.approx(-found.high, abs=1e-12)
    if min(people, others) > 1 and 0 < (one + other).rate < 1:
        squares = sum(arm.people * arm.rate * (1 - arm.rate) for arm in (one, other))
        spread = math.sqrt(squares / (people + others - 2) * (1 / people + 1 / others))
        assert found.high - found.estimate > 2.5 * spread or found.high == 1


def test_a_later_wave_takes_nothing_back_and_more_orders_tell_more():
    first = (tally(4_000, 200), tally(1_000, 40))
    later = (tally(4_000, 400), tally(1_000, 80))
    alone, both = find_always_valid([first]), find_always_valid([first, later])
    assert both.width < alone.width
    assert both.estimate == pytest.approx((0.01 + 0.02) / 2)


def test_shares_and_the_same_shares_as_money_are_compared_alike():
    arms = (tally(50_000, 400), tally(10_000, 60))
    as_money = (count_as_values(arms[0]), count_as_values(arms[1]))
    by_share, by_money = find_always_valid([arms]), find_always_valid([as_money])
    assert by_share.estimate == by_money.estimate
    assert by_share.width == pytest.approx(by_money.width, rel=0.02)


def test_before_anything_happened_nothing_is_known():
    found = find_always_valid([(tally(100, 0), tally(10, 0))])
    assert (found.estimate, found.low, found.high) == (0.0, -1.0, 1.0)
    nothing = Moments(people=100, total=0, squares=0)
    assert not find_always_valid([(nothing, nothing)]).is_known
    assert not find_always_valid([]).is_known


def test_days_needed_are_those_after_which_it_is_seen_when_orders_go_on_so():
    day = (tally(40_000, 240), tally(10_000, 40))  # so many in each of three days
    arms = tuple(tally(one.people, one.successes) for one in day)
    assert not find_always_valid([arms]).is_off_zero
    days = find_days_needed([arms], days=1.0)
    assert days is not None
    assert days > 0
    seen = [
        find_always_valid(
            [tuple(tally(one.people, round(one.successes * (1 + after))) for one in day)]
        ).is_off_zero
        for after in (days * 0.9, days * 1.1)
    ]
    assert seen == [False, True]
    slower = find_days_needed([arms], days=1.0, recent=0.25)
    assert slower == pytest.approx(4 * days)


def test_days_needed_are_none_when_it_is_seen_and_unknown_when_it_never_will_be():
    assert find_days_needed([(tally(4_000, 400), tally(4_000, 100))], days=2) == 0.0
    for waves in ([], [(tally(9, 0), tally(9, 0))], [(tally(900, 9), tally(900, 9))]):
        assert find_days_needed(waves, days=2) is None
    assert find_days_needed([(tally(900, 30), tally(900, 20))], days=2, recent=0.0) is None
