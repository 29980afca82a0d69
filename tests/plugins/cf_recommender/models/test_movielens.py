"""MovieLens-100k by the protocol of Microsoft's Recommenders, when the data is there."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from surprise import SVD, Dataset, Reader, accuracy

from ballyhoo import bootstrap_difference
from ballyhoo.plugins.cf_recommender.models.blend import Blend
from ballyhoo.plugins.cf_recommender.models.ease import Ease
from benchmarks.movielens import SEED, Ratings, judge, read_ratings, split_by_item

pytestmark = pytest.mark.shared_data
REPOSITORY = Path(__file__).parents[4]


@pytest.fixture(scope="module")
def ratings() -> Ratings:
    shared = os.environ.get("BALLYHOO_SHARED_DATA")
    folder = Path(shared) if shared else REPOSITORY.parent / "shared" / "data"
    found = read_ratings(folder / "movielens-100k")
    if found is None:
        pytest.skip(f"no real data: {folder} is not there; set BALLYHOO_SHARED_DATA")
    return found


def test_the_split_is_theirs_as_their_error_of_svd_comes_out(ratings: Ratings) -> None:
    is_trained = split_by_item(ratings.items, SEED)
    order = np.lexsort((np.random.RandomState(SEED).rand(len(is_trained)), ratings.items))

    def list_rows(kept: np.ndarray) -> list[tuple[int, int, float, None]]:
        rows = order[kept[order]]
        columns = ratings.users[rows], ratings.items[rows], ratings.stars[rows]
        return [(*row, None) for row in zip(*(one.tolist() for one in columns), strict=True)]

    trainset = Dataset(Reader(rating_scale=(1, 5))).construct_trainset(list_rows(is_trained))
    fitted = SVD(n_factors=150, n_epochs=15, random_state=SEED).fit(trainset)
    said = fitted.test([row[:3] for row in list_rows(~is_trained)])
    assert accuracy.rmse(said, verbose=False) == pytest.approx(0.942506, abs=1e-6)


def test_ease_is_above_their_best_and_the_blend_above_ease(ratings: Ratings) -> None:
    is_trained = split_by_item(ratings.items, SEED)
    trainset = ratings.make_trainset(is_trained)
    ease = judge(Ease().fit(trainset), ratings, is_trained).ndcg
    blend = judge(Blend().fit(trainset), ratings, is_trained).ndcg
    assert ease.mean() > 0.475
    assert bootstrap_difference(blend, ease).low > 0.005
