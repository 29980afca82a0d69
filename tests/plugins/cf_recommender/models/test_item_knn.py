from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from ballyhoo.plugins.cf_recommender.models.ease import solve_ease
from ballyhoo.plugins.cf_recommender.models.item_knn import (
    ItemKnn,
    find_neighbours,
    weigh_neighbours,
)
from ballyhoo.plugins.cf_recommender.models.trainset import ColumnTrainset

DENSE = (np.random.default_rng(5).random((80, 15)) < 0.35).astype(np.float32)
SPARSE = sparse.csr_array(DENSE)


def test_similarities_are_cosines_of_sets() -> None:
    found = find_neighbours(SPARSE, neighbours=15, shrinkage=0, asymmetry=0.5).toarray()
    lengths = np.sqrt(DENSE.sum(axis=0))
    expected = DENSE.T @ DENSE / np.outer(lengths, lengths)
    np.fill_diagonal(expected, 0)
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_an_item_keeps_its_nearest_neighbours_only() -> None:
    every = find_neighbours(SPARSE, neighbours=15, shrinkage=2, asymmetry=0.3).toarray()
    few = find_neighbours(SPARSE, neighbours=4, shrinkage=2, asymmetry=0.3).toarray()
    for item in range(15):
        kept = np.flatnonzero(few[:, item])
        assert len(kept) == 4
        assert few[kept, item].min() >= np.delete(every[:, item], kept).max()
        np.testing.assert_array_equal(few[kept, item], every[kept, item])


def test_with_all_items_as_neighbours_the_weights_are_those_of_ease() -> None:
    neighbours = find_neighbours(SPARSE, neighbours=15, shrinkage=0, asymmetry=0.5)
    assert neighbours.nnz == 15 * 14  # every pair has somebody in common here
    weights = weigh_neighbours(SPARSE, neighbours, 9.0).toarray()
    np.testing.assert_allclose(weights, solve_ease(SPARSE, 9.0), atol=1e-5)


@pytest.mark.parametrize("regularisation", [0.0, 50.0])
def test_estimates_are_what_the_block_holds(regularisation: float) -> None:
    users, items = np.nonzero(DENSE)
    trainset = ColumnTrainset(
        users, items, np.ones(len(users)), raw_users=np.arange(80), raw_items=np.arange(15)
    )
    fitted = ItemKnn(neighbours=5, regularisation=regularisation).fit(trainset)
    block = fitted.score_users(np.array([7]))
    assert block.shape == (1, 15)
    for item in range(15):
        assert fitted.estimate(7, item) == pytest.approx(float(block[0, item]), abs=1e-6)
