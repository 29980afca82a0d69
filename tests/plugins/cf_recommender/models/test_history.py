from __future__ import annotations

import numpy as np

from ballyhoo.plugins.cf_recommender.models.history import MS_PER_DAY, make_history
from ballyhoo.plugins.cf_recommender.models.profiles import make_profiles

DAY = MS_PER_DAY


def test_rows_are_put_in_order_of_time_and_ids_become_indices() -> None:
    made = make_history(np.array([9, 5, 9]), np.array([70, 70, 30]), np.array([3, 1, 2]))
    assert made.at.tolist() == [1, 2, 3]
    assert made.customer_ids[made.customers].tolist() == [5, 9, 9]
    assert made.product_ids[made.products].tolist() == [70, 30, 70]
    assert made.shape == (2, 2)


def test_rows_of_other_customers_and_products_are_left_out() -> None:
    made = make_history(
        np.array([1, 2, 3]), np.array([10, 20, 10]), np.array([1, 2, 3]),
        customers=np.array([3, 1, 8]), products=np.array([10, 11]),
    )  # fmt: skip
    assert made.customer_ids.tolist() == [1, 3, 8]
    assert made.product_ids.tolist() == [10, 11]
    assert made.customer_ids[made.customers].tolist() == [1, 3]
    assert make_history(np.array([1]), np.array([1]), np.array([1]), customers=np.array([])).shape


def test_a_kind_without_a_weight_is_left_out() -> None:
    made = make_history(
        np.array([1, 1, 1]), np.array([1, 2, 3]), np.array([1, 2, 3]),
        kinds=np.array([0, 1, 2]), types=("view", "purchase", "share"),
        weights={"view": 0.5, "purchase": 1.0},
    )  # fmt: skip
    assert made.weights.tolist() == [0.5, 1.0]
    assert made.is_bought.tolist() == [False, True]


def test_until_leaves_out_the_moment_itself() -> None:
    made = make_history(np.array([1, 1, 1]), np.array([1, 2, 3]), np.array([10, 20, 20]))
    assert made.until(20).at.tolist() == [10]
    assert made.until(20).shape == (1, 3)


def test_some_customers_keep_their_rows_and_get_new_indices() -> None:
    made = make_history(np.array([1, 2, 3, 2]), np.array([7, 8, 9, 7]), np.array([1, 2, 3, 4]))
    some = made.of_customers(np.array([1, 2]))
    assert some.customer_ids.tolist() == [2, 3]
    assert some.customers.tolist() == [0, 1, 0]
    assert some.product_ids.tolist() == [7, 8, 9]


def test_a_profile_halves_with_each_half_life_and_a_return_takes_away() -> None:
    made = make_history(
        np.array([1, 1, 1, 1]), np.array([1, 1, 2, 2]), np.array([0, 10, 10, 10]) * DAY,
        weights=np.array([1.0, 1.0, 1.0, -1.0]),
    )  # fmt: skip
    profile = make_profiles(made, 20 * DAY, half_life_days=10).toarray()
    np.testing.assert_allclose(profile, [[0.25 + 0.5, 0]])


def test_a_unary_profile_counts_a_product_once() -> None:
    made = make_history(
        np.array([1, 1, 1]), np.array([1, 1, 2]), np.array([0, 10, 10]) * DAY,
        weights=np.array([0.1, 3.0, -1.0]),
    )  # fmt: skip
    assert make_profiles(made, 20 * DAY, unary=True).toarray().tolist() == [[1, 0]]
