"""A fitted model: scores of products for customers as they are now."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy import sparse

from .blending import blend, put_own_first
from .history import Floats, History
from .item_weights import Weights
from .own_pairs import gather_pairs
from .profiles import make_profiles
from .ranker import Ranker

TASKS = ("discover", "replenish")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Model:
    """What was learned, and of when it is.

    Attributes:
        algorithm: Which algorithm was fitted.
        notes: What a person should know of how it was made, one sentence each.
        fitted_at: Of when its data is, UTC milliseconds.
        half_life_days: After how long an event counts half; None: never.
        product_ids: Our ids of its products, ascending; all indices of products point here.
        popularity: Per product, how many customers bought it lately.
        popularity_weight: How much that counts beside the weights where there is no ranker.
        weights: What was learned of the products.
        ranker: What was learned from the shop's own past; None where there was too little.
    """

    algorithm: str
    notes: tuple[str, ...]
    fitted_at: int
    half_life_days: float | None
    product_ids: npt.NDArray[np.int64]
    popularity: Floats
    popularity_weight: float
    weights: Weights
    ranker: Ranker | None = None

    def score(self, task: str, rows: History, now: int) -> Floats:
        """Return scores [customers of the rows x products], all finite.

        Args:
            task: `discover` or `replenish`.
            rows: What the customers did, with their newest events, over this model's products.
            now: UTC milliseconds.
        """
        if task not in TASKS:
            raise ValueError(f"there is no task {task!r}; there are {', '.join(TASKS)}")
        before = rows.until(now)
        if not before.shape[1]:
            return np.zeros(before.shape, np.float32)
        profiles = make_profiles(before, now, self.half_life_days)
        scores = self.weights.score(profiles, before.customer_ids)
        blended = blend(scores, self.popularity, self.popularity_weight)
        pairs = gather_pairs(before, now)
        if self.ranker is not None and task in self.ranker.tasks:
            return self.ranker.rank(before, pairs, scores, blended, now)
        return put_own_first(pairs, blended, self.popularity) if task == "replenish" else blended

    def explain(self, rows: History, customer: int, product: int) -> tuple[int, float] | None:
        """Return which of her products speaks most for a product, and its share in 0 to 1.

        Args:
            rows: What the customers did, over this model's products.
            customer: An index of `rows.customer_ids`.
            product: An index of `product_ids`.

        Returns:
            None when nothing of hers speaks for it.
        """
        hers = rows.take(np.flatnonzero(rows.customers == customer))
        if not len(hers):
            return None
        profile = make_profiles(hers, int(hers.at[-1]), self.half_life_days)[[customer]]
        kept = profile.indices != product
        owned, worth = profile.indices[kept], profile.data[kept]
        given = np.maximum(self.weights.contribute(product, owned) * worth, 0)
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
