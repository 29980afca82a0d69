"""Tells which intent a question has, by a linear classifier over words and parts of words."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .asking import Asked
from .features import Features, weigh, weigh_rarity
from .logistic import log_softmax

Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.float32]

SURENESS = 3.0
"""What the margins of the support vector machine are multiplied by: log odds, roughly."""
BAYES_SHARE = 0.1
"""How much Bayes' log probabilities count beside them (on BANKING77: 0 gives 0.905, 0.1 gives
0.908, 0.2 gives 0.906)."""
SENSE_SHARE = 1.0
"""How much the log probabilities of a sentence model's vectors count (0.6 gives 0.927, 1 gives
0.930, 2 gives 0.927; vectors as features of the support vector machine gave 0.925)."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Intents:
    """Linear classifiers and what they were trained on.

    Attributes:
        margins: Weights of the support vector machine, [features x intents].
        offsets: Its intercepts.
        bayes: Log weights of complement naive Bayes, [features x intents].
        weights: TF-IDF weights of the features; 0 of those that no question had.
        rows: The questions that it was trained on, a sparse matrix [questions x features].
        spoken: 1 where a question of an intent has a feature, sparse [intents x features].
        owners: The number of the intent of each.
        sense: Weights of a sentence model's vectors, the intercept last, [dimensions + 1 x
            intents]; None without one.
        vectors: What the sentence model makes of the questions; None without one.
    """

    margins: Numbers
    offsets: Numbers
    bayes: Numbers
    weights: Numbers
    rows: Any
    spoken: Any
    owners: npt.NDArray[np.int64]
    sense: Numbers | None = None
    vectors: Numbers | None = None

    @property
    def size(self) -> int:
        """How many intents there are."""
        return len(self.offsets)

    def measure(self, rows: Any, vectors: Numbers | None) -> tuple[Floats, Floats, Floats]:
        """Return the scores, the margins, and Bayes' log probabilities: [questions x intents].

        Args:
            rows: [questions x features].
            vectors: What the sentence model makes of the questions; None without one.
        """
        margins = np.asarray(rows @ self.margins + self.offsets, np.float64)
        bayes = log_softmax(np.asarray(rows @ self.bayes, np.float64))
        scores = SURENESS * margins + BAYES_SHARE * bayes
        if self.sense is not None and vectors is not None:
            scores += SENSE_SHARE * log_softmax(
                np.asarray(vectors @ self.sense[:-1] + self.sense[-1], np.float64)
            )
        return scores, margins, bayes


def fit_intents(
    asked: Asked, features: Features, owners: npt.NDArray[np.int64], size: int
) -> Intents:
    """Train on questions.

    Args:
        asked: The questions.
        features: What their columns are.
        owners: The number of each one's intent, below `size`.
        size: How many intents there are; at least two of them have questions.
    """
    from scipy import sparse
    from sklearn.naive_bayes import ComplementNB
    from sklearn.svm import LinearSVC

    counts, vectors = asked.counted.rows, asked.vectors
    seen_in = np.bincount(counts.indices, minlength=counts.shape[1])
    weights = np.where(seen_in > 0, weigh_rarity(seen_in, len(owners)), 0).astype(np.float32)
    rows = weigh(counts, weights, features.words_end)
    of_intent = sparse.csr_matrix(
        (np.ones(len(owners), np.float32), (owners, np.arange(len(owners)))),
        shape=(size, len(owners)),
    )
    spoken = (of_intent @ (rows > 0).astype(np.float32)).tocsr()
    spoken.data = np.ones_like(spoken.data)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "The number of unique classes")  # one question each
        machine = LinearSVC(C=1.0, random_state=0).fit(rows, owners)
        bayes = ComplementNB(alpha=0.1).fit(rows, owners)
    seen = machine.classes_
    # An intent without questions is never chosen.
    offsets = np.full(size, -10.0, np.float32)
    margins = np.zeros((rows.shape[1], size), np.float32)
    logs = np.full((rows.shape[1], size), -20.0, np.float32)
    margins[:, seen], offsets[seen] = _spread(machine.coef_, machine.intercept_)
    logs[:, seen] = bayes.feature_log_prob_.T
    return Intents(
        margins=margins,
        offsets=offsets,
        bayes=logs,
        weights=weights,
        rows=rows,
        spoken=spoken,
        owners=owners,
        sense=None if vectors is None else _fit_sense(vectors, owners, size),
        vectors=vectors,
    )


def _fit_sense(vectors: Numbers, owners: npt.NDArray[np.int64], size: int) -> Numbers:
    from sklearn.linear_model import LogisticRegression

    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "The number of unique classes")
        fitted = LogisticRegression(C=30.0, max_iter=300, tol=1e-3).fit(vectors, owners)
    weights = np.zeros((vectors.shape[1] + 1, size), np.float32)
    weights[-1] = -20.0
    weights[:-1, fitted.classes_], weights[-1, fitted.classes_] = _spread(
        fitted.coef_, fitted.intercept_
    )
    return weights


def _spread(weights: Floats, offsets: Floats) -> tuple[Floats, Floats]:
    """Return a column for each intent, where scikit-learn has one for both of two."""
    if len(offsets) == 1:
        weights, offsets = np.concatenate([-weights, weights]), np.concatenate([-offsets, offsets])
    return weights.T, offsets
