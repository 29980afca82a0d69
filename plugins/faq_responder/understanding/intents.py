"""Tells which intent a question has, by a linear classifier over words and parts of words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

SURENESS = 3.0
"""What the margins of the support vector machine are multiplied by: log odds, roughly."""
BAYES_SHARE = 0.1
"""How much Bayes' log probabilities count beside them (on BANKING77: 0 gives 0.905, 0.1 gives
0.908, 0.2 gives 0.906)."""
SENSE_SHARE = 2.0
"""The length of a sentence model's vector beside words and parts of words of length one."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Intents:
    """Two linear classifiers and what they were trained on.

    Attributes:
        margins: Weights of the support vector machine, [features x intents].
        offsets: Its intercepts.
        bayes: Log weights of complement naive Bayes, [features x intents].
        rows: The questions that it was trained on, a sparse matrix [questions x features].
        owners: The number of the intent of each.
    """

    margins: npt.NDArray[np.float32]
    offsets: npt.NDArray[np.float32]
    bayes: npt.NDArray[np.float32]
    rows: Any
    owners: npt.NDArray[np.int64]

    @property
    def size(self) -> int:
        """How many intents there are."""
        return len(self.offsets)

    def measure(self, rows: Any) -> tuple[Floats, Floats]:
        """Return the margins, and Bayes' log probabilities: [questions x intents] each."""
        margins = np.asarray(rows @ self.margins + self.offsets, np.float64)
        bayes = np.asarray(rows @ self.bayes, np.float64)
        top = bayes.max(axis=1, keepdims=True)
        return margins, bayes - top - np.log(np.exp(bayes - top).sum(axis=1, keepdims=True))


def combine(margins: Floats, bayes: Floats) -> Floats:
    """Return one score for each question and intent."""
    return SURENESS * margins + BAYES_SHARE * bayes


def fit_intents(
    words: Any,
    vectors: npt.NDArray[np.float32] | None,
    owners: npt.NDArray[np.int64],
    size: int,
) -> Intents:
    """Train on questions.

    Args:
        words: [questions x features].
        vectors: What a sentence model makes of them; None without one.
        owners: The number of each one's intent, below `size`.
        size: How many intents there are; at least two of them have questions.
    """
    from sklearn.naive_bayes import ComplementNB
    from sklearn.svm import LinearSVC

    rows = join(words, vectors)
    machine = LinearSVC(C=1.0, random_state=0).fit(rows, owners)
    bayes = ComplementNB(alpha=0.1).fit(words, owners)
    seen: Sequence[int] = machine.classes_
    margins = np.zeros((rows.shape[1], size), np.float32)
    offsets = np.full(size, -10.0, np.float32)  # an intent without questions is never chosen
    logs = np.zeros((rows.shape[1], size), np.float32)  # a sentence model says nothing to Bayes
    logs[: words.shape[1]] = -20.0
    if len(seen) == 2:
        margins[:, seen] = np.concatenate([-machine.coef_, machine.coef_]).T
        offsets[seen] = np.concatenate([-machine.intercept_, machine.intercept_])
    else:
        margins[:, seen] = machine.coef_.T
        offsets[seen] = machine.intercept_
    logs[: words.shape[1], seen] = bayes.feature_log_prob_.T
    return Intents(margins=margins, offsets=offsets, bayes=logs, rows=rows, owners=owners)


def join(rows: Any, vectors: npt.NDArray[np.float32] | None) -> Any:
    """Return rows with the vectors of a sentence model beside them, when there are some."""
    from scipy import sparse

    if vectors is None:
        return rows
    return sparse.hstack([rows, sparse.csr_matrix(vectors * SENSE_SHARE)]).tocsr()
