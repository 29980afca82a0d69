"""Scores articles for questions: by features, by words (BM25), and by a sentence model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ..understanding.features import weigh, weigh_rarity

Floats = npt.NDArray[np.float32]

SATURATION, LENGTH_SHARE = 1.2, 0.5
"""BM25's k1 and b (Robertson and Zaragoza 2009)."""

CLUES = ("asked", "told", "words", "words_told", "sense", "sense_told", "intent")
"""How well a question matches an article, each about in [0, 1]: features of the nearest of its
questions and its title, of the nearest passage; BM25 as a share of what a perfect match would have,
of the same two; the sentence model, of the same two; the probability of the article's intent."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Index:
    """The units of all articles, ready to be compared with questions.

    Attributes:
        rows: Units by weighed features, [units x features].
        words: Units by BM25, [units x features]; columns of single words alone are used.
        rarity: BM25's weight of each word; 0 of features that are no single word.
        weights: TF-IDF weights of the features.
        words_end: Where the columns of words end.
        vectors: What a sentence model makes of the units, [units x dimensions]; None without one.
        starts: Where the units of each article begin.
        is_asked: Which units are questions or titles.
    """

    rows: Any
    words: Any
    rarity: Floats
    weights: Floats
    words_end: int
    vectors: Floats | None
    starts: npt.NDArray[np.int64]
    is_asked: npt.NDArray[np.bool_]

    def match(
        self,
        counts: Any,
        sizes: npt.NDArray[np.int64],
        vectors: Floats | None,
        chances: Floats,
        *,
        hidden: npt.NDArray[np.bool_] | None = None,
    ) -> tuple[npt.NDArray[np.float32], Floats]:
        """Return the clues, and how well each unit matches.

        Args:
            counts: The questions' features, [questions x features].
            sizes: How many different single words each question has, unknown ones included.
            vectors: What the sentence model makes of the questions; None without one.
            chances: The probability of each article's intent, [questions x articles].
            hidden: Units that are not there for a question, [questions x units].

        Returns:
            [questions x articles x clues], and [questions x units].
        """
        cosines = (weigh(counts, self.weights, self.words_end) @ self.rows.T).toarray() / 2
        said = counts.copy()
        said.data = (self.rarity[said.indices] > 0).astype(np.float32)
        found = (said @ self.words.T).toarray()
        known = np.asarray(said.sum(axis=1)).ravel()
        perfect = np.asarray(said @ self.rarity).ravel()
        perfect += (sizes - known) * self.rarity.max(initial=1.0)
        found = found / np.maximum(perfect, 1e-6)[:, None]
        alike = np.zeros_like(cosines) if vectors is None or self.vectors is None else (
            vectors @ self.vectors.T
        )  # fmt: skip
        if hidden is not None:
            cosines, found, alike = (np.where(hidden, 0, one) for one in (cosines, found, alike))
        clues = np.stack(
            [
                part
                for matched in (cosines, found, alike)
                for part in (
                    self._best(matched, self.is_asked),
                    self._best(matched, ~self.is_asked),
                )
            ]
            + [chances],
            axis=2,
        )
        return clues.astype(np.float32), cosines + found + alike

    def _best(self, matched: Floats, which: npt.NDArray[np.bool_]) -> Floats:
        """Return the best of an article's units of one kind, [questions x articles]."""
        best = np.maximum.reduceat(np.where(which, matched, 0), self.starts, axis=1)
        return np.asarray(best, np.float32)


def build_index(
    counts: Any,
    words_end: int,
    is_word: npt.NDArray[np.bool_],
    vectors: Floats | None,
    articles: npt.NDArray[np.int64],
    is_asked: npt.NDArray[np.bool_],
) -> Index:
    """Return the index of units.

    Args:
        counts: The units' features, [units x features].
        words_end: Where the columns of words end.
        is_word: Which columns are single words.
        vectors: What the sentence model makes of the units; None without one.
        articles: The place of each unit's article, ascending.
        is_asked: Which units are questions or titles.
    """
    total = counts.shape[0]
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
        vectors=vectors,
        starts=starts,
        is_asked=is_asked,
    )
