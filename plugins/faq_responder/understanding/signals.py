"""Tells how much a question is like those that were trained on, in several ways at once."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from .intents import Intents
from .logistic import log_softmax

Floats = npt.NDArray[np.float64]
Vectors = npt.NDArray[np.float32]

SIGNALS = (
    "margin", "second", "sum", "positive", "bayes", "energy", "chance", "entropy",
    "nearest", "near", "around", "share", "mixture", "known", "length",
)  # fmt: skip
NEIGHBOURS = 15
FEW, SOME = 3, 10
BLOCK = 512


def measure_signals(
    intents: Intents,
    rows: Any,
    vectors: Vectors | None,
    sizes: npt.NDArray[np.int64],
) -> tuple[Floats, Floats]:
    """Return the scores of all intents, and the signals.

    Args:
        intents: The classifiers.
        rows: [questions x features]; of features that training knew.
        vectors: What the sentence model makes of the questions; None without one.
        sizes: How many different features each question has, unknown ones included.

    Returns:
        Scores [questions x intents] and signals [questions x len(SIGNALS)].
    """
    blocks = [slice(at, at + BLOCK) for at in range(0, rows.shape[0], BLOCK)]
    parts = [
        _measure_block(intents, rows[one], None if vectors is None else vectors[one], sizes[one])
        for one in blocks
    ]
    if not parts:
        return np.zeros((0, intents.size)), np.zeros((0, len(SIGNALS)))
    return np.concatenate([one for one, _ in parts]), np.concatenate([one for _, one in parts])


def _measure_block(
    intents: Intents, rows: Any, vectors: Vectors | None, sizes: npt.NDArray[np.int64]
) -> tuple[Floats, Floats]:
    scores, margins, bayes = intents.measure(rows, vectors)
    sorted_scores = np.sort(scores, axis=1)
    logs = log_softmax(scores)
    best = scores.argmax(axis=1)
    near, votes = _vote(intents, rows, vectors)
    share = votes / np.maximum(votes.sum(axis=1, keepdims=True), 1e-12)
    top = sorted_scores[:, -1]
    columns = [
        margins.max(axis=1),
        top - sorted_scores[:, -2],
        margins.sum(axis=1),
        (np.maximum(margins, -1) + 1).sum(axis=1),
        bayes.max(axis=1),
        top - logs.max(axis=1),
        np.exp(logs.max(axis=1)),
        (np.exp(logs) * logs).sum(axis=1),
        near[:, -1],
        near[:, -FEW:].mean(axis=1),
        near[:, -SOME:].mean(axis=1),
        share[np.arange(len(share)), best],
        (share * np.log(share + 1e-9)).sum(axis=1),
        np.diff(rows.indptr) / np.maximum(sizes, 1),
        np.log1p(sizes),
    ]
    return scores, np.column_stack(columns)


def _vote(intents: Intents, rows: Any, vectors: Vectors | None) -> tuple[Floats, Floats]:
    """Return the cosines of the nearest questions, ascending, and their votes for intents."""
    alike = (rows @ intents.rows.T).toarray().astype(np.float64) / 2
    if vectors is not None and intents.vectors is not None:
        alike = (alike + np.maximum(vectors @ intents.vectors.T, 0)) / 2
    count = min(NEIGHBOURS, alike.shape[1])
    places = np.argpartition(-alike, count - 1, axis=1)[:, :count]
    near = np.take_along_axis(alike, places, axis=1)
    votes = np.zeros((len(alike), intents.size))
    owners = intents.owners[places]
    np.add.at(votes, (np.arange(len(alike))[:, None], owners), near**3)
    near = np.sort(near, axis=1)
    if count < SOME:
        near = np.pad(near, ((0, 0), (SOME - count, 0)))
    return near, votes
