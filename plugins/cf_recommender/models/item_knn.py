"""Item k-NN for big catalogues: each product keeps its nearest neighbours only."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from surprise import AlgoBase, PredictionImpossible, Trainset

from .history import Floats
from .trainset import make_unary

_BLOCK = 512
"""How many items are compared with all others at once."""


def find_neighbours(
    user_items: sparse.csr_array, *, neighbours: int, shrinkage: float, asymmetry: float
) -> sparse.csr_array:
    """Return similarities [items x items], at most so many in each column, none on the diagonal.

    sim(i, j) = n_ij / (n_i^a n_j^(1-a) + s), with n_ij the number of users who have both: the
    cosine of sets for a = 1/2 (Aiolli, RecSys 2013), with shrinkage s for rare pairs.

    Args:
        user_items: [users x items], ones.
        neighbours: How many an item keeps.
        shrinkage: s.
        asymmetry: a: at 0 an item that everybody has speaks for another as much as any.
    """
    items = user_items.shape[1]
    by_item = user_items.T.tocsr()
    counts = np.maximum(np.diff(by_item.indptr), 1).astype(np.float64)
    kept = []
    for start in range(0, items, _BLOCK):
        part = slice(start, min(start + _BLOCK, items))
        both = (by_item[part] @ user_items).tocsr()  # rows: the item that is spoken for
        rows = np.repeat(np.arange(part.start, part.stop), np.diff(both.indptr))
        norm = counts[both.indices] ** asymmetry * counts[rows] ** (1 - asymmetry)
        both.data = np.where(rows == both.indices, 0, both.data / (norm + shrinkage))
        kept.append(_keep_most(both, neighbours))
    return sparse.csr_array(sparse.vstack(kept).T.tocsr(), dtype=np.float32)


def _keep_most(rows: sparse.csr_array, count: int) -> sparse.csr_array:
    """Return the most of each row; of equal ones those with the lower index."""
    of_row = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    order = np.lexsort((rows.indices, -rows.data, of_row))
    rank = np.arange(len(order)) - rows.indptr[of_row]
    taken = order[(rank < count) & (rows.data[order] > 0)]
    return sparse.coo_array(
        (rows.data[taken], (of_row[taken], rows.indices[taken])), shape=rows.shape
    ).tocsr()


def weigh_neighbours(
    user_items: sparse.csr_array, neighbours: sparse.csr_array, regularisation: float
) -> sparse.csr_array:
    """Return weights [items x items] that are solved for each item among its neighbours only.

    For item j with neighbours N they minimise |x_j - X_N w|^2 + lambda |w|^2: what EASE solves
    for all pairs at once (Steck, WWW 2019), without a matrix of all by all. Neighbours that say
    the same share the weight, which similarities count twice.

    Args:
        user_items: X, [users x items], ones.
        neighbours: As `find_neighbours` gives them.
        regularisation: lambda.
    """
    of_item = neighbours.T.tocsr()
    by_item = user_items.T.tocsr().astype(np.float64)
    weights = np.zeros(len(of_item.data), np.float32)
    for item in np.flatnonzero(np.diff(of_item.indptr)).tolist():
        part = slice(of_item.indptr[item], of_item.indptr[item + 1])
        theirs = by_item[of_item.indices[part]]
        gram = (theirs @ theirs.T).toarray()
        gram[np.diag_indices_from(gram)] += regularisation
        weights[part] = np.linalg.solve(gram, (theirs @ by_item[[item]].T).toarray()[:, 0])
    solved = sparse.csr_array((weights, of_item.indices, of_item.indptr), shape=of_item.shape)
    return solved.T.tocsr()


class ItemKnn(AlgoBase):  # type: ignore[misc]
    """Item k-NN over sets as an algorithm of Surprise, without a dense matrix of items.

    Args:
        neighbours: How many an item keeps.
        shrinkage: How strongly rare pairs are drawn to zero.
        asymmetry: Between 0 and 1; at 1/2 it is the cosine.
        regularisation: How strongly the neighbours' weights are drawn to zero; at 0 they are the
            similarities.
    """

    def __init__(
        self,
        neighbours: int = 100,
        shrinkage: float = 5.0,
        asymmetry: float = 0.5,
        regularisation: float = 200.0,
    ) -> None:
        AlgoBase.__init__(self)
        self.neighbours, self.shrinkage, self.asymmetry = neighbours, shrinkage, asymmetry
        self.regularisation = regularisation

    def fit(self, trainset: Trainset) -> ItemKnn:
        """Find the neighbours, and weigh them."""
        AlgoBase.fit(self, trainset)
        self.user_items = make_unary(trainset)
        self.weights = find_neighbours(
            self.user_items, neighbours=self.neighbours,
            shrinkage=self.shrinkage, asymmetry=self.asymmetry,
        )  # fmt: skip
        if self.regularisation:
            self.weights = weigh_neighbours(self.user_items, self.weights, self.regularisation)
        return self

    def estimate(self, user: Any, item: Any) -> float:
        """Return how strongly what she has speaks for an item."""
        if not (self.trainset.knows_user(user) and self.trainset.knows_item(item)):
            raise PredictionImpossible("The user or the item is unknown.")
        mine: npt.NDArray[np.int32] = self.user_items[[user]].indices
        return float(self.weights[mine, :][:, [item]].sum())

    def score_users(self, users: npt.NDArray[np.integer[Any]]) -> Floats:
        """Return estimates [users x items]."""
        return np.asarray((self.user_items[users] @ self.weights).toarray())
