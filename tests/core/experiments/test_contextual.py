"""What is learnt by traits, by simulation with a known truth; seeds are fixed."""

from __future__ import annotations

import json
from dataclasses import dataclass

import numpy as np
import pytest
from numpy.typing import NDArray

from ballyhoo.core.experiments.contextual import Lesson, load_lesson, teach
from ballyhoo.core.experiments.learning import FLOOR, Cell, find_shares, fit_waves, learn
from ballyhoo.core.experiments.trait_models import add_people, make_sums
from ballyhoo.core.statistics.pooling import pool_rates
from ballyhoo.core.statistics.tallies import Tally
from ballyhoo.core.statistics.weights import Weights

Array = NDArray[np.float64]

MOODS = (1.0, 0.4, 1.8, 0.5, 1.5)
"""How often everybody reacts in each wave, compared with the average."""

PLACES = 28
GROUPS = [[place] for place in range(1, 12)] + [list(range(12, PLACES))]
NAMES = ("a", "b")
FLIPPED = np.array([[0.08, 0.04], [0.04, 0.08]])
"""By whether she has the trait that matters: the rate of each variant."""
SAME = np.array([[0.04, 0.06], [0.04, 0.06]])


@dataclass(frozen=True, slots=True)
class Wave:
    """Vectors of people, the share of each variant, hers by place, whether she reacted, rates."""

    vectors: Array
    shares: Array
    given: NDArray[np.int64]
    reacted: Array
    rates: Array

    @property
    def lost(self) -> float:
        best, got = self.rates.max(axis=1), self.rates[np.arange(len(self.rates)), self.given]
        return float((best - got).sum())

    @property
    def lost_by_lot(self) -> float:
        return float((self.rates.max(axis=1) - self.rates.mean(axis=1)).sum())


def draw_vectors(count: int, random: np.random.Generator) -> Array:
    """Draw people with one trait that may matter, ten that do not, and a category."""
    vectors = np.zeros((count, PLACES))
    vectors[:, 0] = 1.0
    vectors[:, 1] = random.random(count) < 0.5
    vectors[:, 2:12] = random.random((count, 10)) / 2
    vectors[np.arange(count), 12 + random.integers(0, PLACES - 12, count)] = 1.0
    return vectors


def make_cells(waves: list[Wave]) -> list[dict[str, Cell]]:
    return [
        {
            name: Cell(
                people=int((one.given == place).sum()),
                successes=int(one.reacted[one.given == place].sum()),
            )
            for place, name in enumerate(NAMES)
        }
        for one in waves
    ]


def learn_lesson(waves: list[Wave], seed: tuple[int, ...]) -> Lesson:
    cells = make_cells(waves)
    people = np.array([[cell[name].people for name in NAMES] for cell in cells], dtype=float)
    reacted = np.array([[cell[name].successes for name in NAMES] for cell in cells], dtype=float)
    sums = [make_sums(PLACES) for _ in NAMES]
    squares = 0.0
    for one, weight in zip(waves, fit_waves(people, reacted), strict=True):
        squares += float(one.reacted.sum() / weight)
        for place in range(len(NAMES)):
            own = one.given == place
            sums[place] = add_people(sums[place], one.vectors[own], one.reacted[own], float(weight))
    return Lesson(
        variants=NAMES, sums=tuple(sums), squares=squares / float(people.sum()), seed=seed
    )


