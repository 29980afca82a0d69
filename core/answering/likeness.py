"""Tells how alike short texts are, and puts those together that ask for the same."""

from __future__ import annotations

import itertools
import re
import unicodedata
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
from scipy import sparse

SIZE = 1 << 18
"""Features are numbered by a hash; so many numbers let few of them meet."""
ALIKE = 0.35
"""From this cosine on two questions ask for the same."""

_WORD = re.compile(r"\w+")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")


def vectorise(texts: Sequence[str]) -> sparse.csr_array:
    """Return a row of unit length for each text, weighed by TF-IDF (sublinear, smooth).

    Words, and 3 to 5 letters within them; of scripts without spaces each sign and each pair.
    """
    rows: list[int] = []
    columns: list[int] = []
    values: list[float] = []
    for row, text in enumerate(texts):
        for feature, count in Counter(_list_features(text)).items():
            rows.append(row)
            columns.append(zlib.crc32(feature.encode("utf-8", "surrogatepass")) % SIZE)
            values.append(1 + np.log(count))
    counted = sparse.csr_array((values, (rows, columns)), shape=(len(texts), SIZE))
    counted.sum_duplicates()
    seen = np.bincount(counted.indices, minlength=SIZE)
    weights = np.log((1 + len(texts)) / (1 + seen)) + 1
    counted.data *= weights[counted.indices]
    length = np.sqrt(np.asarray(counted.multiply(counted).sum(axis=1))).ravel()
    counted.data /= np.repeat(np.where(length > 0, length, 1), np.diff(counted.indptr))
    return counted


def find_groups(texts: Sequence[str], alike: float = ALIKE) -> list[list[int]]:
    """Return which texts ask for the same: groups of their places, the largest first.

    The text with the most that are like it leads a group and takes those; then the next.

    Args:
        texts: At most some thousands: each is compared with each.
        alike: The least cosine with the one that leads.
    """
    if not texts:
        return []
    vectors = vectorise(texts)
    near = (vectors @ vectors.T).toarray() >= alike
    np.fill_diagonal(near, val=True)
    is_free = np.ones(len(texts), bool)
    groups: list[list[int]] = []
    while is_free.any():
        counts = (near & is_free).sum(axis=1) * is_free
        leader = int(counts.argmax())
        if counts[leader] == 1:
            groups += [[int(one)] for one in np.flatnonzero(is_free)]
            break
        members = np.flatnonzero(near[leader] & is_free)
        groups.append([leader, *(int(one) for one in members if one != leader)])
        is_free[members] = False
    return groups


def _list_features(text: str) -> Iterator[str]:
    folded = unicodedata.normalize("NFKC", text[:2000]).casefold()
    for word in _WORD.findall(folded):
        signs = _UNSPACED.findall(word)
        if signs:
            yield from signs
            yield from ("".join(pair) for pair in itertools.pairwise(signs))
            continue
        yield f"={word}"
        padded = f" {word} "
        for length in (3, 4, 5):
            for at in range(len(padded) - length + 1):
                yield padded[at : at + length]
