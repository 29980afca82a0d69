"""Weights between products: what one that she has says of another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from scipy import sparse

from .history import Floats

Arrays = dict[str, npt.NDArray[Any]]


class Weights(Protocol):
    """What an algorithm has learned about products."""

    def score(self, profiles: sparse.csr_array) -> Floats:
        """Return scores [rows x products] for profiles [rows x products]."""
        ...

    def contribute(self, product: int, owned: npt.NDArray[np.int32]) -> Floats:
        """Return how strongly each owned product speaks for a product, per unit of profile."""
        ...

    def to_arrays(self) -> Arrays:
        """Return what is to be kept, by name."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ItemWeights:
    """Linear scores: profile times weights.

    Attributes:
        weights: [products x products]; the row is what she has, the column what it speaks for.
            Dense float32 (it may be mapped from a file) or sparse.
    """

    weights: Floats | sparse.csr_array

    def score(self, profiles: sparse.csr_array) -> Floats:
        """Return scores [rows x products] for profiles [rows x products]."""
        scored = profiles.astype(np.float32) @ self.weights
        return scored.toarray() if sparse.issparse(scored) else np.asarray(scored)

    def contribute(self, product: int, owned: npt.NDArray[np.int32]) -> Floats:
        """Return how strongly each owned product speaks for a product, per unit of profile."""
        if sparse.issparse(self.weights):
            given: Floats = self.weights[owned, :][:, [product]].toarray()[:, 0]
            return given
        return np.asarray(self.weights[owned, product])

    def to_arrays(self) -> Arrays:
        """Return what is to be kept, by name."""
        if sparse.issparse(self.weights):
            return {
                "weights_data": self.weights.data,
                "weights_indices": self.weights.indices,
                "weights_indptr": self.weights.indptr,
            }
        return {"weights": self.weights}

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> ItemWeights:
        """Return what `to_arrays` kept."""
        if "weights" in arrays:
            return cls(weights=arrays["weights"])
        size = len(arrays["weights_indptr"]) - 1
        parts = (arrays["weights_data"], arrays["weights_indices"], arrays["weights_indptr"])
        return cls(weights=sparse.csr_array(parts, shape=(size, size)))
