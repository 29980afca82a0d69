from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse
from surprise import PredictionImpossible

from ballyhoo.plugins.cf_recommender.models.ease import Ease, UserEase, solve_ease
from ballyhoo.plugins.cf_recommender.models.trainset import ColumnTrainset

DENSE = (np.random.default_rng(1).random((60, 12)) < 0.3).astype(np.float32)


def make_trainset() -> ColumnTrainset:
    users, items = np.nonzero(DENSE)
    return ColumnTrainset(
        users, items, np.ones(len(users)), raw_users=np.arange(60), raw_items=np.arange(12)
    )


def test_each_column_is_the_ridge_regression_on_all_other_items() -> None:
    weights = solve_ease(sparse.csr_array(DENSE), 7.0)
    for item in range(12):
        others = np.delete(np.arange(12), item)
        gram = DENSE[:, others].T @ DENSE[:, others] + 7 * np.eye(11)
        expected = np.linalg.solve(gram, DENSE[:, others].T @ DENSE[:, item])
        np.testing.assert_allclose(weights[others, item], expected, atol=1e-5)
    assert (np.diag(weights) == 0).all()


def test_more_items_than_a_block_are_mirrored_whole() -> None:
    some = (np.random.default_rng(2).random((300, 1100)) < 0.05).astype(np.float32)
    weights = solve_ease(sparse.csr_array(some), 40.0)
    inverse = np.linalg.inv(some.T.astype(float) @ some + 40 * np.eye(1100))
    expected = -inverse / np.diag(inverse)
    np.fill_diagonal(expected, 0)
    np.testing.assert_allclose(weights, expected, atol=1e-5)


def test_what_cannot_be_inverted_is_an_error_that_says_what_to_do() -> None:
    with pytest.raises(ValueError, match="take more regularisation"):
        solve_ease(sparse.csr_array(np.ones((3, 5), np.float32)), 0.0)


@pytest.mark.parametrize("make", [Ease, UserEase])
def test_estimates_are_what_the_block_holds(make: type[Ease]) -> None:
    fitted = make(20.0).fit(make_trainset())
    block = fitted.score_users(np.array([3, 40]))
    for row, user in enumerate((3, 40)):
        for item in range(12):
            assert fitted.estimate(user, item) == pytest.approx(float(block[row, item]), abs=1e-5)


def test_users_and_items_change_places() -> None:
    users, items = np.nonzero(DENSE)
    turned = ColumnTrainset(
        items, users, np.ones(len(users)), raw_users=np.arange(12), raw_items=np.arange(60)
    )
    by_user = UserEase(5.0, stars=0).fit(make_trainset()).score_users(np.arange(60))
    by_item = Ease(5.0).fit(turned).score_users(np.arange(12))
    np.testing.assert_allclose(by_user, by_item.T, atol=1e-5)


def test_an_unknown_user_is_impossible_for_it_and_no_crash_for_surprise() -> None:
    fitted = Ease().fit(make_trainset())
    with pytest.raises(PredictionImpossible):
        fitted.estimate("UKN__99", 0)
    assert fitted.predict(99, 0).details["was_impossible"]
