from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from ballyhoo.core.evaluation.baselines import rank_popular, recommend_own, recommend_popular
from ballyhoo.core.evaluation.pairs import Pairs, take_first
from ballyhoo.core.evaluation.purchases import (
    DAY_MS,
    Purchases,
    Window,
    cut_windows,
    find_truth,
)

NOW = datetime(2026, 1, 31, tzinfo=UTC)
MOMENT = 100 * DAY_MS
WINDOW = Window(begins=MOMENT, ends=130 * DAY_MS)

_rows = st.lists(
    st.tuples(st.integers(1, 6), st.integers(1, 9), st.integers(40, 129)), min_size=1, max_size=60
)


def make(rows: list[tuple[int, int, int]]) -> Purchases:
    """Return purchases of (customer, product, day)."""
    rows = sorted(rows, key=lambda row: row[2])
    columns = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    return Purchases(customer_ids=columns[0], product_ids=columns[1], at=columns[2] * DAY_MS)


def find(rows: list[Any], task: Any, most: int = 99) -> Any:
    return find_truth(make(rows), WINDOW, task, most=most, seed=1)


def list_pairs(truth: Any, pairs: Pairs) -> set[tuple[int, int]]:
    return set(zip(truth.customer_ids[pairs.rows].tolist(), pairs.products.tolist(), strict=True))


def pad(products: list[int], n: int) -> list[int]:
    return (products + [-1] * n)[:n]


@settings(deadline=None)
@given(rows=_rows)
def test_truth_is_what_was_bought_in_the_window(rows: list[Any]) -> None:
    before = {(who, what) for who, what, day in rows if day < 100}
    during = {(who, what) for who, what, day in rows if day >= 100}
    anything, new = find(rows, "replenish"), find(rows, "discover")
    assert list_pairs(anything, anything.bought) == during
    assert list_pairs(new, new.bought) == during - before
    assert set(new.customer_ids.tolist()) == {who for who, _ in during - before}
    buyers = {who for who, _ in during}
    assert list_pairs(anything, anything.own) == {pair for pair in before if pair[0] in buyers}


@settings(deadline=None)
@given(rows=_rows)
def test_baselines_are_those_of_a_loop(rows: list[Any]) -> None:
    purchases = make(rows)
    before = [row for row in rows if row[2] < 100]
    lately = Counter(what for _, what in {row[:2] for row in before if row[2] >= 70})
    ever = Counter(what for _, what in {row[:2] for row in before})
    best = sorted(ever, key=lambda what: (-lately[what], -ever[what], what))
    popular = rank_popular(purchases.cut(None, MOMENT), MOMENT)
    assert popular.tolist() == best
    for task in ("discover", "replenish"):
        truth = find(rows, task)
        shown = recommend_popular(truth, popular, 3)
        own = recommend_own(truth, purchases.cut(None, MOMENT), popular, 3)
        for row, who in enumerate(truth.customer_ids.tolist()):
            hers = Counter(what for one, what, _ in set(before) if one == who)
            others = [what for what in best if what not in hers]
            expected = others if task == "discover" else best
            assert shown[row].tolist() == pad(expected, 3)
            mine = sorted(hers, key=lambda what: (-hers[what], best.index(what)))
            assert own[row].tolist() == pad(mine + others, 3)


def test_windows_follow_each_other_up_to_the_latest_purchase() -> None:
    purchases = make([(1, 1, day) for day in range(0, 100, 5)])
    windows = cut_windows(purchases, 3, 30, NOW)
    assert [(one.begins, one.ends) for one in windows] == [
        (95 * DAY_MS + 1 - days * DAY_MS, 95 * DAY_MS + 1 - (days - 30) * DAY_MS)
        for days in (90, 60, 30)
    ]


def test_window_without_purchases_in_it_or_before_it_is_left_out() -> None:
    purchases = make([(1, 1, 0), (1, 1, 40), (1, 2, 99)])
    windows = cut_windows(purchases, 4, 30, NOW)
    assert [round(one.ends / DAY_MS) for one in windows] == [69, 99]
    assert cut_windows(make([]), 3, 30, NOW) == []
    assert cut_windows(make([(1, 1, 5)]), 3, 30, NOW) == []


def test_of_many_customers_some_are_drawn_the_same_each_time() -> None:
    rows = [(who, 1 + who % 7, 110) for who in range(1, 50)] + [
        (who, 9, 50) for who in range(1, 50)
    ]
    truth = find(rows, "replenish", most=10)
    again = find(rows, "replenish", most=10)
    assert len(truth) == 10
    assert truth.customer_ids.tolist() == again.customer_ids.tolist()
    assert list_pairs(truth, truth.bought) == {(one, 1 + one % 7) for one in truth.customer_ids}
    assert list_pairs(truth, truth.own) == {(one, 9) for one in truth.customer_ids}


def test_first_that_are_kept_close_ranks() -> None:
    shown = [[5, 6, 7, -1], [1, 2, 3, 4]]
    kept = [[False, True, True, True], [False, False, False, False]]
    assert take_first(shown, kept, 2).tolist() == [[6, 7], [-1, -1]]
    assert take_first([[5]], [[True]], 3).tolist() == [[5, -1, -1]]
