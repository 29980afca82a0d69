"""Fits a model to a history."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .history import History
from .model import Model

EASE_LIMIT = 10_000
"""Up to how many products `auto` is `ease`: it holds two matrices of products x products."""


def fit_model(
    history: History,
    *,
    now: int,
    algorithm: str = "auto",
    settings: Mapping[str, Any] | None = None,
    half_life_days: float | None = 90.0,
    seed: int = 0,
    progress: Callable[[str], None] | None = None,
) -> Model:
    """Return a model of what was before a moment.

    Args:
        history: What customers did; only what was before `now` is looked at.
        now: UTC milliseconds.
        algorithm: `ease`, or `auto`, which takes what suits the number of products.
        settings: Of the algorithm, by name.
        half_life_days: After how long an event counts half when customers are scored; None:
            never.
        seed: Of what is drawn at random.
        progress: Is told what is done next.
    """
    from .ease import Ease
    from .item_weights import ItemWeights
    from .profiles import count_popularity, make_profiles
    from .trainset import ColumnTrainset

    known = history.until(now)
    if progress:
        progress(f"fitting ease to {len(known):,} events")
    pairs = make_profiles(known, now, unary=True).tocoo()
    trainset = ColumnTrainset(
        pairs.row, pairs.col, pairs.data, raw_users=known.customer_ids, raw_items=known.product_ids
    )
    fitted = Ease(**(settings or {})).fit(trainset)
    return Model(
        algorithm="ease",
        notes=(),
        fitted_at=now,
        half_life_days=half_life_days,
        product_ids=known.product_ids,
        popularity=count_popularity(known, now, 30),
        weights=ItemWeights(weights=fitted.weights),
    )
