"""Invents what came back of campaigns, and counts how often intervals hold what is true."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from ballyhoo.core.statistics.intervals import find_normal_bound
from ballyhoo.core.statistics.means import compare_means
from ballyhoo.core.statistics.pooling import pool_means, pool_rates
from ballyhoo.core.statistics.rates import compare_rates
from ballyhoo.core.statistics.score import find_score_bounds
from ballyhoo.core.statistics.sequential import find_always_valid
from ballyhoo.core.statistics.tallies import Moments, Tally

WAVES = ((2_000, 1_000, 0.04), (2_500, 500, 0.07), (2_800, 200, 0.12))
"""Of each wave: treated, held out, and the share that buys anyway."""

LIFT = 0.015
DAYS = 14
GAP = 3
"""So many days after a wave the next one is opened."""

SPEED = np.diff(1 - np.exp(-0.3 * np.arange(DAYS + 1)))
SPEED = SPEED / SPEED.sum()
CENTRE, SPREAD = 8.6, 0.625
BASKET = float(np.exp(CENTRE + SPREAD**2 / 2))
KEENNESS = 0.7
NAMES = ("always_valid_waves", "always_valid_holdout", "always_valid_money")


def count_covered(sets: int) -> Counter[str]:
    """Return by name in how many data sets an interval held what is true."""
    generator = np.random.default_rng(1)
    held: Counter[str] = Counter()
    for _ in range(sets):
        waves, money = [], []
        for people, others, rate in WAVES:
            bought = [
                generator.random(size) < share
                for size, share in ((people, rate + LIFT), (others, rate))
            ]
            waves.append(tuple(_tally(one) for one in bought))
            money.append(tuple(_spend(generator, one) for one in bought))
        arms = [_add_up([wave[arm] for wave in waves]) for arm in (0, 1)]
        values = [_add_up([wave[arm] for wave in money]) for arm in (0, 1)]
        truth = LIFT * BASKET
        held["by_wave"] += pool_rates(waves).covers(LIFT)
        held["money_by_wave"] += pool_means(money).covers(truth)
        held["all_waves_as_one"] += compare_rates(*arms).covers(LIFT)
        held["money_all_waves_as_one"] += compare_means(*values).covers(truth)
        few = [generator.random(size) < 0.05 for size in (1_900, 100)]
        spent = tuple(_spend(generator, one) for one in few)
        held["small_holdout"] += compare_rates(*(_tally(one) for one in few)).covers(0)
        held["money_small_holdout"] += pool_means([spent]).covers(0)
        held["money_small_holdout_by_welch"] += compare_means(*spent).covers(0)
    return held


def count_misled(sets: int) -> Counter[str]:
    """Return by name in how many data sets without any difference one was found, looking daily."""
    generator = np.random.default_rng(2)
    misled: Counter[str] = Counter(dict.fromkeys(NAMES, 0))
    for _ in range(sets):
        plays = [
            tuple(_play(generator, size, rate) for size in (people, others))
            for people, others, rate in WAVES
        ]
        small = tuple(_play(generator, size, 0.03) for size in (4_750, 250))
        spent = tuple(_play_money(generator, size) for size in (3_000, 300))
        bounds = find_score_bounds(
            small[0][:, None], np.array([4_750]), small[1][:, None], np.array([250]),
            bound=find_normal_bound(0.95),
        )  # fmt: skip
        plain = (bounds[1] > 0) | (bounds[2] < 0)
        looks: dict[str, list[bool]] = {name: [] for name in NAMES}
        for day in range(DAYS + GAP * (len(WAVES) - 1)):
            waves = [
                tuple(
                    Tally(people=size, successes=int(counts[min(day - GAP * place, DAYS - 1)]))
                    for size, counts in zip(WAVES[place][:2], play, strict=True)
                )
                for place, play in enumerate(plays)
                if day >= GAP * place
            ]
            looks["always_valid_waves"].append(find_always_valid(waves).is_off_zero)
            if day < DAYS:
                pair = tuple(
                    Tally(people=size, successes=int(counts[day]))
                    for size, counts in zip((4_750, 250), small, strict=True)
                )
                looks["always_valid_holdout"].append(find_always_valid([pair]).is_off_zero)
                money = tuple(days[day] for days in spent)
                looks["always_valid_money"].append(find_always_valid([money]).is_off_zero)
        for name, found in looks.items():
            misled[name] += any(found)
        misled["ordinary_holdout"] += int(plain.any())
        misled["ordinary_holdout_at_the_end"] += int(plain[-1])
        early = any(looks["always_valid_holdout"][:-1])
        misled["as_reports_do"] += int(early or plain[-1])
    return misled


def _play(generator: np.random.Generator, people: int, rate: float) -> np.ndarray:
    """Return how many have bought by the end of each day."""
    return generator.multinomial(people, [*(SPEED * rate), 1 - rate])[:-1].cumsum()


def _play_money(generator: np.random.Generator, people: int) -> list[Moments]:
    """Return what people have spent by the end of each day; the keen buy more than once."""
    shape = 1 / KEENNESS**2
    keen = generator.gamma(shape, 1 / shape, people)[:, None]
    orders = generator.random((people, DAYS)) < keen * SPEED * 0.08
    baskets = np.exp(generator.normal(CENTRE, SPREAD, int(orders.sum())))
    spent = np.zeros((people, DAYS))
    spent[orders] = baskets
    spent = spent.cumsum(axis=1)
    return [
        Moments(people=people, total=float(total), squares=float(squares))
        for total, squares in zip(spent.sum(axis=0), (spent**2).sum(axis=0), strict=True)
    ]


def _spend(generator: np.random.Generator, bought: np.ndarray) -> Moments:
    baskets = np.exp(generator.normal(CENTRE, SPREAD, int(bought.sum())))
    return Moments(
        people=len(bought), total=float(baskets.sum()), squares=float((baskets**2).sum())
    )


def _tally(bought: np.ndarray) -> Tally:
    return Tally(people=len(bought), successes=int(bought.sum()))


def _add_up(tallies: list) -> Any:
    return sum(tallies[1:], tallies[0])
