"""A fitted model: scores of products for customers as they are now."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt
from scipy import sparse

from .history import Floats, History
from .profiles import make_profiles

TASKS = ("discover", "replenish")


class Weights(Protocol):
    """What an algorithm has learned about products."""

    def score(self, profiles: sparse.csr_array) -> Floats:
        """Return scores [rows x products] for profiles [rows x products]."""
        ...

    def contribute(self, product: int, owned: npt.NDArray[np.int32]) -> Floats:
        """Return how strongly each owned product speaks for a product, per unit of profile."""
        ...

    def to_arrays(self) -> dict[str, npt.NDArray[np.generic]]:
        """Return what is to be kept, by name."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Model:
    """What was learned, and of when it is.

    Attributes:
        algorithm: Which algorithm was fitted.
        notes: What a person should know of how it was made, one sentence each.
        fitted_at: Of when its data is, UTC milliseconds.
        half_life_days: After how long an event counts half; None: never.
        product_ids: Our ids of its products, ascending; all indices of products point here.
        popularity: Per product, how many customers bought it in the 30 days before.
        weights: What was learned of the products.
    """

    algorithm: str
    notes: tuple[str, ...]
    fitted_at: int
    half_life_days: float | None
    product_ids: npt.NDArray[np.int64]
    popularity: Floats
    weights: Weights

    def score(self, task: str, rows: History, now: int) -> Floats:
        """Return scores [customers of the rows x products], all finite.

        Args:
            task: `discover` or `replenish`.
            rows: What the customers did, with their newest events, over this model's products.
            now: UTC milliseconds.
        """
        profiles = make_profiles(rows, now, self.half_life_days)
        if task == "replenish":
            return np.asarray(profiles.toarray(), np.float32)
        scores = self.weights.score(profiles)
        return _standardise(scores) + 0.5 * _standardise(self.popularity[None, :])

    def explain(self, rows: History, customer: int, product: int) -> tuple[int, float] | None:
        """Return which of her products speaks most for a product, and its share in 0 to 1.

        Args:
            rows: What the customers did, over this model's products.
            customer: An index of `rows.customer_ids`.
            product: An index of `product_ids`.

        Returns:
            None when nothing of hers speaks for it.
        """
        owned = np.unique(rows.products[(rows.customers == customer) & (rows.weights > 0)])
        owned = owned[owned != product]
        given = np.maximum(self.weights.contribute(product, owned), 0)
        if not len(owned) or given.max() <= 0:
            return None
        best = int(np.argmax(given))
        return int(owned[best]), float(given[best] / given.sum())

    def similar(self, products: npt.NDArray[np.int32]) -> Floats:
        """Return how near all products are to each of some: [products x products of the model]."""
        size = len(self.product_ids)
        ones = np.ones(len(products), np.float32)
        starts = np.arange(len(products) + 1)
        return self.weights.score(
            sparse.csr_array((ones, products, starts), shape=(len(products), size))
        )

    def together(self, products: npt.NDArray[np.int32]) -> Floats:
        """Return how much a cart of these products speaks for each product: [products]."""
        return np.asarray(self.similar(products).sum(axis=0), np.float32)

    def save(self, folder: Path) -> None:
        """Write it into a folder, as arrays and one JSON."""
        from .saving import save_model

        save_model(self, folder)


def _standardise(scores: Floats) -> Floats:
    spread = scores.std(axis=1, keepdims=True)
    return (scores - scores.mean(axis=1, keepdims=True)) / np.where(spread > 0, spread, 1)
