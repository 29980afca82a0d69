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

    def score(
        self, profiles: sparse.csr_array, customer_ids: npt.NDArray[np.int64] | None = None
    ) -> Floats:
        """Return scores [rows x products] for profiles [rows x products] of these customers."""
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
            They may be mapped from a file.
    """

    weights: Floats

    def score(
        self, profiles: sparse.csr_array, customer_ids: npt.NDArray[np.int64] | None = None
    ) -> Floats:
        """Return scores [rows x products] for profiles [rows x products]."""
        return np.asarray(profiles.astype(np.float32) @ self.weights)

    def contribute(self, product: int, owned: npt.NDArray[np.int32]) -> Floats:
        """Return how strongly each owned product speaks for a product, per unit of profile."""
        return np.asarray(self.weights[owned, product])

    def to_arrays(self) -> Arrays:
        """Return what is to be kept, by name."""
        return {"weights": self.weights}

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> ItemWeights:
        """Return what `to_arrays` kept."""
        return cls(weights=arrays["weights"])


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SparseItemWeights:
    """The same where each product has a few neighbours only.

    Attributes:
        weights: [products x products].
    """

    weights: sparse.csr_array

    def score(
        self, profiles: sparse.csr_array, customer_ids: npt.NDArray[np.int64] | None = None
    ) -> Floats:
        """Return scores [rows x products] for profiles [rows x products]."""
        return np.asarray((profiles.astype(np.float32) @ self.weights).toarray())

    def contribute(self, product: int, owned: npt.NDArray[np.int32]) -> Floats:
        """Return how strongly each owned product speaks for a product, per unit of profile."""
        return np.asarray(self.weights[owned, :][:, [product]].toarray()[:, 0])

    def to_arrays(self) -> Arrays:
        """Return what is to be kept, by name."""
        return {
            "weights_data": self.weights.data,
            "weights_indices": self.weights.indices,
            "weights_indptr": self.weights.indptr,
        }

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> SparseItemWeights:
        """Return what `to_arrays` kept."""
        size = len(arrays["weights_indptr"]) - 1
        parts = (arrays["weights_data"], arrays["weights_indices"], arrays["weights_indptr"])
        return cls(weights=sparse.csr_array(parts, shape=(size, size)))
