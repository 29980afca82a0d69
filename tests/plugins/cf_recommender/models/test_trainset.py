"""Columns give Surprise what its own data set gives."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from surprise import SVD, Dataset, KNNBaseline, Reader, SlopeOne, dump
from surprise.model_selection import cross_validate

from ballyhoo.plugins.cf_recommender.models.ease import Ease
from ballyhoo.plugins.cf_recommender.models.folds import ColumnFolds
from ballyhoo.plugins.cf_recommender.models.trainset import (
    ColumnTrainset,
    make_valued,
    read_columns,
)

rng = np.random.default_rng(3)
CELLS = rng.permutation(30 * 20)[:250]
USERS, ITEMS, STARS = CELLS // 20, CELLS % 20, rng.integers(1, 6, 250).astype(float)

BY_ITEM = {"name": "pearson_baseline", "user_based": False}


def make_both() -> tuple[Any, ColumnTrainset]:
    """Return the same ratings from Surprise's data set, and as columns with the same inner ids."""
    rows = [(f"u{u}", f"i{i}", r, None) for u, i, r in zip(USERS, ITEMS, STARS, strict=True)]
    data = Dataset(Reader(rating_scale=(1, 5)))
    theirs = data.construct_trainset(rows)
    ours = ColumnTrainset(
        np.array([theirs.to_inner_uid(row[0]) for row in rows]),
        np.array([theirs.to_inner_iid(row[1]) for row in rows]),
        STARS,
        raw_users=np.array([theirs.to_raw_uid(one) for one in theirs.all_users()]),
        raw_items=np.array([theirs.to_raw_iid(one) for one in theirs.all_items()]),
        rating_scale=(1, 5),
    )
    return theirs, ours


@pytest.mark.parametrize(
    "make",
    [
        lambda: SVD(n_factors=8, n_epochs=5, random_state=1),
        lambda: KNNBaseline(verbose=False),
        lambda: KNNBaseline(verbose=False, sim_options=BY_ITEM),
        SlopeOne,
    ],
    ids=["SVD", "KNNBaseline of users", "KNNBaseline of items", "SlopeOne"],
)  # fmt: skip
def test_an_algorithm_predicts_the_same_from_columns(make: Any) -> None:
    theirs, ours = make_both()
    asked = [(f"u{u}", f"i{i}", 3.0) for u in range(31) for i in range(21)]
    expected, found = make().fit(theirs).test(asked), make().fit(ours).test(asked)
    np.testing.assert_allclose([one.est for one in found], [one.est for one in expected])


def test_it_says_what_surprise_says_of_the_same_ratings() -> None:
    theirs, ours = make_both()
    assert list(ours.all_ratings()) == list(theirs.all_ratings())
    assert (ours.n_users, ours.n_items, ours.n_ratings) == (30, 20, 250)
    assert ours.global_mean == pytest.approx(theirs.global_mean)
    assert dict(ours.ur) == dict(theirs.ur)
    assert {item: sorted(rows) for item, rows in ours.ir.items()} == {
        item: sorted(rows) for item, rows in theirs.ir.items()
    }
    assert sorted(ours.build_anti_testset(0)) == sorted(theirs.build_anti_testset(0))
    np.testing.assert_array_equal(read_columns(ours)[0], read_columns(theirs)[0])


def test_who_has_no_rating_is_not_known() -> None:
    made = ColumnTrainset(
        np.array([0, 2]), np.array([1, 1]), np.array([1, 1]),
        raw_users=np.array([5, 6, 7]), raw_items=np.array([8, 9]),
    )  # fmt: skip
    assert [made.knows_user(user) for user in (0, 1, 2, 3, "UKN__4")] == [
        True, False, True, False, False,
    ]  # fmt: skip
    assert made.knows_item(1)
    assert not made.knows_item(0)
    assert made.ur[1] == []
    assert len(made.ur) == 2


def test_cross_validation_works_on_columns() -> None:
    _, ours = make_both()
    found = cross_validate(SVD(random_state=0), ours, ["rmse"], ColumnFolds(4, 1), verbose=False)
    assert len(found["test_rmse"]) == 4
    assert 1.0 < found["test_rmse"].mean() < 1.8  # stars at random have a deviation of 1.4


def test_folds_test_every_rating_once() -> None:
    _, ours = make_both()
    tested = [row for _, test in ColumnFolds(3).split(ours) for row in test]
    assert sorted(tested) == sorted(ours.build_testset())
    for trainset, test in ColumnFolds(3).split(ours):
        assert not set(trainset.build_testset()) & set(test)


@pytest.mark.filterwarnings(  # Surprise leaves the file open
    "ignore::pytest.PytestUnraisableExceptionWarning", "ignore::ResourceWarning"
)
@pytest.mark.parametrize("make", [Ease, SlopeOne])
def test_a_dumped_algorithm_predicts_as_before(tmp_path: Path, make: Any) -> None:
    fitted = make().fit(make_both()[1])
    dump.dump(str(tmp_path / "kept"), algo=fitted)
    _, again = dump.load(str(tmp_path / "kept"))
    for user in range(4):
        before, after = fitted.predict(f"u{user}", "i3"), again.predict(f"u{user}", "i3")
        assert after.est == pytest.approx(before.est)


def test_what_was_liked_is_worth_a_little_more() -> None:
    _, ours = make_both()
    values, mean = make_valued(ours, 0.1), STARS.mean()
    user, item = ours.users[0], ours.items[0]
    assert values[user, item] == pytest.approx(1 + 0.1 * (ours.ratings[0] - mean))
    assert set(make_valued(ours, 0).data) == {1}
