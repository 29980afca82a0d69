"""Tells how much a question is like those that were trained on, in several ways at once."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from .asking import Asked
from .features import Features, weigh
from .intents import Intents
from .logistic import log_softmax

Floats = npt.NDArray[np.float64]
Vectors = npt.NDArray[np.float32]

SIGNALS = (
    "margin", "second", "sum", "positive", "bayes", "energy", "chance", "entropy",
    "nearest", "near", "around", "share", "mixture", "known", "length", "covered", "covered_parts",
)  # fmt: skip
"""`covered` is how much of what a question says the questions of the intent it is taken for have
said before, rare words counting more; it and the nearest questions tell more than margins do."""
NEIGHBOURS = 15
FEW, SOME = 3, 10
BLOCK = 512


def measure_signals(intents: Intents, asked: Asked, features: Features) -> tuple[Floats, Floats]:
    """Return the scores of all intents, [questions x intents], and [questions x signals]."""
    blocks = [np.arange(at, min(at + BLOCK, len(asked))) for at in range(0, len(asked), BLOCK)]
    parts = [_measure_block(intents, asked.pick(one), features) for one in blocks]
    if not parts:
        return np.zeros((0, intents.size)), np.zeros((0, len(SIGNALS)))
    return np.concatenate([one for one, _ in parts]), np.concatenate([one for _, one in parts])


def _measure_block(intents: Intents, asked: Asked, features: Features) -> tuple[Floats, Floats]:
    rows = weigh(asked.counted.rows, intents.weights, features.words_end)
    sizes = asked.counted.sizes
    scores, margins, bayes = intents.measure(rows, asked.vectors)
    sorted_scores = np.sort(scores, axis=1)
    logs = log_softmax(scores)
    best = scores.argmax(axis=1)
    near, votes = _vote(intents, rows, asked.vectors)
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
        _cover(intents, asked.counted.rows, best, features.is_single, asked.counted.words),
        _cover(
            intents, asked.counted.rows, best,
            np.arange(len(features)) >= features.words_end, asked.counted.parts,
        ),
    ]  # fmt: skip
    return scores, np.column_stack(columns)


def _cover(
    intents: Intents,
    counts: Any,
    best: npt.NDArray[np.int64],
    which: npt.NDArray[np.bool_],
    sizes: npt.NDArray[np.int64],
) -> Floats:
    """Return how much of some features of each question its intent has had before."""
    said = counts.copy()
    said.data = np.where(which, intents.weights, 0)[said.indices] ** 2
    total = np.asarray(said.sum(axis=1), np.float64).ravel()
    unknown = sizes - np.asarray((said > 0).sum(axis=1)).ravel()
    total += unknown * float(intents.weights.max(initial=1.0)) ** 2
    covered = np.asarray(said.multiply(intents.spoken[best]).sum(axis=1), np.float64).ravel()
    return np.asarray(covered / np.maximum(total, 1e-9))


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
