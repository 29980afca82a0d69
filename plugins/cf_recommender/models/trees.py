"""Boosted trees as plain arrays, evaluated for many rows at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from .history import Floats

MOST_LEAVES = 8
"""So that one byte says which leaves a row can still reach."""

_ROWS_AT_ONCE = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trees:
    """A sum of regression trees with at most 8 leaves each.

    A row goes through every split at once instead of down each tree: a split that sends it to the
    right takes the leaves of its left side away, and the leftmost leaf that stays is hers
    (QuickScorer: Lucchese et al., SIGIR 2015).

    Attributes:
        features: Which feature each split looks at, [trees x 7], int16; -1 where none is.
        cuts: A row goes to the left up to this value, [trees x 7], float64.
        masks: The leaves of the left side as bits, the first leaf lowest, [trees x 7], uint8.
        values: What each leaf is worth, [trees x 8], float32.
    """

    features: npt.NDArray[np.int16]
    cuts: npt.NDArray[np.float64]
    masks: npt.NDArray[np.uint8]
    values: Floats

    def evaluate(self, columns: npt.NDArray[np.floating[Any]]) -> Floats:
        """Return the sum over all trees for each row.

        Args:
            columns: [features x rows], without what is no number.
        """
        size = columns.shape[1]
        total = np.zeros(size, np.float32)
        edges = [np.unique(self.cuts[self.features == one]) for one in range(len(columns))]
        worth = self._value_each_mask()
        steps = self._place_cuts(edges)
        for start in range(0, size, _ROWS_AT_ONCE):
            part = slice(start, min(start + _ROWS_AT_ONCE, size))
            places = {
                feature: np.searchsorted(edges[feature], columns[feature, part]).astype(np.uint8)
                for feature in range(len(columns))
                if len(edges[feature])
            }
            self._add(total[part], places, steps, worth)
        return total

    def _add(
        self,
        total: Floats,
        places: dict[int, npt.NDArray[np.uint8]],
        steps: npt.NDArray[np.uint8],
        worth: Floats,
    ) -> None:
        gone, left = np.empty(len(total), np.uint8), np.empty(len(total), np.uint8)
        goes_right = np.empty(len(total), np.bool_)
        for tree, features in enumerate(self.features):
            gone[:] = 0
            for split in np.flatnonzero(features >= 0):
                np.greater(places[features[split]], steps[tree, split], out=goes_right)
                np.multiply(goes_right.view(np.uint8), self.masks[tree, split], out=left)
                np.bitwise_or(gone, left, out=gone)
            total += worth[tree].take(gone)

    def _place_cuts(self, edges: list[npt.NDArray[np.float64]]) -> npt.NDArray[np.uint8]:
        """Return which edge of its feature each cut is: a row is right of it from the next on."""
        steps = np.zeros(self.cuts.shape, np.uint8)
        for feature, edge in enumerate(edges):
            mine = self.features == feature
            steps[mine] = np.searchsorted(edge, self.cuts[mine])
        return steps

    def _value_each_mask(self) -> Floats:
        """Return what a row is worth by the leaves that are gone, [trees x 256]."""
        gone = np.arange(256)
        first = np.array([next((b for b in range(8) if not m >> b & 1), 7) for m in gone])
        return self.values[:, first]

    def to_arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return what is to be kept, by name."""
        return {
            "tree_features": self.features,
            "tree_cuts": self.cuts,
            "tree_masks": self.masks,
            "tree_values": self.values,
        }

    @classmethod
    def from_arrays(cls, arrays: dict[str, npt.NDArray[Any]]) -> Trees:
        """Return what `to_arrays` kept."""
        return cls(
            features=arrays["tree_features"],
            cuts=arrays["tree_cuts"],
            masks=arrays["tree_masks"],
            values=arrays["tree_values"],
        )


def grow_trees(
    columns: Floats,
    is_hit: npt.NDArray[np.bool_],
    *,
    seed: int,
    trees: int = 100,
    learning_rate: float = 0.1,
    least_rows: int = 50,
    shrinkage: float = 5.0,
) -> Trees:
    """Return trees that tell hits from the rest, by gradient boosting on the logistic loss.

    Args:
        columns: [features x rows].
        is_hit: Which rows are hits.
        seed: Of the sample that places the cuts.
        trees: How many.
        learning_rate: How much each tree counts.
        least_rows: Of a leaf.
        shrinkage: How strongly leaves are drawn to zero.
    """
    from sklearn.ensemble import HistGradientBoostingClassifier
    from threadpoolctl import threadpool_limits

    classifier = HistGradientBoostingClassifier(
        max_iter=trees,
        learning_rate=learning_rate,
        max_leaf_nodes=MOST_LEAVES,
        min_samples_leaf=least_rows,
        l2_regularization=shrinkage,
        early_stopping=False,
        random_state=seed,
    )
    with threadpool_limits(1, "openmp"):  # beside other work its threads wait for each other
        grown = classifier.fit(columns.T, is_hit)
    return read_trees([one[0].nodes for one in grown._predictors])


def read_trees(grown: list[npt.NDArray[Any]]) -> Trees:
    """Return trees from scikit-learn's tables of nodes, one for each tree."""
    size = len(grown)
    features = np.full((size, MOST_LEAVES - 1), -1, np.int16)
    cuts = np.zeros((size, MOST_LEAVES - 1))
    masks = np.zeros((size, MOST_LEAVES - 1), np.uint8)
    values = np.zeros((size, MOST_LEAVES), np.float32)
    for tree, nodes in enumerate(grown):
        leaves, splits = 0, 0
        stack: list[tuple[int, int | None]] = [(0, None)]
        opened: dict[int, int] = {}
        while stack:
            place, closes = stack.pop()
            if closes is not None:  # the left side of this split is behind us
                split = opened[closes]
                masks[tree, split] = (1 << leaves) - masks[tree, split]
                continue
            node = nodes[place]
            if node["is_leaf"]:
                values[tree, leaves] = node["value"]
                leaves += 1
                continue
            features[tree, splits] = node["feature_idx"]
            cuts[tree, splits] = node["num_threshold"]
            masks[tree, splits] = 1 << leaves
            opened[place] = splits
            splits += 1
            stack += [(int(node["right"]), None), (place, place), (int(node["left"]), None)]
    return Trees(features=features, cuts=cuts, masks=masks, values=values)
