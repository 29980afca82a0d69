"""A small history whose features can be counted by hand."""

from __future__ import annotations

import numpy as np
import pytest

from ballyhoo.plugins.cf_recommender.models import product_facts
from ballyhoo.plugins.cf_recommender.models.features import NAMES, NEVER, make_features
from ballyhoo.plugins.cf_recommender.models.history import MS_PER_DAY, History, make_history
from ballyhoo.plugins.cf_recommender.models.own_pairs import HALF_LIVES, gather_pairs
from ballyhoo.plugins.cf_recommender.models.product_facts import count_buyers, gather_facts

NOW = 1_000
ROWS = [  # customer, product, days before now, pieces, kind
    (1, 10, 100, 2, 0),
    (1, 10, 60, 1, 0),
    (1, 10, 60, 4, 0),  # the same day
    (1, 20, 40, 1, 0),
    (2, 10, 5, 3, 0),
    (2, 30, 3, 1, 1),  # a look
]


def make_rows() -> History:
    customer, product, ago, pieces, kind = np.array(ROWS).T
    return make_history(
        customer, product, (NOW - ago) * MS_PER_DAY, quantities=pieces, kinds=kind,
        types=("purchase", "view"), weights={"purchase": 1.0, "view": 0.1},
        customers=np.array([1, 2, 3]),
    )  # fmt: skip


def describe(customer: int, product: int) -> dict[str, float]:
    rows, now = make_rows(), NOW * MS_PER_DAY
    pairs = gather_pairs(rows, now)
    scores = np.array([[1, 2, 3], [4, 4, 4], [0, 0, 0]], np.float32)
    facts = gather_facts(rows, pairs, now)
    chosen = np.array([customer]), np.array([product])
    made = make_features(rows, pairs, facts, scores, chosen, now)
    return dict(zip(NAMES, made[:, 0].tolist(), strict=True))


def test_what_she_bought_twice_is_counted_by_days() -> None:
    found = describe(0, 0)
    assert found["orders"] == 2
    for days in HALF_LIVES:
        expected = 2 ** (-100 / days) + 2 ** (-60 / days)
        assert found[f"orders, half-life {days:g} days"] == pytest.approx(expected)
    assert found["pieces"] == pytest.approx(np.log([3, 2, 5]).sum())
    assert found["days since she bought it"] == pytest.approx(60)
    assert found["days between her orders of it"] == pytest.approx(40)
    assert found["how due it is"] == pytest.approx(60 / 40)
    assert found["her days with an order"] == 3
    assert found["share of her orders with it"] == pytest.approx(2 / 3)
    assert found["days since her last order"] == pytest.approx(40)
    assert found["days since she bought it, before her last order"] == pytest.approx(20)
    assert found["her different products"] == 2


def test_a_look_is_no_order() -> None:
    found = describe(1, 2)
    assert found["orders"] == 0
    assert found["looks"] == pytest.approx(0.1 * 2 ** (-3 / 14), rel=1e-5)
    assert found["days since she bought it"] == NEVER
    assert found["her days with an order"] == 1


def test_who_did_nothing_has_features_too() -> None:
    found = describe(2, 0)
    assert all(np.isfinite(list(found.values())))
    assert found["orders"] == found["her days with an order"] == found["score among hers"] == 0


def test_a_score_is_seen_among_all_of_hers() -> None:
    assert describe(0, 2)["score"] == 3
    assert describe(0, 2)["score among hers"] == pytest.approx(np.sqrt(1.5))
    assert describe(1, 0)["score among hers"] == 0  # all of hers are equal


def test_facts_of_a_product_count_its_buyers() -> None:
    rows, now = make_rows(), NOW * MS_PER_DAY
    facts = dict(
        zip(product_facts.NAMES, gather_facts(rows, gather_pairs(rows, now), now), strict=True)
    )
    assert facts["bought in 7 days"].tolist() == [1, 0, 0]
    assert facts["bought in 90 days"].tolist() == [2, 1, 0]
    assert facts["bought ever"].tolist() == [2, 1, 0]
    assert facts["7 days of 30"].tolist() == pytest.approx([0.5, 0, 0])
    assert facts["days in the shop"].tolist() == pytest.approx([100, 40, 3])
    assert facts["share who buy again"].tolist() == pytest.approx([2 / 6, 1 / 5, 1 / 4])
    assert facts["days between orders"].tolist() == pytest.approx([40, 40, 40])
    assert count_buyers(rows, now, np.inf).tolist() == [2, 1, 0]


def test_pairs_of_nothing_are_none() -> None:
    empty = make_rows().until(0)
    pairs = gather_pairs(empty, NOW * MS_PER_DAY)
    assert len(pairs.keys) == 0
    assert gather_facts(empty, pairs, NOW * MS_PER_DAY).shape == (len(product_facts.NAMES), 3)


def test_what_she_gave_back_is_not_hers_until_she_buys_it_again() -> None:
    now = NOW * MS_PER_DAY
    rows = make_history(
        np.array([1, 1, 1, 1, 1]), np.array([10, 10, 20, 20, 20]),
        np.array([900, 910, 900, 910, 920]) * MS_PER_DAY, kinds=np.array([0, 1, 0, 1, 0]),
        types=("purchase", "return"), weights={"purchase": 1.0, "return": -1.0},
    )  # fmt: skip
    pairs = gather_pairs(rows, now)
    assert pairs.keys.tolist() == [1]
    assert pairs.orders.tolist() == [1]
    assert pairs.days_since.tolist() == [80]
