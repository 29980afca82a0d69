"""EASE: item weights in closed form, as an algorithm of Surprise."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from surprise import AlgoBase, PredictionImpossible, Trainset

from .history import Floats
from .trainset import read_columns

_BLOCK = 1024
"""How many rows of the inverse are mirrored at once."""


def solve_ease(user_items: sparse.csr_array, regularisation: float) -> Floats:
    """Return item weights [items x items], zero on the diagonal.

    They minimise |X - XB|^2 + lambda |B|^2 under diag(B) = 0; the solution is B = I - P / diag(P)
    with P = (X'X + lambda I)^-1 (Steck, Embarrassingly Shallow Autoencoders, WWW 2019, eq. 8).

    Args:
        user_items: X, [users x items].
        regularisation: lambda.
    """
    from scipy.linalg import lapack

    gram = np.asfortranarray((user_items.T @ user_items).toarray(), dtype=np.float32)
    gram[np.diag_indices_from(gram)] += regularisation
    gram, failed = lapack.spotrf(gram, lower=1, overwrite_a=1)
    inverse, also = lapack.spotri(gram, lower=1, overwrite_c=1)
    if failed or also:
        raise ValueError(f"X'X + {regularisation} I has no inverse; take more regularisation")
    weights: Floats = inverse.T  # in the order of C; its upper triangle holds the inverse
    for start in range(0, len(weights), _BLOCK):
        part = slice(start, start + _BLOCK)
        corner = np.triu(weights[part, part])
        weights[part, part] = corner + np.triu(corner, 1).T
        weights[part.stop :, part] = weights[part, part.stop :].T
    weights /= -np.diag(weights).copy()[None, :]
    weights[np.diag_indices_from(weights)] = 0
    return weights


class Ease(AlgoBase):  # type: ignore[misc]
    """EASE^R as an algorithm of Surprise: what was rated at all counts, not how high.

    Args:
        regularisation: lambda: how strongly weights are drawn to zero.
    """

    def __init__(self, regularisation: float = 500.0) -> None:
        AlgoBase.__init__(self)
        self.regularisation = regularisation

    def fit(self, trainset: Trainset) -> Ease:
        """Compute the weights."""
        AlgoBase.fit(self, trainset)
        users, items, _ = read_columns(trainset)
        shape = (trainset.n_users, trainset.n_items)
        ones = np.ones(len(users), np.float32)
        self.user_items = sparse.coo_array((ones, (users, items)), shape=shape).tocsr()
        self.user_items.data[:] = 1
        self.weights = solve_ease(self.user_items, self.regularisation)
        return self

    def estimate(self, user: Any, item: Any) -> float:
        """Return how strongly what she has speaks for an item."""
        if not (self.trainset.knows_user(user) and self.trainset.knows_item(item)):
            raise PredictionImpossible("The user or the item is unknown.")
        mine = self.user_items.indices[
            self.user_items.indptr[user] : self.user_items.indptr[user + 1]
        ]
        return float(self.weights[mine, item].sum())

    def score(self, profiles: sparse.csr_array) -> npt.NDArray[np.float32]:
        """Return a block of scores [rows x items] for profiles [rows x items]."""
        scored: Floats = np.asarray(profiles.astype(np.float32) @ self.weights)
        return scored