def play(rates: Array, people: int, seed: int, *, by_traits: bool) -> list[Wave]:
    random = np.random.default_rng(seed)
    waves: list[Wave] = []
    for number, mood in enumerate(MOODS):
        vectors = draw_vectors(people // len(MOODS), random)
        shares = np.full((len(vectors), len(NAMES)), 1 / len(NAMES))
        if waves and by_traits:
            taught = teach(learn_lesson(waves, (seed, number)), GROUPS)
            shares = np.array(
                [[one[name] for name in NAMES] for one in taught.find_shares(vectors)]
            )
        elif waves:
            learned = learn(make_cells(waves), NAMES, by_money=False, seed=(seed, number))
            found = find_shares({name: one.chance for name, one in learned.items()})
            shares[:] = [found[name] for name in NAMES]
        given = (random.random(len(vectors)) > shares[:, 0]).astype(np.int64)
        of_people = rates[vectors[:, 1].astype(int)] * mood
        reacted = random.random(len(vectors)) < of_people[np.arange(len(vectors)), given]
        waves.append(Wave(vectors, shares, given, reacted.astype(float), of_people))
    return waves


def find_regret(rates: Array, *, by_traits: bool) -> float:
    """Return how many reactions are lost, as a part of what is lost when all is drawn by lot."""
    played = [play(rates, 8_000, seed, by_traits=by_traits) for seed in range(8)]
    lost = sum(one.lost for waves in played for one in waves)
    return lost / sum(one.lost_by_lot for waves in played for one in waves)


def test_where_the_best_variant_differs_by_a_trait_far_less_is_lost_than_by_plain_thompson() -> (
    None
):
    assert find_regret(FLIPPED, by_traits=False) > 0.9
    assert find_regret(FLIPPED, by_traits=True) < 0.6


def test_where_it_does_not_little_more_is_lost() -> None:
    plain, by_traits = (find_regret(SAME, by_traits=one) for one in (False, True))
    assert by_traits < plain + 0.1


def test_by_inverse_propensity_variants_are_compared_as_if_drawn_by_lot() -> None:
    """Rates of those who got them say that both are good; of everybody the second is better."""
    rates = np.array([[0.3, 0.2], [0.1, 0.26]])
    weighed, plain, holds = [], [], 0
    for seed in range(40):
        waves = play(rates, 4_000, seed, by_traits=True)
        pairs, raw, truth = [], [], []
        for one in waves:
            arms, arms_raw = [], []
            for place in range(2):
                own = one.given == place
                weights = 1 / one.shares[own, place]
                sums = Weights(total=float(weights.sum()), squares=float((weights**2).sum()))
                arms.append(sums.count(float(weights @ one.reacted[own])))
                arms_raw.append(Tally(people=int(own.sum()), successes=one.reacted[own].sum()))
            pairs.append((arms[1], arms[0]))
            raw.append((arms_raw[1], arms_raw[0]))
            weight = arms[0].people * arms[1].people / (arms[0].people + arms[1].people)
            truth.append((weight, float((one.rates[:, 1] - one.rates[:, 0]).mean())))
        true = sum(part * value for part, value in truth) / sum(part for part, _ in truth)
        found = pool_rates(pairs)
        weighed.append(found.estimate - true)
        plain.append(pool_rates(raw).estimate - true)
        holds += found.covers(true)
    error = float(np.std(weighed) / np.sqrt(len(weighed)))
    assert abs(np.mean(weighed)) < 3 * error
    assert abs(np.mean(plain)) > 8 * error
    assert holds >= 35


def test_shares_are_the_same_from_what_is_kept_and_never_below_the_floor() -> None:
    waves = play(FLIPPED, 4_000, 1, by_traits=False)
    lesson = learn_lesson(waves, (7, 2))
    kept = load_lesson(json.loads(json.dumps(lesson.dump())))
    vectors = draw_vectors(300, np.random.default_rng(5))
    shares = teach(lesson, GROUPS).find_shares(vectors)
    assert teach(kept, GROUPS).find_shares(vectors) == shares
    assert teach(kept, GROUPS).find_shares(vectors[:1]) == shares[:1]
    assert all(sum(one.values()) == pytest.approx(1) for one in shares)
    assert min(min(one.values()) for one in shares) >= FLOOR
    assert {max(one, key=lambda name: one[name]) for one in shares} == set(NAMES)


def test_without_reactions_shares_are_equal_and_a_stopped_variant_gets_nobody() -> None:
    sums = add_people(make_sums(3), np.ones((9, 3)), np.zeros(9), 1.0)
    lesson = Lesson(
        variants=("a", "b", "c"), sums=(sums,) * 3, squares=0.0, seed=(1,), stopped=("b",)
    )
    assert teach(lesson, [[1], [2]]).find_shares(np.ones((1, 3))) == [
        {"a": 0.5, "c": 0.5, "b": 0.0}
    ]
