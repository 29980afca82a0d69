from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, ndcg_score

from ballyhoo import judge_rankings, measure_coverage, measure_novelty


def judge(ranked: list[list[int]], bought: dict[int, list[int]], k: int = 10) -> Any:
    rows = [row for row, products in bought.items() for _ in products]
    products = [product for some in bought.values() for product in some]
    return judge_rankings(ranked, rows, products, k=k)


def test_one_ranking_is_judged_as_by_hand() -> None:
    judged = judge([[7, 3, 9, 4]], {0: [3, 4, 5]}, k=4)
    best = 1 + 1 / math.log2(3) + 1 / 2
    assert judged.ndcg[0] == pytest.approx((1 / math.log2(3) + 1 / math.log2(5)) / best)
    assert judged.hit[0] == 1
    assert judged.precision[0] == pytest.approx(2 / 4)
    assert judged.recall[0] == pytest.approx(2 / 3)
    assert judged.average_precision[0] == pytest.approx((1 / 2 + 2 / 4) / 3)


def test_perfect_ranking_is_worth_one_and_a_useless_one_nothing() -> None:
    judged = judge([[1, 2, 3], [4, 5, 6]], {0: [1, 2], 1: [1, 2]})
    assert judged.ndcg.tolist() == pytest.approx([1, 0])
    assert judged.recall.tolist() == [1, 0]
    assert judged.hit.tolist() == [1, 0]
    assert judged.average_precision.tolist() == pytest.approx([1, 0])


def test_more_bought_than_a_ranking_can_hold_is_no_fault_of_the_ranking() -> None:
    judged = judge([[1, 2]], {0: [1, 2, 3, 4, 5]}, k=2)
    assert judged.ndcg[0] == pytest.approx(1)
    assert judged.recall[0] == pytest.approx(2 / 5)


def test_product_bought_twice_counts_once() -> None:
    judged = judge([[1, 2]], {0: [1, 1, 1]}, k=2)
    assert judged.recall[0] == 1
    assert judged.ndcg[0] == pytest.approx(1)


def test_place_without_a_product_is_no_hit() -> None:
    judged = judge([[-1, -1], [5, -1]], {0: [-1, 3], 1: [5]}, k=2)
    assert judged.hit.tolist() == [0, 1]


def test_row_that_cannot_be_judged_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing was bought of row 1"):
        judge([[1], [2]], {0: [1]})
    with pytest.raises(ValueError, match="there is no such ranking"):
        judge([[1]], {0: [1], 1: [1]})
    with pytest.raises(ValueError, match="not aligned"):
        judge_rankings([[1]], [0, 0], [1])


_shops = st.integers(2, 12).flatmap(
    lambda products: st.lists(
        st.tuples(
            st.permutations(range(products)),
            st.sets(st.integers(0, products - 1), min_size=1),
        ),
        min_size=1,
        max_size=6,
    )
)


@settings(deadline=None)
@given(shop=_shops, k=st.integers(1, 12))
def test_numbers_are_those_of_scikit_learn(shop: list[Any], k: int) -> None:
    ranked = [list(ranking) for ranking, _ in shop]
    size = len(ranked[0])
    judged = judge(ranked, {row: sorted(bought) for row, (_, bought) in enumerate(shop)}, k=k)
    for row, (ranking, bought) in enumerate(shop):
        truth = np.array([[float(product in bought) for product in range(size)]])
        scores = np.zeros((1, size))
        scores[0, list(ranking)] = np.arange(size, 0, -1)
        assert judged.ndcg[row] == pytest.approx(ndcg_score(truth, scores, k=k))
        if k >= size:
            expected = average_precision_score(truth[0], scores[0])
            assert judged.average_precision[row] == pytest.approx(expected)


def test_coverage_is_the_share_of_products_that_somebody_is_shown() -> None:
    assert measure_coverage([[1, 2], [2, -1]], 8) == pytest.approx(2 / 8)
    assert measure_coverage([[-1, -1]], 8) == 0
    assert measure_coverage([[-1, -1]], 0) == 0


def test_novelty_counts_bits_by_how_few_bought_it() -> None:
    # Half of eight people bought product 1, one of them product 2, nobody product 3.
    bits = measure_novelty([[1, 2], [3, -1]], [1, 2], [4, 1], 8)
    assert bits == pytest.approx((1 + 3 + 3) / 3)
    assert measure_novelty([[-1]], [1], [1], 8) == 0
    assert measure_novelty([[4]], [], [], 8) == pytest.approx(3)
