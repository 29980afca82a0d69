"""Scores of the customers who were there at training, for algorithms that know no others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from .history import Floats
from .item_weights import Arrays


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class KnownScores:
    """A table of scores; who is not in it gets their mean.

    Attributes:
        customer_ids: Of the rows, ascending.
        table: [customers x products].
        mean: [products].
    """

    customer_ids: npt.NDArray[np.int64]
    table: Floats
    mean: Floats

    def score(
        self, profiles: sparse.csr_array, customer_ids: npt.NDArray[np.int64] | None = None
    ) -> Floats:
        """Return scores [rows x products] of these customers, whatever they did since."""
        scores = np.tile(self.mean, (profiles.shape[0], 1))
        if customer_ids is None or not len(self.customer_ids):
            return scores
        place = np.minimum(
            np.searchsorted(self.customer_ids, customer_ids), len(self.customer_ids) - 1
        )
        is_known = self.customer_ids[place] == customer_ids
        scores[is_known] = self.table[place[is_known]]
        return scores

    def contribute(self, product: int, owned: npt.NDArray[np.int32]) -> Floats:
        """Return zeros: such an algorithm does not say what speaks for a product."""
        return np.zeros(len(owned), np.float32)

    def to_arrays(self) -> Arrays:
        """Return what is to be kept, by name."""
        return {
            "known_customers": self.customer_ids,
            "known_scores": self.table,
            "known_mean": self.mean,
        }

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> KnownScores:
        """Return what `to_arrays` kept."""
        return cls(
            customer_ids=arrays["known_customers"],
            table=arrays["known_scores"],
            mean=arrays["known_mean"],
        )
