"""Fits probabilities to scores: logistic regression that starts from what is known already."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
ROUNDS = 50
ENOUGH = 1e-8


def fit_logistic(
    signals: Floats, answers: npt.NDArray[np.bool_], prior: Floats, strength: float
) -> Floats:
    """Return the weights, the intercept last, by Newton's method.

    Args:
        signals: [cases x signals].
        answers: What was true of each case.
        prior: The weights without any case, the intercept last.
        strength: How many cases' worth the prior counts about (a Gaussian around it).
    """
    rows = np.column_stack([signals, np.ones(len(signals))])
    weights = prior.astype(np.float64)
    for _ in range(ROUNDS):
        chances = to_chance(rows @ weights)
        slope = rows.T @ (answers - chances) - strength * (weights - prior)
        bend = (rows * (chances * (1 - chances))[:, None]).T @ rows
        step = np.linalg.solve(bend + strength * np.eye(len(weights)), slope)
        # A step over the goal is shortened: far from it the curve is flat.
        weights = weights + step / max(1.0, float(np.abs(step).max()) / 3)
        if float(np.abs(step).max()) < ENOUGH:
            break
    return weights


def predict_logistic(signals: Floats, weights: Floats) -> Floats:
    """Return the probability of each case."""
    return to_chance(signals @ weights[:-1] + weights[-1])


def to_chance(scores: Floats) -> Floats:
    """Return probabilities of log odds."""
    return 1 / (1 + np.exp(-np.clip(scores, -50, 50)))


def find_temperature(scores: Floats, answers: npt.NDArray[np.int64]) -> float:
    """Return what scores are divided by so that their softmax is right as often as it says.

    Args:
        scores: [questions x intents], held out.
        answers: The number of the right intent; -1 for none of them: such a question says only
            that no intent should be sure, and is left out.
    """
    from scipy.optimize import minimize_scalar

    is_known = answers >= 0
    scores, answers = scores[is_known], answers[is_known]
    if not len(scores):
        return 1.0

    def measure_loss(log_temperature: float) -> float:
        chances = log_softmax(scores / np.exp(log_temperature))
        return -float(chances[np.arange(len(answers)), answers].mean())

    found = minimize_scalar(measure_loss, bounds=(-3, 3), method="bounded")
    return float(np.exp(found.x))


def log_softmax(scores: Floats) -> Floats:
    """Return the logarithms of probabilities, row by row."""
    shifted = scores - scores.max(axis=1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)))
