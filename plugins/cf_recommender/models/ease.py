"""EASE: item weights in closed form, as an algorithm of Surprise."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from surprise import AlgoBase, PredictionImpossible, Trainset

from .history import Floats
from .trainset import make_valued

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

    size = user_items.shape[1]
    gram = np.empty((size, size), np.float32)
    by_item = user_items.T.tocsr()
    for start in range(0, size, _BLOCK):  # whole, the sparse product would be larger than this
        part = slice(start, start + _BLOCK)
        gram[part] = (by_item[part] @ user_items).toarray()
    gram[np.diag_indices_from(gram)] += regularisation
    factor, failed = lapack.spotrf(gram.T, lower=1, overwrite_a=1)
    inverse, also = lapack.spotri(factor, lower=1, overwrite_c=1)
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
    """EASE^R as an algorithm of Surprise.

    Args:
        regularisation: lambda: how strongly weights are drawn to zero.
        stars: How much the height of a rating counts: see `make_valued`. At 0 what was rated at
            all counts, not how high.
    """

    def __init__(self, regularisation: float = 500.0, stars: float = 0.0) -> None:
        AlgoBase.__init__(self)
        self.regularisation, self.stars = regularisation, stars

    def fit(self, trainset: Trainset) -> Ease:
        """Compute the weights."""
        AlgoBase.fit(self, trainset)
        self.user_items = make_valued(trainset, self.stars)
        self.weights = solve_ease(self.user_items, self.regularisation)
        return self

    def estimate(self, user: Any, item: Any) -> float:
        """Return how strongly what she has speaks for an item."""
        if not (self.trainset.knows_user(user) and self.trainset.knows_item(item)):
            raise PredictionImpossible("The user or the item is unknown.")
        mine = self.user_items[[user]]
        return float(mine.data @ self.weights[mine.indices, item])

    def score_users(self, users: npt.NDArray[np.integer[Any]]) -> Floats:
        """Return estimates [users x items]."""
        return np.asarray(self.user_items[users] @ self.weights)


class UserEase(AlgoBase):  # type: ignore[misc]
    """EASE between users instead of items: what do those have who are like her.

    It holds a matrix of users x users, so it is for few users.

    Args:
        regularisation: lambda.
        stars: How much the height of a rating counts: see `make_valued`.
    """

    def __init__(self, regularisation: float = 800.0, stars: float = 0.15) -> None:
        AlgoBase.__init__(self)
        self.regularisation, self.stars = regularisation, stars

    def fit(self, trainset: Trainset) -> UserEase:
        """Compute the weights between users."""
        AlgoBase.fit(self, trainset)
        self.user_items = make_valued(trainset, self.stars)
        self.by_item = self.user_items.T.tocsr()
        self.weights = solve_ease(self.by_item, self.regularisation)
        return self

    def estimate(self, user: Any, item: Any) -> float:
        """Return how strongly users like her speak for an item."""
        if not (self.trainset.knows_user(user) and self.trainset.knows_item(item)):
            raise PredictionImpossible("The user or the item is unknown.")
        theirs = self.by_item[[item]]
        return float(theirs.data @ self.weights[theirs.indices, user])

    def score_users(self, users: npt.NDArray[np.integer[Any]]) -> Floats:
        """Return estimates [users x items]."""
        return np.asarray((self.by_item @ self.weights[:, users]).T)
