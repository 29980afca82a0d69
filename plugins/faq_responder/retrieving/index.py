"""Scores articles for questions: by features, by words (BM25), and by a sentence model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..understanding.asking import Asked
from ..understanding.features import weigh, weigh_rarity

Floats = npt.NDArray[np.float32]

SATURATION, LENGTH_SHARE = 1.2, 0.5
"""BM25's k1 and b (Robertson and Zaragoza 2009)."""

CLUES = (
    "asked", "told", "words", "words_told", "meant", "meant_told", "sense", "sense_told", "intent",
)  # fmt: skip
"""How well a question matches an article, each about in [0, 1]: features of the nearest of its
questions and its title, of the nearest passage; BM25 as a share of what a perfect match would have,
of the same two; concepts, of the same two; the sentence model, of the same two; the probability of
the article's intent."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Index:
    """The units of all articles, ready to be compared with questions.

    Attributes:
        rows: Units by weighed features, [units x features].
        words: Units by BM25, [units x features]; columns of single words alone are used.
        rarity: BM25's weight of each word; 0 of features that are no single word.
        weights: TF-IDF weights of the features.
        words_end: Where the columns of words end.
        concepts: Units by concepts, rare ones more, of length one, [units x concepts].
        concept_weights: The weight of each concept.
        vectors: What a sentence model makes of the units, [units x dimensions]; None without one.
        starts: Where the units of each article begin.
        is_asked: Which units are questions or titles.
    """

    rows: Any
    words: Any
    rarity: Floats
    weights: Floats
    words_end: int
    concepts: Floats
    concept_weights: Floats
    vectors: Floats | None
    starts: npt.NDArray[np.int64]
    is_asked: npt.NDArray[np.bool_]

    def match(
        self, asked: Asked, chances: Floats, *, hidden: npt.NDArray[np.bool_] | None = None
    ) -> tuple[Floats, Floats]:
        """Return the clues, and how well each unit matches.

        Args:
            asked: Questions.
            chances: The probability of each article's intent, [questions x articles].
            hidden: Units that are not there for a question, [questions x units].

        Returns:
            [questions x articles x clues], and [questions x units].
        """
        counts = asked.counted.rows
        cosines = (weigh(counts, self.weights, self.words_end) @ self.rows.T).toarray() / 2
        said = counts.copy()
        said.data = (self.rarity[said.indices] > 0).astype(np.float32)
        found = (said @ self.words.T).toarray()
        known = np.asarray(said.sum(axis=1)).ravel()
        perfect = np.asarray(said @ self.rarity).ravel()
        perfect += (asked.counted.words - known) * self.rarity.max(initial=1.0)
        found = found / np.maximum(perfect, 1e-6)[:, None]
        meant = scale(asked.counted.concepts * self.concept_weights) @ self.concepts.T
        alike = np.zeros_like(cosines)
        if asked.vectors is not None and self.vectors is not None:
            alike = asked.vectors @ self.vectors.T
        ways: list[Any] = [cosines, found, meant, alike]
        if hidden is not None:
            ways = [np.where(hidden, 0, one) for one in ways]
        clues = np.stack(
            [self._best(one, which) for one in ways for which in (self.is_asked, ~self.is_asked)]
            + [chances],
            axis=2,
        )
        return clues.astype(np.float32), np.sum(ways, axis=0)

    def _best(self, matched: Floats, which: npt.NDArray[np.bool_]) -> Floats:
        """Return the best of an article's units of one kind, [questions x articles]."""
        best = np.maximum.reduceat(np.where(which, matched, 0), self.starts, axis=1)
        return np.asarray(best, np.float32)


def scale(rows: Floats) -> Floats:
    """Return rows of length one; empty ones stay empty."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, 1e-6), np.float32)


def build_index(
    searched: Asked,
    words_end: int,
    is_word: npt.NDArray[np.bool_],
    articles: npt.NDArray[np.int64],
    is_asked: npt.NDArray[np.bool_],
) -> Index:
    """Return the index of units.

    Args:
        searched: The units.
        words_end: Where the columns of words end.
        is_word: Which columns are single words.
        articles: The place of each unit's article, ascending.
        is_asked: Which units are questions or titles.
    """
    counts, concepts = searched.counted.rows, searched.counted.concepts
    total = counts.shape[0]
    concept_weights = weigh_rarity(concepts.sum(axis=0), total)
    seen = np.bincount(counts.indices, minlength=counts.shape[1])
    weights = weigh_rarity(seen, total)
    rarity = np.where(is_word, np.log1p((total - seen + 0.5) / (seen + 0.5)), 0).astype(np.float32)
    words = counts.copy()
    words.data = np.where(is_word[words.indices], words.data, 0)
    lengths = np.asarray(words.sum(axis=1)).ravel()
    norm = SATURATION * (1 - LENGTH_SHARE + LENGTH_SHARE * lengths / max(1.0, lengths.mean()))
    owners = np.repeat(np.arange(total), np.diff(words.indptr))
    words.data = (
        rarity[words.indices] * words.data * (SATURATION + 1) / (words.data + norm[owners])
    ).astype(np.float32)
    words.eliminate_zeros()
    starts = np.flatnonzero(np.diff(articles, prepend=-1))
    return Index(
        rows=weigh(counts, weights, words_end),
        words=words,
        rarity=rarity,
        weights=weights,
        words_end=words_end,
        concepts=scale(concepts * concept_weights),
        concept_weights=concept_weights,
        vectors=searched.vectors,
        starts=starts,
        is_asked=is_asked,
    )
