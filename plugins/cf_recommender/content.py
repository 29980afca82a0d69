"""What products are about: vectors made of their words, which are near for products alike."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from ballyhoo import Product

Vectors = npt.NDArray[np.float32]

Places = npt.NDArray[np.integer[Any]]

DIMENSIONS = 200
NEIGHBOURS = 10
SHARPNESS = 4
"""The power of likeness: high, so that near ones count far more than many that are a bit alike."""

_BLOCK = 500
_WORD = re.compile(r"[^\W_]+")
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7af]+")


def describe_product(product: Product) -> str:
    """Return what a language model reads about a product: all that the shop says, as sentences."""
    parts = [*product.titles.values(), " / ".join(product.category), product.brand or ""]
    parts += [*product.tags, *product.descriptions.values()]
    return ". ".join(part for part in parts if part)


def list_words(product: Product) -> list[str]:
    """Return the words of a product in all its languages, those of the title twice.

    Of scripts without spaces it is the signs and their pairs. Categories, brand and tags are words
    of their own, apart from the same ones in text.
    """
    words = [f"category:{name.casefold()}" for name in product.category]
    words += [f"tag:{tag.casefold()}" for tag in product.tags]
    if product.brand:
        words.append(f"brand:{product.brand.casefold()}")
    for text in product.titles.values():
        words += 2 * [*_split(text)]
    for text in product.descriptions.values():
        words += _split(text)
    return words


def _split(text: str) -> Iterator[str]:
    for found in _WORD.finditer(text.casefold()):
        word = found[0]
        if not _UNSPACED.search(word):
            yield word
            continue
        yield from word
        yield from (word[at : at + 2] for at in range(len(word) - 1))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Content:
    """What is known of products by their texts; rows are of length one, or zeros.

    Attributes:
        words: Their words, weighed by TF-IDF: [products x words].
        embedded: What a language model made of them, [products x dimensions], or None.
    """

    words: sparse.csr_array
    embedded: Vectors | None

    def compare(self, rows: Places, columns: Places) -> Vectors:
        """Return how alike products are, -1 to 1: [rows x columns].

        Of words and language model it is the mean.
        """
        alike = np.asarray((self.words[rows] @ self.words[columns].T).toarray(), np.float32)
        if self.embedded is None:
            return alike
        return np.asarray((alike + self.embedded[rows] @ self.embedded[columns].T) / 2, np.float32)

    def reduce(self, seed: int) -> Vectors:
        """Return few dimensions that keep most of it, by latent semantic analysis.

        Args:
            seed: Of the randomised decomposition.
        """
        if min(self.words.shape) <= DIMENSIONS:
            vectors = normalise(self.words.toarray())
        else:
            from sklearn.decomposition import TruncatedSVD

            reduced = TruncatedSVD(DIMENSIONS, random_state=seed % 2**32)
            vectors = normalise(reduced.fit_transform(self.words))
        if self.embedded is None:
            return vectors
        return normalise(np.hstack([vectors, self.embedded]))


def read_content(products: Sequence[Product], embedded: Vectors | None = None) -> Content:
    """Return what products are about.

    Args:
        products: In any order; the rows are aligned.
        embedded: [products x dimensions] of a language model, or None.
    """
    if embedded is not None and len(embedded):
        # Embeddings share a direction, which would make everything alike.
        embedded = normalise(embedded - embedded.mean(axis=0))
    return Content(
        words=_weigh_words([list_words(product) for product in products]), embedded=embedded
    )


def normalise(vectors: npt.NDArray[np.floating[Any]]) -> Vectors:
    """Return rows of length one; those without length stay zeros."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.where(lengths > 1e-9, lengths, 1), np.float32)


def _weigh_words(texts: Sequence[Sequence[str]]) -> sparse.csr_array:
    from sklearn.feature_extraction.text import TfidfVectorizer

    # A word that one product alone has tells nothing about others; in a small shop all are few.
    rarest = 2 if len(texts) > 100 else 1
    vectorizer = TfidfVectorizer(analyzer=list, sublinear_tf=True, min_df=rarest, dtype=np.float32)
    try:
        return sparse.csr_array(vectorizer.fit_transform(texts))
    except ValueError:  # there is no word, or none occurs twice
        return sparse.csr_array((len(texts), 1), dtype=np.float32)


def find_neighbours(
    content: Content, cold: Places, warm: Places, *, most: int = NEIGHBOURS
) -> tuple[npt.NDArray[np.int32], Vectors]:
    """Return for products that nobody cared for yet some that are like them.

    Args:
        content: Of all products.
        cold: Which products are looked at.
        warm: Which may be their neighbours.
        most: How many neighbours of each.

    Returns:
        Indices into `warm`, nearest first, and how much each counts: their sum is 1, or 0 for a
        product that is like nothing; both [cold x neighbours].
    """
    count = min(most, len(warm))
    indices = np.zeros((len(cold), count), np.int32)
    nearness = np.zeros((len(cold), count), np.float32)
    for start in range(0, len(cold) if count else 0, _BLOCK):
        part = slice(start, start + _BLOCK)
        alike = content.compare(cold[part], warm)
        # Ties by the product, not by what the machine happens to do.
        chosen = np.argsort(-alike, axis=1, kind="stable")[:, :count]
        counted = np.maximum(np.take_along_axis(alike, chosen, axis=1), 0) ** SHARPNESS
        total = counted.sum(axis=1, keepdims=True)
        indices[part] = chosen
        nearness[part] = counted / np.where(total > 0, total, 1)
    return indices, nearness
