"""Products of one order belong together, and whoever buys everything says nothing of any two."""

from __future__ import annotations

import numpy as np

from ballyhoo.plugins.cf_recommender.baskets import MOST_IN_BASKET, find_partners
from ballyhoo.plugins.cf_recommender.models.history import make_history

HOUR = 3_600_000


def find(orders: list[tuple[int, int, list[int]]]) -> dict[int, list[int]]:
    """Return the partners of each product, of orders: customer, hours, products."""
    rows = [(who, one, hours * HOUR) for who, hours, bought in orders for one in bought]
    who, what, at = (np.array(column) for column in zip(*rows, strict=True))
    history = make_history(who, what, at)
    partners, bonds = find_partners(history)
    assert bonds.max(initial=0) <= 1
    assert (np.diff(bonds, axis=1) <= 0).all()
    return {
        int(product): [int(history.product_ids[one]) for one in partners[row] if one >= 0]
        for row, product in enumerate(history.product_ids)
    }


def test_what_is_bought_in_one_order_goes_together() -> None:
    partners = find([(1, 0, [10, 20]), (1, 48, [30]), (2, 0, [10, 20]), (3, 5, [20, 30])])
    assert partners == {10: [20], 20: [10, 30], 30: [20]}


def test_an_order_ends_after_an_hour_without_a_purchase() -> None:
    partners = find([(1, 0, [10]), (1, 1, [20]), (1, 3, [30])])
    assert partners == {10: [20], 20: [10], 30: []}


def test_orders_of_two_customers_at_the_same_time_are_two() -> None:
    assert find([(1, 0, [10]), (2, 0, [20])]) == {10: [], 20: []}


def test_whoever_buys_everything_at_once_says_nothing() -> None:
    everything = list(range(MOST_IN_BASKET + 1))
    partners = find([(1, 0, everything), (2, 0, [3, 4])])
    assert partners[3] == [4]
    assert partners[5] == []


def test_what_everybody_buys_goes_less_with_a_product_than_what_is_bought_with_it_alone() -> None:
    orders = [(who, 0, [1, 100 + who]) for who in range(200)]
    orders += [(500 + who, 0, [7, 8, 1]) for who in range(10)]
    assert find(orders)[7] == [8, 1]
