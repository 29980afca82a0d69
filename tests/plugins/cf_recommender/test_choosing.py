"""Products are chosen that differ, in the places that are kept, and no more than asked for."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ballyhoo import Recommendation
from ballyhoo.plugins.cf_recommender.choosing import choose_products
from ballyhoo.plugins.cf_recommender.learned import Learned

from .shop import Shop, make_shop, recommend, taste_of


@pytest.fixture(scope="module")
def shop() -> Shop:
    return make_shop(customers=60)


def learn_of(categories: list[int], vectors: np.ndarray | None = None) -> Learned:  # type: ignore[type-arg]
    count = len(categories)
    return Learned(
        model=None,
        product_ids=np.arange(count),
        categories=np.array(categories, np.int32),
        category_names=tuple(f"c{one}" for one in range(count)),
        vectors=np.eye(count, dtype=np.float32) if vectors is None else vectors,
        demand=np.zeros((1, count), np.float32),
        seen_at=np.zeros(count, np.int64),
        countries=(),
        warm=np.arange(0),
        cold=np.arange(count),
        neighbours=np.zeros((count, 0), np.int32),
        nearness=np.zeros((count, 0), np.float32),
        partners=np.zeros((0, 1), np.int32),
        bonds=np.zeros((0, 1), np.float32),
    )


@settings(deadline=None)
@given(data=st.data())
def test_a_category_is_never_fuller_than_asked_and_no_place_stays_empty_without_need(
    data: st.DataObject,
) -> None:
    count = data.draw(st.integers(1, 30))
    categories = data.draw(st.lists(st.integers(-1, 4), min_size=count, max_size=count))
    rows = data.draw(st.integers(1, 4))
    seed = data.draw(st.integers(0, 99))
    most, places = data.draw(st.integers(1, 3)), data.draw(st.integers(1, 8))
    random = np.random.default_rng(seed)
    scores = random.random((rows, count)).astype(np.float32)
    allowed = random.random((rows, count)) < 0.7
    chosen = choose_products(scores, allowed, places, learned=learn_of(categories), most=most)
    assert chosen.shape == (rows, places)
    for row in range(rows):
        taken = [one for one in chosen[row].tolist() if one >= 0]
        assert len(set(taken)) == len(taken)
        assert all(allowed[row, one] for one in taken)
        full = Counter(categories[one] for one in taken if categories[one] >= 0)
        assert all(number <= most for number in full.values())
        if len(taken) < places:
            left = [one for one in range(count) if allowed[row, one] and one not in taken]
            assert all(full[categories[one]] == most for one in left)
        by_hand: list[int] = []
        for one in np.argsort(-scores[row], kind="stable").tolist():
            held = sum(categories[other] == categories[one] >= 0 for other in by_hand)
            if allowed[row, one] and len(by_hand) < places and held < most:
                by_hand.append(one)
        assert taken == by_hand


def test_a_great_catalogue_of_one_category_hides_nothing() -> None:
    categories = [0] * 400 + [1, 2]
    scores = np.linspace(1, 0, 402, dtype=np.float32)[None, :]
    chosen = choose_products(
        scores, np.ones((1, 402), bool), 3, learned=learn_of(categories), most=1
    )
    assert chosen.tolist() == [[0, 400, 401]]


def test_diversity_takes_the_second_best_of_another_kind() -> None:
    vectors = np.array([[1, 0], [1, 0], [0, 1]], np.float32)
    scores = np.array([[3, 2.9, 2]], np.float32)
    free = np.ones((1, 3), bool)
    alike = choose_products(scores, free, 2, learned=learn_of([0, 0, 0], vectors))
    learned = learn_of([0, 0, 0], vectors)
    differing = choose_products(scores, free, 2, learned=learned, diversity=0.6)
    assert alike.tolist() == [[0, 1]]
    assert differing.tolist() == [[0, 2]]


def test_what_was_chosen_before_stays_and_counts() -> None:
    scores = np.array([[3, 2, 1, 0]], np.float32)
    before = np.array([[-1, 3]], np.int32)
    chosen = choose_products(
        scores, np.ones((1, 4), bool), 3, learned=learn_of([0, 1, 1, 0]), before=before, most=1
    )
    assert chosen.tolist() == [[3, 1, -1]]


def test_diversity_brings_more_kinds_of_products(shop: Shop, tmp_path: Path) -> None:
    def count_tastes(rows: list[list[Recommendation]]) -> float:
        return sum(len({taste_of(one.product_id) for one in row}) for row in rows) / len(rows)

    plain, _ = recommend(shop.store, tmp_path, shop.customers, top=5)
    mixed, _ = recommend(shop.store, tmp_path, shop.customers, top=5, diversity=0.7)
    assert count_tastes(mixed) > count_tastes(plain)
    assert [len(row) for row in mixed] == [len(row) for row in plain]


def test_no_category_is_shown_more_often_than_asked(shop: Shop, tmp_path: Path) -> None:
    rows, _ = recommend(shop.store, tmp_path, shop.customers, top=6, max_per_category=2)
    for row in rows:
        assert len(row) == 6
        assert max(Counter(one.product_id % 7 for one in row).values()) <= 2


def test_promoted_products_get_their_places_and_the_best_of_them_for_her(
    shop: Shop, tmp_path: Path
) -> None:
    where = "attributes.margin = 'high'"
    plain, _ = recommend(shop.store, tmp_path, shop.customers, top=50)
    rows, _ = recommend(
        shop.store, tmp_path, shop.customers, top=4, promote={"where": where, "slots": 2}
    )
    for all_of_hers, row in zip(plain, rows, strict=True):
        promoted = [one.product_id for one in row if one.product_id % 11 == 0]
        assert len(promoted) >= 2
        best = [one.product_id for one in all_of_hers if one.product_id % 11 == 0][:2]
        if not any(one.is_fallback for one in all_of_hers):
            assert set(best) <= set(promoted)
        assert row == sorted(row, key=lambda one: -one.score)


def test_a_shop_without_a_past_recommends_nothing(tmp_path: Path, shop: Shop) -> None:
    fresh = replace(shop, before=[])
    rows, _ = recommend(fresh.store, tmp_path, fresh.customers)
    assert rows == [[] for _ in fresh.customers]
