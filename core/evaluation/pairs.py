"""Pairs of rows and products that can be asked whether they hold many others at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

NOTHING = -1
"""Stands in a ranking where there is no product."""


class Pairs:
    """Each pair of a row and a product once, in order.

    Args:
        rows: Numbers of rows, from 0.
        products: Aligned: ids of products. Pairs may come more than once.

    Raises:
        ValueError: They are not aligned.

    Attributes:
        rows: The row of each pair, ascending.
        products: The product of each, ascending within a row.
    """

    def __init__(self, rows: ArrayLike, products: ArrayLike) -> None:
        import numpy as np

        first, second = np.asarray(rows, dtype=np.int64), np.asarray(products, dtype=np.int64)
        if first.shape != second.shape:
            raise ValueError(f"{len(first)} rows and {len(second)} products are not aligned")
        order = np.lexsort((second, first))
        first, second = first[order], second[order]
        is_new = np.ones(len(first), dtype=bool)
        is_new[1:] = (first[1:] != first[:-1]) | (second[1:] != second[:-1])
        self.rows: NDArray[np.int64] = first[is_new]
        self.products: NDArray[np.int64] = second[is_new]
        self._known, numbers = np.unique(self.products, return_inverse=True)
        self._keys: NDArray[np.int64] = self.rows * len(self._known) + numbers

    def __len__(self) -> int:
        return len(self.rows)

    def count(self, rows: int) -> NDArray[Any]:
        """Return how many pairs each of so many rows has."""
        import numpy as np

        return np.bincount(self.rows, minlength=rows)

    def hold(self, shown: ArrayLike, first_row: int = 0) -> NDArray[np.bool_]:
        """Return whether a pair is there, for each product of many rows.

        Args:
            shown: Ids of products, [rows x any]; -1 is held by nobody.
            first_row: The number of the first of these rows.
        """
        import numpy as np

        asked = np.asarray(shown, dtype=np.int64)
        if not len(self):
            return np.zeros(asked.shape, dtype=bool)
        place = np.minimum(np.searchsorted(self._known, asked), len(self._known) - 1)
        rows = np.arange(first_row, first_row + len(asked))[:, None]
        keys = rows * len(self._known) + place
        there = np.minimum(np.searchsorted(self._keys, keys), len(self._keys) - 1)
        held: NDArray[np.bool_] = (
            (self._known[place] == asked) & (self._keys[there] == keys) & (asked != NOTHING)
        )
        return held


def take_first(shown: ArrayLike, is_kept: ArrayLike, n: int) -> NDArray[np.int64]:
    """Return the first products of each row that are kept, in order; -1 where there are fewer.

    Args:
        shown: Ids of products, [rows x any]; -1 is never kept.
        is_kept: Aligned: which of them are.
        n: How many of each row.
    """
    import numpy as np

    asked = np.asarray(shown, dtype=np.int64)
    kept = np.asarray(is_kept, dtype=bool) & (asked != NOTHING)
    order = np.argsort(~kept, axis=1, kind="stable")[:, :n]
    first = np.where(
        np.take_along_axis(kept, order, axis=1), np.take_along_axis(asked, order, axis=1), NOTHING
    )
    missing = n - first.shape[1]
    return np.pad(first, ((0, 0), (0, max(0, missing))), constant_values=NOTHING)
