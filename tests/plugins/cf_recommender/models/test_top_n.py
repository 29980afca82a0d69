from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballyhoo.plugins.cf_recommender.models.top_n import take_top


@given(st.integers(0, 2**32 - 1), st.integers(1, 150), st.integers(1, 14), st.integers(1, 40))
def test_it_is_what_a_sort_of_each_row_gives(seed: int, width: int, n: int, levels: int) -> None:
    rng = np.random.default_rng(seed)
    scores = rng.integers(0, levels, (5, width)).astype(np.float32)
    scores[rng.random(scores.shape) < 0.1] = -np.inf
    scores[rng.random(scores.shape) < 0.1] = np.nan
    allowed = rng.random(scores.shape) < rng.random()
    indices, values = take_top(scores, allowed, n)
    for row in range(5):
        left = [i for i in range(width) if allowed[row, i] and scores[row, i] > -np.inf]
        best = sorted(left, key=lambda i: (-scores[row, i], i))[:n]
        assert indices[row].tolist() == best + [-1] * (n - len(best))
        expected = [scores[row, i] for i in best] + [-np.inf] * (n - len(best))
        assert values[row].tolist() == expected


def test_more_scores_than_a_block_are_sorted_out() -> None:
    scores = np.random.default_rng(0).normal(size=(700, 4_100)).astype(np.float32)
    indices, _ = take_top(scores, None, 3)
    np.testing.assert_array_equal(indices, np.argsort(-scores, axis=1, kind="stable")[:, :3])


def test_what_nobody_may_have_is_taken_from_no_row() -> None:
    allowed = np.array([True, False, True, False])
    indices, _ = take_top(np.array([[1, 4, 2, 3], [9, 9, 9, 9]]), allowed, 3)
    assert indices.tolist() == [[2, 0, -1], [0, 2, -1]]


@pytest.mark.parametrize(("shape", "n"), [((0, 5), 2), ((3, 0), 2), ((3, 5), 0)])
def test_nothing_gives_nothing(shape: tuple[int, int], n: int) -> None:
    indices, values = take_top(np.zeros(shape), None, n)
    assert indices.shape == values.shape == (shape[0], n)
    assert (indices == -1).all()


def test_the_scores_that_were_given_stay_as_they_are() -> None:
    scores = np.ones((2, 3), np.float32)
    take_top(scores, np.zeros(3, np.bool_), 2)
    assert (scores == 1).all()
