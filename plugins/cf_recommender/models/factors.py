"""Factors of products: customers are folded in from what they have now."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from .history import Floats
from .item_weights import Arrays
from .least_squares import solve_factors


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class FactorWeights:
    """Scores by factors; a customer's are solved from her profile when she is scored.

    Attributes:
        factors: Of the products, [products x factors].
        unobserved: How much counts what she does not have.
        reg: How strongly her factors are drawn to zero.
    """

    factors: Floats
    unobserved: float
    reg: float

    def score(
        self, profiles: sparse.csr_array, customer_ids: npt.NDArray[np.int64] | None = None
    ) -> Floats:
        """Return scores [rows x products] for profiles [rows x products]."""
        products = np.asarray(self.factors, np.float64)
        mine = solve_factors(profiles, products, unobserved=self.unobserved, reg=self.reg)
        return np.asarray(mine.astype(np.float32) @ self.factors.T, np.float32)

    def contribute(self, product: int, owned: npt.NDArray[np.int32]) -> Floats:
        """Return how strongly each owned product speaks for a product.

        Her factors are a sum over what she has, so each of it has its share of the score (Hu,
        Koren and Volinsky, ICDM 2008, section 5).
        """
        products = np.asarray(self.factors, np.float64)
        hers = products[owned]
        left = self.unobserved * products.T @ products + hers.T @ hers
        left += self.reg * np.eye(products.shape[1])
        return np.asarray(hers @ np.linalg.solve(left, products[product]), np.float32)

    def to_arrays(self) -> Arrays:
        """Return what is to be kept, by name."""
        return {
            "factors": self.factors,
            "fold_in": np.array([self.unobserved, self.reg], np.float64),
        }

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> FactorWeights:
        """Return what `to_arrays` kept."""
        unobserved, reg = arrays["fold_in"].tolist()
        return cls(factors=arrays["factors"], unobserved=unobserved, reg=reg)
