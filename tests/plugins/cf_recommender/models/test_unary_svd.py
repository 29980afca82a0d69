from __future__ import annotations

import numpy as np
import pytest

from ballyhoo.plugins.cf_recommender.models.trainset import ColumnTrainset
from ballyhoo.plugins.cf_recommender.models.unary_svd import UnarySvd, sample_negatives

rng = np.random.default_rng(6)
GROUP = np.arange(40) % 2
BOUGHT = rng.random((40, 20)) < np.where(GROUP[:, None] == np.arange(20)[None, :] % 2, 0.5, 0.02)


def make_trainset() -> ColumnTrainset:
    users, items = np.nonzero(BOUGHT)
    return ColumnTrainset(
        users, items, np.ones(len(users)), raw_users=np.arange(40), raw_items=np.arange(20)
    )


def test_zeros_are_drawn_among_what_is_not_there_and_none_twice() -> None:
    users, items = (one.astype(np.int32) for one in np.nonzero(BOUGHT))
    of_users, of_items = sample_negatives(users, items, (40, 20), 3, np.random.default_rng(0))
    assert not BOUGHT[of_users, of_items].any()
    assert len(set(zip(of_users.tolist(), of_items.tolist(), strict=True))) == len(of_users)
    assert len(users) < len(of_users) <= 3 * len(users)


def test_who_has_nearly_everything_gets_what_zeros_there_are() -> None:
    of_users, of_items = sample_negatives(
        np.zeros(3, np.int32), np.arange(3, dtype=np.int32), (1, 4), 50, np.random.default_rng(0)
    )
    assert (of_users.tolist(), of_items.tolist()) == ([0], [3])


def test_what_a_group_buys_is_nearer_to_its_members() -> None:
    fitted = UnarySvd(n_factors=4, n_epochs=60, lr_all=0.05).fit(make_trainset())
    scores = fitted.score_users(np.arange(40))
    is_own_group = GROUP[:, None] == np.arange(20)[None, :] % 2
    assert scores[is_own_group & ~BOUGHT].mean() > scores[~is_own_group].mean() + 0.1
    assert fitted.estimate(3, 4) == pytest.approx(float(scores[3, 4]), abs=1e-6)


def test_the_same_seed_gives_the_same_factors_and_another_one_others() -> None:
    one, two, other = (
        UnarySvd(n_factors=3, n_epochs=2, random_state=seed).fit(make_trainset()).qi
        for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(one, two)
    assert (one != other).any()
