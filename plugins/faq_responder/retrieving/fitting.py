"""Weighs the clues of a search into one score, and tells how probable it is that the best fits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..understanding.logistic import fit_logistic, predict_logistic
from .index import CLUES

Floats = npt.NDArray[np.float64]

SHARES = {
    "asked": 1.0, "told": 0.6, "words": 0.5, "words_told": 0.5, "meant": 0.3,
    "meant_told": 0.15, "sense": 1.5, "sense_told": 0.75,
    "intent": 0.7,
}  # fmt: skip
"""What each clue counts in the score of an article. Weighted sums found more than reciprocal ranks
(see docs/benchmarks.md): ranks forget how well the best matches."""

SIGNS = ("score", "ahead", "asked", "words", "sense", "intent")
"""What tells whether an article fits: its score, how far it is ahead of the next one, and clues."""
PRIOR = np.array([1.8, 3.0, 1.5, 2.0, 1.5, 1.0, -3.6])
STRENGTH = 2.0
CONSIDERED = 3
"""So many of the best articles of a question teach what fits and what does not."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fitting:
    """How the clues of an article become a probability.

    Attributes:
        weights: Of the signs, the intercept last.
    """

    weights: Floats

    def rate(self, signs: Floats) -> Floats:
        """Return the probability that each article fits."""
        return predict_logistic(signs, self.weights)


def score_articles(clues: npt.NDArray[np.float32]) -> Floats:
    """Return the score of each article, [questions x articles], from its clues."""
    return np.asarray(clues @ np.array([SHARES[name] for name in CLUES]), np.float64)


def read_signs(
    scores: Floats, clues: npt.NDArray[np.float32], groups: npt.NDArray[np.int64]
) -> Floats:
    """Return what tells whether each article fits one question, [articles x signs].

    Args:
        scores: Of the articles.
        clues: Of the articles, [articles x clues].
        groups: Wordings of the same article have the same number: they do not compete.
    """
    best = np.full(int(groups.max()) + 1, -np.inf)
    np.maximum.at(best, groups, scores)
    order = np.argsort(-best)
    first, second = best[order[0]], best[order[1]] if len(order) > 1 else 0.0
    rival = np.where(groups == order[0], second, first)
    place = {name: number for number, name in enumerate(CLUES)}
    return np.column_stack(
        [
            scores,
            scores - rival,
            np.maximum(clues[:, place["asked"]], clues[:, place["told"]]),
            np.maximum(clues[:, place["words"]], clues[:, place["words_told"]]),
            np.maximum(clues[:, place["sense"]], clues[:, place["sense_told"]]),
            clues[:, place["intent"]],
        ]
    )


def fit_fitting(signs: Floats, fits: npt.NDArray[np.bool_]) -> Fitting:
    """Learn from questions whose article is known, and from ones whose article was taken away."""
    if not len(signs):
        return Fitting(weights=PRIOR)
    return Fitting(weights=fit_logistic(signs, fits, PRIOR, STRENGTH))
