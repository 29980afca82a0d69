"""A block of scores is what Surprise says pair by pair."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import surprise

from ballyhoo.plugins.cf_recommender.models.surprise_blocks import score_block
from ballyhoo.plugins.cf_recommender.models.trainset import ColumnTrainset

rng = np.random.default_rng(9)
CELLS = rng.permutation(40 * 18)[:330]
TRAINSET = ColumnTrainset(
    CELLS // 18, CELLS % 18, rng.integers(1, 6, 330).astype(float),
    raw_users=np.arange(40), raw_items=np.arange(18), rating_scale=(1, 5),
)  # fmt: skip

BY_USER = {"name": "msd", "user_based": True}
BY_ITEM = {"name": "pearson_baseline", "user_based": False}
ALGORITHMS: dict[str, Any] = {
    "SVD": lambda: surprise.SVD(n_factors=5, n_epochs=4, random_state=0),
    "SVD without biases": lambda: surprise.SVD(n_factors=5, biased=False, random_state=0),
    "SVD++": lambda: surprise.SVDpp(n_factors=5, n_epochs=3, random_state=0),
    "NMF": lambda: surprise.NMF(n_factors=5, n_epochs=4, random_state=0),
    "NMF with biases": lambda: surprise.NMF(n_factors=5, biased=True, random_state=0),
    "baselines": lambda: surprise.BaselineOnly(verbose=False),
    "slope one": surprise.SlopeOne,
    "co-clustering": lambda: surprise.CoClustering(n_epochs=3, random_state=0),
    **{
        f"{name} {side}": lambda name=name, options=options: getattr(surprise, name)(
            k=6, min_k=3, sim_options=dict(options), verbose=False
        )
        for name in ("KNNBasic", "KNNWithMeans", "KNNWithZScore", "KNNBaseline")
        for side, options in (("by user", BY_USER), ("by item", BY_ITEM))
    },
}


@pytest.mark.parametrize("name", ALGORITHMS)
def test_a_block_holds_the_estimates_without_clipping(name: str) -> None:
    fitted = ALGORITHMS[name]().fit(TRAINSET)
    users = np.array([0, 7, 39])
    block = score_block(fitted, users)
    assert block.dtype == np.float32
    expected = [
        [fitted.predict(user, item, clip=False).est for item in range(18)] for user in users
    ]
    np.testing.assert_allclose(block, expected, atol=2e-4)
