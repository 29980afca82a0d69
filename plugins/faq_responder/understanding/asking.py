"""Turns questions into numbers: their features, and what a sentence model makes of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
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


class Asking:
    """What turns texts into numbers; those asked for last are kept, as searching follows at once.

    Args:
        features: The features that are known.
        embeddings: The sentence model, or None.
        folder: The workspace, from which a folder with a model is seen.
    """

    def __init__(self, features: Features, embeddings: str | None, folder: Path) -> None:
        self.features = features
        self.embeddings = embeddings
        self._folder = folder
        self._last: tuple[list[str], Asked] | None = None

    def ask(self, texts: Sequence[str]) -> Asked:
        """Return texts as numbers.

        Raises:
            EnvironmentMissing: The sentence model is not there.
        """
        last = self._last  # another thread may ask meanwhile
        if last is not None and last[0] == list(texts):
            return last[1]
        vectors = None
        if self.embeddings is not None:
            from .sentences import embed

            vectors = embed(texts, self.embeddings, self._folder)
        asked = Asked(counted=self.features.count(texts), vectors=vectors)
        self._last = (list(texts), asked)
        return asked
