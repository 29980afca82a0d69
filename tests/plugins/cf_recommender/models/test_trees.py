from __future__ import annotations

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier

from ballyhoo.plugins.cf_recommender.models.trees import Trees, grow_trees, read_trees

rng = np.random.default_rng(4)
COLUMNS = np.vstack([rng.normal(size=(3, 4_000)), rng.integers(0, 4, (2, 4_000))]).astype("f4")
IS_HIT = (COLUMNS[0] + (COLUMNS[3] > 2) * COLUMNS[1] + rng.normal(size=4_000)) > 1


def test_they_say_what_scikit_learn_says() -> None:
    grown = HistGradientBoostingClassifier(
        max_iter=40, max_leaf_nodes=8, early_stopping=False, random_state=0
    ).fit(COLUMNS.T, IS_HIT)
    trees = read_trees([one[0].nodes for one in grown._predictors])
    new = rng.normal(size=(5, 70_000)).astype("f4")  # more than are looked at in one go
    new[3:] = np.round(new[3:] * 2)
    expected = grown.decision_function(new.T)
    constant = expected[0] - trees.evaluate(new)[0]
    np.testing.assert_allclose(trees.evaluate(new) + constant, expected, atol=1e-4)


def test_they_tell_hits_from_the_rest() -> None:
    trees = grow_trees(COLUMNS[:, :3_000], IS_HIT[:3_000], seed=1)
    said = trees.evaluate(COLUMNS[:, 3_000:])
    hits = IS_HIT[3_000:]
    assert np.median(said[hits]) > np.quantile(said[~hits], 0.8)


def test_the_same_seed_grows_the_same_trees() -> None:
    one, two = (grow_trees(COLUMNS, IS_HIT, seed=3, trees=10) for _ in range(2))
    np.testing.assert_array_equal(one.evaluate(COLUMNS), two.evaluate(COLUMNS))


def test_trees_without_a_split_are_a_constant() -> None:
    trees = grow_trees(COLUMNS[:, :60], IS_HIT[:60], seed=0, trees=3)  # no leaf of 50 rows twice
    assert len(set(trees.evaluate(COLUMNS).tolist())) == 1


def test_they_are_kept_as_arrays() -> None:
    trees = grow_trees(COLUMNS, IS_HIT, seed=0, trees=5)
    again = Trees.from_arrays(trees.to_arrays())
    np.testing.assert_array_equal(again.evaluate(COLUMNS), trees.evaluate(COLUMNS))
