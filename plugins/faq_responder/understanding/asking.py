"""Turns questions into numbers: their features, and what a sentence model makes of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .features import Counted, Features


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Asked:
    """Questions as numbers.

    Attributes:
        counted: Their features.
        vectors: What the sentence model makes of them, [questions x dimensions]; None without one.
    """

    counted: Counted
    vectors: npt.NDArray[np.float32] | None

    def __len__(self) -> int:
        """Return how many questions there are."""
        return len(self.counted.sizes)

    def pick(self, places: npt.NDArray[Any]) -> Asked:
        """Return some of the questions."""
        return Asked(
            counted=Counted(
                rows=self.counted.rows[places],
                sizes=self.counted.sizes[places],
                words=self.counted.words[places],
                parts=self.counted.parts[places],
                concepts=self.counted.concepts[places],
            ),
            vectors=None if self.vectors is None else self.vectors[places],
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Asking:
    """What turns texts into numbers.

    Attributes:
        features: The features that are known.
        embeddings: The sentence model, or None.
    """

    features: Features
    embeddings: str | None

    def ask(self, texts: Sequence[str]) -> Asked:
        """Return texts as numbers.

        Raises:
            EnvironmentMissing: The sentence model is not there.
        """
        vectors = None
        if self.embeddings is not None:
            from .sentences import embed

            vectors = embed(texts, self.embeddings)
        return Asked(counted=self.features.count(texts), vectors=vectors)
