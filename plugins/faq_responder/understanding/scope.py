"""Tells questions that the knowledge base speaks of from others, and how sure an intent is.

Both are learned from the training questions alone. They are held out in turns, once with all
intents there (which tells how sure an intent is, and where the threshold stands), once with some
intents left out altogether, so that their questions are out of scope (which tells what the signals
are worth).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from .asking import Asked
from .features import Features
from .intents import Intents, fit_intents
from .logistic import find_temperature, fit_logistic, predict_logistic
from .signals import SIGNALS, measure_signals

Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]

ACCEPTED = 0.95
"""The share of the questions in scope that is taken for such."""
FLOORED = [SIGNALS.index(one) for one in ("margin", "near", "known", "covered", "covered_parts")]
FLOOR = 0.01
"""The more of these signals the better, whatever the weights say of questions that are like none
which was seen: below this quantile of one of them nothing is in scope."""
FOLDS = 8
GROUPS = 4
FEWEST_INTENTS = 8
"""With fewer, leaving some out says little: the signals are worth what they were elsewhere."""
PRIOR = np.zeros(len(SIGNALS) + 1)
PRIOR[[SIGNALS.index(one) for one in ("margin", "near", "share", "covered")]] = 0.8, 0.4, 0.4, 0.6
STRENGTH = 20.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scope:
    """How signals are read.

    Attributes:
        means: Of each signal, over held out questions in scope.
        spreads: Their standard deviations.
        weights: What each is worth, the intercept last.
        floors: The least of the signals `FLOORED` that a question in scope has.
        threshold: Below it a question is out of scope.
        temperature: What the scores of intents are divided by.
    """

    means: Floats
    spreads: Floats
    weights: Floats
    floors: Floats
    threshold: float
    temperature: float

    def rate(self, signals: Floats) -> Floats:
        """Return how much each question is in scope, comparable with the threshold."""
        rated = predict_logistic((signals - self.means) / self.spreads, self.weights)
        is_low = (signals[:, FLOORED] < self.floors).any(axis=1)
        return np.where(is_low, rated / 1e6, rated)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Questions:
    """Questions with their intents, counted but not weighed.

    Attributes:
        asked: What stands in them.
        features: What their columns are.
        owners: The number of each one's intent.
        intents: How many intents there are.
    """

    asked: Asked
    features: Features
    owners: Numbers
    intents: int

    def fit(self, part: Numbers) -> Intents:
        """Return what is trained on some of the questions."""
        return fit_intents(self.asked.pick(part), self.features, self.owners[part], self.intents)

    def hold_out(self, train: Numbers, test: Numbers) -> tuple[Floats, Floats]:
        """Return the scores and signals of some questions, by what was trained on others."""
        return measure_signals(self.fit(train), self.asked.pick(test), self.features)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class HeldOut:
    """What was said of each question while it was held out.

    Attributes:
        scores: Of the intents, [questions x intents].
        signals: [questions x signals].
        is_valid: Whether its intent had another question to be trained on.
    """

    scores: Floats
    signals: Floats
    is_valid: npt.NDArray[np.bool_]


def fit_scope(questions: Questions, *, seed: int = 0) -> tuple[Scope, HeldOut]:
    """Learn from training questions where the scope ends."""
    random = np.random.default_rng(seed)
    held = hold_out_all(questions, random)
    valid = held.is_valid if held.is_valid.any() else np.ones(len(held.is_valid), bool)
    temperature = find_temperature(held.scores, np.where(held.is_valid, questions.owners, -1))
    inside = held.signals[valid]
    means, spreads = inside.mean(axis=0), np.maximum(inside.std(axis=0), 1e-6)
    weights = PRIOR
    if questions.intents >= FEWEST_INTENTS:
        signals, is_inside = _leave_intents_out(questions, random)
        weights = fit_logistic((signals - means) / spreads, is_inside, PRIOR, STRENGTH)
    scope = Scope(
        means=means,
        spreads=spreads,
        weights=weights,
        floors=np.quantile(inside[:, FLOORED], FLOOR, axis=0),
        threshold=0.0,
        temperature=temperature,
    )
    threshold = float(np.quantile(scope.rate(inside), 1 - ACCEPTED))
    return replace(scope, threshold=threshold), held


def hold_out_all(questions: Questions, random: np.random.Generator) -> HeldOut:
    """Hold every question out once, all intents being there as far as they have another one."""
    folds = _deal(questions, random)
    count = len(questions.owners)
    scores = np.zeros((count, questions.intents))
    signals = np.zeros((count, len(SIGNALS)))
    is_valid = np.zeros(count, bool)
    for fold in range(int(folds.max()) + 1):
        test, train = np.flatnonzero(folds == fold), np.flatnonzero(folds != fold)
        if not len(test) or len(set(questions.owners[train])) < 2:
            continue
        scores[test], signals[test] = questions.hold_out(train, test)
        is_valid[test] = np.isin(questions.owners[test], questions.owners[train])
    return HeldOut(scores=scores, signals=signals, is_valid=is_valid)


def _leave_intents_out(
    questions: Questions, random: np.random.Generator
) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Return signals of questions held out, and whether their intent was there."""
    folds = _deal(questions, random) % GROUPS
    group = random.permutation(questions.intents) % GROUPS
    signals, is_inside = [], []
    for fold in range(GROUPS):
        is_out = group[questions.owners] == fold
        train = np.flatnonzero(~is_out & (folds != fold))
        test = np.flatnonzero(is_out | (folds == fold))
        there = np.isin(questions.owners[test], questions.owners[train])
        signals.append(questions.hold_out(train, test)[1])
        is_inside.append(there)
    return np.concatenate(signals), np.concatenate(is_inside)


def _deal(questions: Questions, random: np.random.Generator) -> Numbers:
    """Return the fold of each question; those of an intent are spread over the folds."""
    folds = np.zeros(len(questions.owners), np.int64)
    start = 0
    for intent in range(questions.intents):
        places = random.permutation(np.flatnonzero(questions.owners == intent))
        folds[places] = (start + np.arange(len(places))) % FOLDS
        start += len(places)
    return folds
