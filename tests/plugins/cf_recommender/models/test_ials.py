from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from ballyhoo.plugins.cf_recommender.models.blend import Blend, make_members
from ballyhoo.plugins.cf_recommender.models.ease import Ease
from ballyhoo.plugins.cf_recommender.models.factors import FactorWeights
from ballyhoo.plugins.cf_recommender.models.ials import Ials, solve_factors
from ballyhoo.plugins.cf_recommender.models.trainset import ColumnTrainset

rng = np.random.default_rng(8)
CONFIDENCE = np.where(rng.random((300, 14)) < 0.3, rng.uniform(0.5, 2, (300, 14)), 0)


def measure_loss(users: np.ndarray, items: np.ndarray) -> float:
    said = users @ items.T
    loss = (
        CONFIDENCE * (1 - said) ** 2 + 0.3 * np.where(CONFIDENCE > 0, 1 - said, said) ** 2
    ).sum()
    return float(loss + 2 * ((users**2).sum() + (items**2).sum()))


def test_no_other_factors_of_the_rows_are_better() -> None:
    items = rng.normal(size=(14, 3))
    users = solve_factors(sparse.csr_array(CONFIDENCE), items, unobserved=0.3, reg=2.0)
    least = measure_loss(users, items)
    for _ in range(20):
        assert measure_loss(users + rng.normal(0, 0.01, users.shape), items) > least


def make_trainset() -> ColumnTrainset:
    users, items = np.nonzero(CONFIDENCE)
    return ColumnTrainset(
        users, items, rng.integers(1, 6, len(users)), raw_users=np.arange(300),
        raw_items=np.arange(14), rating_scale=(1, 5),
    )  # fmt: skip


def test_who_was_there_is_folded_in_to_where_she_was() -> None:
    fitted = Ials(factors=4, reg=2.0, unobserved=0.3, iterations=60).fit(make_trainset())
    weights = FactorWeights(factors=fitted.qi.astype(np.float32), unobserved=0.3, reg=2.0)
    profile = sparse.csr_array((CONFIDENCE[[5]] > 0).astype(np.float32))
    expected = fitted.score_users(np.array([5]))
    np.testing.assert_allclose(weights.score(profile), expected, atol=0.01)


def test_the_shares_of_what_she_has_add_up_to_the_score() -> None:
    weights = FactorWeights(
        factors=rng.normal(size=(14, 3)).astype(np.float32), unobserved=0.0, reg=2.0
    )
    owned = np.array([1, 4, 9], np.int32)
    profile = sparse.csr_array(np.isin(np.arange(14), owned)[None, :].astype(np.float32))
    given = weights.contribute(7, owned)
    assert given.sum() == pytest.approx(float(weights.score(profile)[0, 7]), rel=1e-4)


def test_a_blend_is_the_weighted_sum_of_standardised_scores() -> None:
    members = [(Ease(5.0), 2.0), (Ials(factors=3, iterations=3), 0.5)]
    trainset, users = make_trainset(), np.array([2, 9])
    blend = Blend(members).fit(trainset)
    expected = 0
    for algorithm, weight in members:
        said = algorithm.score_users(users)
        spread = said.std(axis=1, keepdims=True)
        expected += weight * (said - said.mean(axis=1, keepdims=True)) / spread
    np.testing.assert_allclose(blend.score_users(users), expected, atol=1e-4)
    assert blend.estimate(9, 3) == pytest.approx(float(expected[1, 3]), abs=1e-4)


def test_the_members_it_comes_with_can_be_fitted_to_little() -> None:
    assert len(make_members()) > 1
    assert np.isfinite(Blend().fit(make_trainset()).score_users(np.arange(300))).all()
