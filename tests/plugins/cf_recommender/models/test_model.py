"""What every algorithm promises, once it is a model."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from ballyhoo import DataError, RecipeError
from ballyhoo.plugins.cf_recommender.models.algorithms import EASE_LIMIT, choose_algorithm
from ballyhoo.plugins.cf_recommender.models.fitting import fit_model
from ballyhoo.plugins.cf_recommender.models.history import MS_PER_DAY, History, make_history
from ballyhoo.plugins.cf_recommender.models.model import TASKS, Model
from ballyhoo.plugins.cf_recommender.models.saving import load_model
from ballyhoo.plugins.cf_recommender.models.top_n import take_top
from tests.plugins.cf_recommender.models.toy_shop import PRODUCTS_EACH, START, make_shop

SHOP = make_shop(customers=160)
NOW = START + 200 * MS_PER_DAY
SETTINGS = {
    "ease": {"regularisation": 20.0},
    "svd": {"n_factors": 8, "n_epochs": 20, "lr_all": 0.02},
    "ials": {"factors": 8, "iterations": 5},
    "item_knn": {"neighbours": 20, "regularisation": 20.0},
    "surprise.SVD": {"n_factors": 8, "n_epochs": 20, "lr_all": 0.02},
    "surprise.KNNBasic": {"sim_options": {"name": "msd"}},
    "surprise.BaselineOnly": {"negatives": 4},
}
LINEAR = ("ease", "item_knn")


def fit(algorithm: str, *, learn: bool = False) -> Model:
    return fit_model(
        SHOP, now=NOW, algorithm=algorithm, settings=SETTINGS[algorithm], learn=learn,
        popularity_weight=0.1, seed=1,
    )  # fmt: skip


MODELS = {name: fit(name) for name in SETTINGS}
LEARNED = fit("ease", learn=True)


@pytest.mark.parametrize("name", SETTINGS)
@pytest.mark.parametrize("task", TASKS)
def test_scores_are_finite_also_of_who_did_nothing_and_who_is_new(name: str, task: str) -> None:
    rows = make_history(
        np.array([1_000, 999_999]), SHOP.product_ids[[3, 4]], np.array([NOW - 5, NOW - 4]),
        customers=np.array([1_000, 1_003, 999_999]), products=SHOP.product_ids,
    )  # fmt: skip
    for model in (MODELS[name], LEARNED):
        scores = model.score(task, rows, NOW)
        assert scores.shape == (3, len(SHOP.product_ids))
        assert scores.dtype == np.float32
        assert np.isfinite(scores).all()


@pytest.mark.parametrize("name", [one for one in SETTINGS if one != "surprise.BaselineOnly"])
def test_what_her_group_buys_is_discovered(name: str) -> None:
    rows = SHOP.until(NOW)
    scores = MODELS[name].score("discover", rows, NOW)
    is_hers = np.zeros(rows.shape, np.bool_)
    is_hers[rows.customers, rows.products] = True
    top, _ = take_top(scores, ~is_hers, 2)
    group = np.arange(rows.shape[0]) % 4
    assert (top // PRODUCTS_EACH == group[:, None]).mean() > 0.6  # at random it is a quarter


@pytest.mark.parametrize("name", ["ease", "svd", "ials", "item_knn"])
def test_what_she_bought_a_minute_ago_counts(name: str) -> None:
    fresh = make_history(
        np.full(3, 7), SHOP.product_ids[[31, 33, 35]], np.full(3, NOW - 60_000),
        products=SHOP.product_ids,
    )  # fmt: skip
    scores = MODELS[name].score("discover", fresh, NOW)
    others = [one for one in range(30, 45) if one not in (31, 33, 35)]
    assert scores[0, others].mean() > np.delete(scores[0], range(30, 45)).mean() + 0.5


def test_events_after_now_are_not_looked_at() -> None:
    early = NOW - 50 * MS_PER_DAY
    np.testing.assert_array_equal(
        MODELS["ease"].score("discover", SHOP, early),
        MODELS["ease"].score("discover", SHOP.until(early), early),
    )


def test_a_task_that_is_none_is_an_error() -> None:
    with pytest.raises(ValueError, match="there is no task 'similar'"):
        MODELS["ease"].score("similar", SHOP, NOW)


@pytest.mark.parametrize("name", ["ease", "svd", "ials", "item_knn"])
def test_a_reason_is_a_product_of_hers_that_speaks_for_it(name: str) -> None:
    model, product = MODELS[name], 31
    customer = 2  # of the group of products 30 to 44
    found = model.explain(SHOP, customer, product)
    assert found is not None
    reason, share = found
    assert reason in set(SHOP.products[SHOP.customers == customer].tolist()) - {product}
    assert 0 < share <= 1
    assert reason // PRODUCTS_EACH == 2


def test_who_has_nothing_and_an_algorithm_that_does_not_say_have_no_reason() -> None:
    nobody = make_history(
        np.array([]), np.array([]), np.array([]), customers=np.array([4]),
        products=SHOP.product_ids,
    )  # fmt: skip
    assert MODELS["ease"].explain(nobody, 0, 3) is None
    assert MODELS["surprise.SVD"].explain(SHOP, 2, 31) is None


@pytest.mark.parametrize("name", LINEAR)
def test_similar_products_are_of_the_same_group(name: str) -> None:
    model = MODELS[name]
    top, _ = take_top(model.similar(np.array([3, 40], np.int32)), None, 5)
    assert (top // PRODUCTS_EACH == [[0], [2]]).mean() > 0.8
    cart = model.together(np.array([3, 5], np.int32))
    np.testing.assert_allclose(cart, model.similar(np.array([3, 5], np.int32)).sum(axis=0))


@pytest.mark.parametrize("name", [*SETTINGS, "learned"])
def test_a_saved_model_scores_the_same_from_its_files(name: str, tmp_path: Path) -> None:
    model = LEARNED if name == "learned" else MODELS[name]
    model.save(tmp_path / "kept")
    again = load_model(tmp_path / "kept")
    for task in TASKS:
        np.testing.assert_array_equal(again.score(task, SHOP, NOW), model.score(task, SHOP, NOW))
    assert again.explain(SHOP, 2, 31) == model.explain(SHOP, 2, 31)
    assert (again.algorithm, again.notes) == (model.algorithm, model.notes)


def test_big_arrays_stay_in_their_files(tmp_path: Path) -> None:
    MODELS["ease"].save(tmp_path)
    kept = load_model(tmp_path).weights.to_arrays()["weights"]
    assert isinstance(kept, np.memmap)
    assert not kept.flags.writeable


@pytest.mark.parametrize("harm", ["cut", "gone", "other shape", "pickle", "index", "older"])
def test_a_damaged_or_older_model_is_refused(harm: str, tmp_path: Path) -> None:
    MODELS["ease"].save(tmp_path)
    weights, index = tmp_path / "weights.npy", tmp_path / "model.json"
    if harm == "cut":
        weights.write_bytes(weights.read_bytes()[:5_000])
    elif harm == "gone":
        weights.unlink()
    elif harm == "other shape":
        np.save(weights, np.zeros((2, 2), np.float32))
    elif harm == "pickle":
        np.save(weights, np.array([{}], dtype=object), allow_pickle=True)
    elif harm == "index":
        index.write_text("{}")
    else:
        index.write_text(json.dumps(json.loads(index.read_text()) | {"format": 0}))
    with pytest.raises(DataError, match="train it again"):
        load_model(tmp_path)


def test_auto_is_ease_and_above_its_limit_says_what_it_took() -> None:
    assert choose_algorithm("auto", EASE_LIMIT) == ("ease", ())
    name, notes = choose_algorithm("auto", EASE_LIMIT + 1)
    assert name == "item_knn"
    assert "10,001 products" in notes[0]
    assert choose_algorithm("svd", 10**6) == ("svd", ())


@pytest.mark.parametrize(
    ("algorithm", "settings", "said"),
    [
        ("deep", {}, "no algorithm 'deep'"),
        ("surprise.Deep", {}, "no algorithm 'surprise.Deep'"),
        ("ease", {"lamda": 3}, "does not take these settings"),
        ("surprise.SVD", {"factors": 3}, "does not take these settings"),
    ],
)
def test_a_name_or_setting_that_is_not_there_is_an_error_of_the_recipe(
    algorithm: str, settings: dict[str, float], said: str
) -> None:
    with pytest.raises(RecipeError, match=said):
        fit_model(SHOP, now=NOW, algorithm=algorithm, settings=settings, learn=False)


def test_stars_are_kept_as_ratings_when_no_zeros_are_drawn() -> None:
    rng = np.random.default_rng(2)
    size = 600
    rated = make_history(
        rng.integers(0, 30, size), rng.integers(0, 12, size), np.arange(size),
        weights=rng.integers(1, 6, size), types=("stars",),
    )  # fmt: skip
    model = fit_model(
        rated, now=size, algorithm="surprise.BaselineOnly", learn=False, half_life_days=None,
        settings={"negatives": 0},
    )  # fmt: skip
    assert model.weights.to_arrays()["known_scores"].min() > 1


def empty() -> History:
    return make_history(np.array([]), np.array([]), np.array([]))


@pytest.mark.parametrize("name", ["ease", "item_knn", "surprise.BaselineOnly", "ials"])
def test_a_shop_without_events_has_a_model_without_products(name: str) -> None:
    model = fit_model(empty(), now=NOW, algorithm=name)
    assert model.score("discover", empty(), NOW).shape == (0, 0)
