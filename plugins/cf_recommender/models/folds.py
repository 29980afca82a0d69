"""Folds of columns for Surprise's cross_validate."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from .trainset import ColumnTrainset

Test = list[tuple[Any, Any, float]]


class ColumnFolds:
    """What `cross_validate` takes as `cv`, with a `ColumnTrainset` in the place of the data.

    Args:
        n_splits: How many folds.
        random_state: By what rows are shuffled.
    """

    def __init__(self, n_splits: int = 5, random_state: int = 0) -> None:
        self.n_splits, self.random_state = n_splits, random_state

    def get_n_folds(self) -> int:
        """Return how many folds there are."""
        return self.n_splits

    def split(self, data: ColumnTrainset) -> Iterator[tuple[ColumnTrainset, Test]]:
        """Give what each fold is trained on, and what it is tested with."""
        order = np.random.default_rng(self.random_state).permutation(data.n_ratings)
        for tested in np.array_split(order, self.n_splits):
            is_tested = np.zeros(data.n_ratings, np.bool_)
            is_tested[tested] = True
            yield data.take(~is_tested), data.take(is_tested).build_testset()
