"""A made-up shop whose rules are known: tastes, regular repeats, and a product that comes up."""

from __future__ import annotations

import numpy as np

from ballyhoo.plugins.cf_recommender.models.history import MS_PER_DAY, History, make_history

START = 1_700_006_400_000  # a midnight
GROUPS = 4
PRODUCTS_EACH = 15


def make_shop(*, customers: int = 320, days: int = 200, seed: int = 0) -> History:
    """Return purchases of customers who each love one of four groups of products.

    Each has two products of her group that she buys again every 20 to 40 days; else she buys
    others of her group, and seldom some of elsewhere.
    """
    rng = np.random.default_rng(seed)
    who, what, when = [], [], []
    for customer in range(customers):
        group = customer % GROUPS
        staples = rng.choice(PRODUCTS_EACH, 2, replace=False) + group * PRODUCTS_EACH
        for product in staples:
            every = rng.uniform(20, 40)
            for day in np.arange(rng.uniform(0, every), days, every):
                who.append(customer), what.append(product), when.append(day + rng.normal(0, 2))
        for day in rng.uniform(0, days, rng.poisson(days / 12)):
            home = rng.random() < 0.9
            product = (
                rng.integers(PRODUCTS_EACH) + group * PRODUCTS_EACH
                if home
                else rng.integers(GROUPS * PRODUCTS_EACH)
            )
            who.append(customer), what.append(product), when.append(day)
    at = START + (np.clip(when, 0, days - 0.01) * MS_PER_DAY).astype(np.int64)
    return make_history(
        np.array(who) * 3 + 1_000, np.array(what) * 7 + 50, at, products=_all_products()
    )


def _all_products() -> np.ndarray:
    return np.arange(GROUPS * PRODUCTS_EACH) * 7 + 50
