"""Turns texts into rows of numbers: the words and parts of words in them, rare ones more."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from .concepts import SIZE, list_concepts
from .words import Cutter, fold, list_part_features, list_word_features, split_words

FILE = "features.json"
WORDS, PARTS = "words", "parts"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Counted:
    """What stands in texts.

    Attributes:
        rows: How often each feature stands in each text, a sparse matrix [texts x features].
        sizes: How many different features each text has, unknown ones included.
        words: How many of them are single words.
        parts: How many of them are parts of words.
        concepts: 1 where a text speaks of a concept, [texts x concepts].
    """

    rows: Any
    sizes: npt.NDArray[np.int64]
    words: npt.NDArray[np.int64]
    parts: npt.NDArray[np.int64]
    concepts: npt.NDArray[np.float32]


class Features:
    """The features that texts had when it was made: words and pairs of words, parts of words.

    `words_end` is where the columns of parts begin; `is_single` tells which are single words.

    Args:
        words: Words and pairs of words, in the order of the columns.
        parts: Parts of words, the same.
        cutter: What found the words of Chinese.
    """

    def __init__(self, words: Sequence[str], parts: Sequence[str], cutter: Cutter) -> None:
        self.cutter = cutter
        self.words_end = len(words)
        self._words = {one: at for at, one in enumerate(words)}
        self._parts = {one: at for at, one in enumerate(parts, start=len(words))}
        self.is_single = np.array([" " not in one for one in words] + [False] * len(parts), bool)

    @classmethod
    def fit(cls, texts: Iterable[str], cutter: Cutter) -> Features:
        """Return the features of texts."""
        words: dict[str, None] = {}
        parts: dict[str, None] = {}
        for text in texts:
            folded = fold(text)
            words.update(dict.fromkeys(list_word_features(split_words(folded, cutter))))
            parts.update(dict.fromkeys(list_part_features(folded)))
        return cls(list(words), list(parts), cutter)

    def __len__(self) -> int:
        """Return how many columns there are."""
        return self.words_end + len(self._parts)

    def count(self, texts: Sequence[str]) -> Counted:
        """Return how often each feature stands in each text."""
        from scipy import sparse

        columns: list[int] = []
        values: list[int] = []
        ends, sizes, words, parts = [0], [], [], []
        concepts: list[set[int]] = []
        for text in texts:
            folded = fold(text)
            split = split_words(folded, self.cutter)
            in_words = Counter(list_word_features(split))
            in_parts = Counter(list_part_features(folded))
            for counted, known in ((in_words, self._words), (in_parts, self._parts)):
                for name, times in counted.items():
                    place = known.get(name)
                    if place is not None:
                        columns.append(place)
                        values.append(times)
            ends.append(len(columns))
            sizes.append(len(in_words) + len(in_parts))
            words.append(len(set(split)))
            parts.append(len(in_parts))
            concepts.append(list_concepts(split))
        rows = sparse.csr_matrix(
            (np.array(values, np.float32), np.array(columns, np.int32), np.array(ends, np.int64)),
            shape=(len(texts), len(self)),
        )
        return Counted(
            rows=rows,
            sizes=np.array(sizes, np.int64),
            words=np.array(words, np.int64),
            parts=np.array(parts, np.int64),
            concepts=_mark(concepts),
        )

    def save(self, folder: Path) -> None:
        """Write them into a folder."""
        kept = {WORDS: list(self._words), PARTS: list(self._parts), "cutter": self.cutter}
        (folder / FILE).write_text(json.dumps(kept), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Features:
        """Read what `save` wrote."""
        kept = json.loads((folder / FILE).read_text(encoding="utf-8"))
        return cls(kept[WORDS], kept[PARTS], kept["cutter"])


def weigh_rarity(seen: npt.NDArray[Any], total: int) -> npt.NDArray[np.float32]:
    """Return the inverse document frequency, smooth, of features that so many texts had."""
    return (np.log((1 + total) / (1 + seen)) + 1).astype(np.float32)


def weigh(counts: Any, weights: npt.NDArray[np.float32], words_end: int) -> Any:
    """Return rows of TF-IDF (sublinear) from counts.

    Words and pairs come first, parts of words after; each of the two has the length one, or is
    empty. Features of weight 0 are left out.
    """
    from scipy import sparse

    rows = counts.tocsr()
    data = (1 + np.log(rows.data)) * weights[rows.indices]
    owners = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    places = owners * 2 + (rows.indices >= words_end)
    lengths = np.sqrt(np.bincount(places, data.astype(np.float64) ** 2, rows.shape[0] * 2))
    data = (data / np.maximum(lengths, 1e-12)[places]).astype(np.float32)
    weighed = sparse.csr_matrix((data, rows.indices, rows.indptr), shape=rows.shape, copy=True)
    weighed.eliminate_zeros()
    return weighed


def _mark(concepts: Sequence[set[int]]) -> npt.NDArray[np.float32]:
    marked = np.zeros((len(concepts), SIZE), np.float32)
    for row, numbers in enumerate(concepts):
        marked[row, list(numbers)] = 1
    return marked
