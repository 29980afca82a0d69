"""Weighs the clues of a search into one score, and tells how probable it is that the best fits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from ..understanding.logistic import fit_logistic, predict_logistic
from .index import CLUES

Floats = npt.NDArray[np.float64]

SHARES = {
    "asked": 2.2, "told": 0.2, "words": 1.4, "words_told": 0.3, "meant": 2.5, "meant_told": 2.5,
    "sense": 0.0, "sense_told": 0.0, "intent": 4.0,
}  # fmt: skip
SHARES_WITH_SENSE = {
    "asked": 0.6, "told": 0.15, "words": 0.5, "words_told": 0.2, "meant": 1.5, "meant_told": 2.0,
    "sense": 5.0, "sense_told": 2.4, "intent": 3.5,
}  # fmt: skip
"""What each clue counts in the score of an article, without and with a sentence model: by
conditional logits over seven knowledge bases made of public data. Weighted sums found more than
reciprocal ranks (see docs/benchmarks.md): ranks forget how well the best matches."""

SIGNS = ("score", "ahead")
"""What tells whether an article fits: its score, and how far it is ahead of the next one."""
PRIOR = np.array([0.33, 0.43, -2.95])
PRIOR_WITH_SENSE = np.array([0.49, 0.37, -4.44])
"""What they are worth by those knowledge bases, a third of whose questions nothing answered."""
STRENGTH = 30.0
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


def score_articles(clues: npt.NDArray[np.float32], *, has_sense: bool) -> Floats:
    """Return the score of each article, [questions x articles], from its clues."""
    shares = SHARES_WITH_SENSE if has_sense else SHARES
    return np.asarray(clues @ np.array([shares[name] for name in CLUES]), np.float64)


def read_signs(scores: Floats, groups: npt.NDArray[np.int64]) -> Floats:
    """Return what tells whether each article fits one question, [articles x signs].

    Args:
        scores: Of the articles.
        groups: Wordings of the same article have the same number: they do not compete.
    """
    best = np.full(int(groups.max()) + 1, -np.inf)
    np.maximum.at(best, groups, scores)
    order = np.argsort(-best)
    first, second = best[order[0]], best[order[1]] if len(order) > 1 else 0.0
    rival = np.where(groups == order[0], second, first)
    return np.column_stack([scores, scores - rival])


def fit_fitting(signs: Floats, fits: npt.NDArray[np.bool_], *, has_sense: bool) -> Fitting:
    """Learn from questions whose article is known, and from ones whose article was taken away.

    Args:
        signs: [articles x signs]; of none what other knowledge bases taught stays.
        fits: Whether each answers.
        has_sense: Whether there is a sentence model.
    """
    prior = PRIOR_WITH_SENSE if has_sense else PRIOR
    return Fitting(weights=fit_logistic(signs, fits, prior, STRENGTH) if len(signs) else prior)
