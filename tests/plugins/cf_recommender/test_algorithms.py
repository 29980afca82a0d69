"""Whatever algorithm a recipe names, everybody gets products, and strangers what is popular."""

from __future__ import annotations

from pathlib import Path
from typing import Any, get_args

import pytest

from ballyhoo import RecipeError
from ballyhoo.plugins.cf_recommender.options import Algorithm, CfOptions

from .shop import Shop, make_shop, recommend, taste_of


@pytest.fixture(scope="module")
def shop() -> Shop:
    return make_shop(customers=50)


SETTINGS: dict[str, dict[str, Any]] = {
    "svd": {"n_epochs": 20},
    "surprise.SVD": {"n_epochs": 20},
    "surprise.SVDpp": {"n_epochs": 2},
    "surprise.NMF": {"n_epochs": 10},
    "surprise.CoClustering": {"n_epochs": 3},
}


@pytest.mark.parametrize("algorithm", get_args(Algorithm))
def test_every_algorithm_that_can_be_named_recommends(
    shop: Shop, tmp_path: Path, algorithm: str
) -> None:
    rows, _ = recommend(
        shop.store, tmp_path, shop.customers, top=4,
        algorithm=algorithm, settings=SETTINGS.get(algorithm, {}),
    )  # fmt: skip
    for customer, row in zip(shop.customers, rows, strict=True):
        assert len(row) == 4
        assert not {one.product_id for one in row} & shop.bought(customer.id)
        assert all(one.is_fallback == (customer.id % 10 == 0) for one in row)


@pytest.mark.parametrize("algorithm", ["ease", "svd", "ials", "item_knn"])
def test_those_that_learn_of_products_find_the_taste_of_a_customer(
    shop: Shop, tmp_path: Path, algorithm: str
) -> None:
    rows, _ = recommend(
        shop.store, tmp_path, shop.customers, top=3, algorithm=algorithm,
        popularity={"share": 0},
    )  # fmt: skip
    right = [
        taste_of(one.product_id) == customer.id % 5
        for customer, row in zip(shop.customers, rows, strict=True)
        for one in row
        if customer.id % 10
    ]
    assert sum(right) > 0.4 * len(right)  # one in five by chance


@pytest.mark.parametrize("task", ["similar", "together"])
def test_tasks_that_start_from_products_work_with_an_algorithm_that_knows_customers_alone(
    shop: Shop, tmp_path: Path, task: str
) -> None:
    [row], _ = recommend(
        shop.store, tmp_path, shop.customers[:1], task=task, to="P-30", algorithm="surprise.SVD",
        settings={"n_epochs": 2}, top=3,
    )  # fmt: skip
    assert taste_of(row[0].product_id) == taste_of(30)
    assert not row[0].is_fallback


def test_a_setting_that_the_algorithm_does_not_have_is_said(shop: Shop, tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match="'ease' does not take these settings"):
        recommend(shop.store, tmp_path, shop.customers, algorithm="ease", settings={"k": 20})


def test_what_a_search_tries_are_options_of_a_recipe() -> None:
    for name, values in CfOptions.search_space().items():
        for value in values:
            above, _, below = name.rpartition(".")
            CfOptions.model_validate({above: {below: value}} if above else {name: value})
