"""The ranker learns from the past of a made-up shop whose rules are known."""

from __future__ import annotations

import numpy as np
import pytest

from ballyhoo.plugins.cf_recommender.models.fitting import fit_model
from ballyhoo.plugins.cf_recommender.models.history import MS_PER_DAY, History, make_history
from ballyhoo.plugins.cf_recommender.models.top_n import take_top
from ballyhoo.plugins.cf_recommender.models.windows import plan_windows
from tests.plugins.cf_recommender.models.toy_shop import START, make_shop

SHOP = make_shop(days=210)
NOW = START + 200 * MS_PER_DAY


def count_hits(scores: np.ndarray, rows: History, later: History, n: int = 1) -> float:
    """Return how many of the first n were bought in the days after."""
    top, _ = take_top(scores, None, n)
    bought = np.zeros(rows.shape, np.bool_)
    bought[later.customers, later.products] = True
    return float(np.take_along_axis(bought, top, axis=1).mean())


def test_what_it_learned_is_better_than_fixed_weights_in_a_window_that_it_never_saw() -> None:
    before = SHOP.until(NOW)
    later = SHOP.until(NOW + 10 * MS_PER_DAY)
    later = later.take(slice(len(before), len(later)))
    learned = fit_model(SHOP, now=NOW)
    fixed = fit_model(SHOP, now=NOW, learn=False)
    assert learned.ranker is not None
    assert set(learned.ranker.tasks) >= {"replenish"}
    better = count_hits(learned.score("replenish", before, NOW), before, later)
    worse = count_hits(fixed.score("replenish", before, NOW), before, later)
    assert better > worse + 0.02  # regular repeats are due or not, which counts do not see


def test_what_comes_after_now_changes_nothing() -> None:
    until_now = make_history(
        SHOP.customer_ids[SHOP.until(NOW).customers], SHOP.product_ids[SHOP.until(NOW).products],
        SHOP.until(NOW).at, customers=SHOP.customer_ids, products=SHOP.product_ids,
    )  # fmt: skip
    one, two = fit_model(SHOP, now=NOW, seed=3), fit_model(until_now, now=NOW, seed=3)
    for task in ("discover", "replenish"):
        np.testing.assert_array_equal(one.score(task, SHOP, NOW), two.score(task, until_now, NOW))


def test_a_shop_that_is_too_young_gets_fixed_weights_and_a_note() -> None:
    young = START + 20 * MS_PER_DAY
    model = fit_model(SHOP, now=young)
    assert model.ranker is None
    assert "too little history" in " ".join(model.notes)
    scores = model.score("replenish", SHOP, young)
    bought = SHOP.until(young)
    top, _ = take_top(scores[bought.customers[:1]], None, 1)
    hers = bought.products[bought.customers == bought.customers[0]]
    assert top[0, 0] in hers


def test_windows_lie_before_now_and_are_shorter_in_a_young_shop() -> None:
    windows = plan_windows(SHOP, NOW)
    assert windows[0][1] == NOW
    assert [(end - start) / MS_PER_DAY for start, end in windows] == pytest.approx([30, 30, 30])
    young = plan_windows(SHOP.until(START + 40 * MS_PER_DAY), START + 40 * MS_PER_DAY)
    assert (young[0][1] - young[0][0]) / MS_PER_DAY == pytest.approx(10, abs=0.1)
    assert young[-1][0] >= START
    assert plan_windows(SHOP.until(START), NOW) == []


def test_noise_is_not_learned_from() -> None:
    rng = np.random.default_rng(0)
    size = 6_000
    noise = make_history(
        rng.integers(0, 400, size), rng.integers(0, 60, size),
        START + rng.integers(0, 200 * MS_PER_DAY, size),
    )  # fmt: skip
    model = fit_model(noise, now=NOW)
    dropped = {"discover", "replenish"} - set(model.ranker.tasks if model.ranker else ())
    assert len(model.notes) == len(dropped)
    for task in dropped:
        assert task in " ".join(model.notes)
    assert np.isfinite(model.score("discover", noise, NOW)).all()
