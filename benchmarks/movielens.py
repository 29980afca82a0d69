"""MovieLens-100k by the protocol of Microsoft's Recommenders, and the RMSE of Surprise's SVD."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

TRAIN_SHARE = 0.75
SEED = 42
K = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratings:
    """Columns over inner indices, in the order of the file."""

    users: np.ndarray[Any, Any]
    items: np.ndarray[Any, Any]
    stars: np.ndarray[Any, Any]
    user_ids: np.ndarray[Any, Any]
    item_ids: np.ndarray[Any, Any]

    def make_trainset(self, rows: np.ndarray[Any, Any] | slice = slice(None)) -> Any:
        """Return some rows as a trainset of Surprise."""
        from ballyhoo.plugins.cf_recommender.models.trainset import ColumnTrainset

        return ColumnTrainset(
            self.users[rows], self.items[rows], self.stars[rows],
            raw_users=self.user_ids, raw_items=self.item_ids, rating_scale=(1, 5),
        )  # fmt: skip


def read_ratings(folder: Path) -> Ratings | None:
    """Return the ratings of a folder with u.data (with or without a header); None without it."""
    path = folder / "u.data"
    if not path.exists():
        return None
    lines = path.read_text(encoding="utf-8").splitlines()
    separator = "|" if "|" in lines[0] else "\t"
    rows = [line.split(separator)[:3] for line in lines if line[:1].isdigit()]
    columns = np.array(rows, np.int64).T
    user_ids, users = np.unique(columns[0], return_inverse=True)
    item_ids, items = np.unique(columns[1], return_inverse=True)
    return Ratings(
        users=users.astype(np.int32), items=items.astype(np.int32),
        stars=columns[2].astype(np.float64), user_ids=user_ids, item_ids=item_ids,
    )  # fmt: skip


def split_by_item(items: np.ndarray[Any, Any], seed: int) -> np.ndarray[Any, Any]:
    """Return which rows are trained on: three quarters of each item's, at random.

    The same split as python_stratified_split(ratio=0.75, filter_by="item", seed) of Recommenders
    1.2.1 makes: of each item's rows, ordered by one draw each, the first three quarters, rounded.
    """
    drawn = np.random.RandomState(seed).rand(len(items))
    order = np.lexsort((drawn, items))
    counts = np.bincount(items)
    starts = np.cumsum(counts) - counts
    place = np.empty(len(items))
    place[order] = np.arange(len(items)) - starts[items[order]] + 1
    return place <= np.round(TRAIN_SHARE * counts)[items]


def judge(algorithm: Any, ratings: Ratings, is_trained: np.ndarray[Any, Any]) -> Any:
    """Return the judgement of the first ten for each user with test ratings.

    Every rating is relevant, whatever its stars; what she rated in training is left out, and all
    items of the training part may be shown.
    """
    from ballyhoo import judge_rankings
    from ballyhoo.plugins.cf_recommender.models.surprise_blocks import score_block
    from ballyhoo.plugins.cf_recommender.models.top_n import take_top

    users, items = ratings.users[is_trained], ratings.items[is_trained]
    allowed = np.zeros((len(ratings.user_ids), len(ratings.item_ids)), np.bool_)
    allowed[:, np.unique(items)] = True
    allowed[users, items] = False
    tested = np.unique(ratings.users[~is_trained])
    top, _ = take_top(score_block(algorithm, tested), allowed[tested], K)
    rows = np.searchsorted(tested, ratings.users[~is_trained])
    return judge_rankings(top, rows, ratings.items[~is_trained], k=K)


def measure_ranking(ratings: Ratings) -> dict[str, Any]:
    """Return nDCG@10 of EASE and of the blend, and how sure the difference is."""
    from ballyhoo import bootstrap_difference, bootstrap_mean
    from ballyhoo.plugins.cf_recommender.models.blend import Blend
    from ballyhoo.plugins.cf_recommender.models.ease import Ease

    is_trained = split_by_item(ratings.items, SEED)
    trainset = ratings.make_trainset(is_trained)
    ease = judge(Ease().fit(trainset), ratings, is_trained)
    blend = judge(Blend().fit(trainset), ratings, is_trained)
    lift = bootstrap_difference(blend.ndcg, ease.ndcg)
    return {
        "ml100k_ndcg10": round(float(blend.ndcg.mean()), 4),
        "ml100k_ndcg10_interval": _bounds(bootstrap_mean(blend.ndcg)),
        "ml100k_ease_ndcg10": round(float(ease.ndcg.mean()), 4),
        "ml100k_ease_ndcg10_interval": _bounds(bootstrap_mean(ease.ndcg)),
        "ml100k_lift": round(lift.value, 4),
        "ml100k_lift_interval": _bounds(lift),
    }


def measure_rmse(ratings: Ratings, folds: int) -> float:
    """Return the RMSE of Surprise's SVD as it comes, over some of five folds."""
    from surprise import SVD, accuracy

    from ballyhoo.plugins.cf_recommender.models.folds import ColumnFolds

    found = []
    for number, (trainset, test) in enumerate(ColumnFolds(5).split(ratings.make_trainset())):
        if number == folds:
            break
        found.append(accuracy.rmse(SVD(random_state=0).fit(trainset).test(test), verbose=False))
    return round(float(np.mean(found)), 4)


def _bounds(interval: Any) -> list[float]:
    return [round(interval.low, 4), round(interval.high, 4)]
