"""Fits a model to a history."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .algorithms import choose_algorithm, fit_weights
from .history import History
from .item_weights import Weights
from .learning import learn_ranker
from .model import Model
from .product_facts import count_buyers
from .windows import Mixing


def fit_model(
    history: History,
    *,
    now: int,
    algorithm: str = "auto",
    settings: Mapping[str, Any] | None = None,
    half_life_days: float | None = 90.0,
    popularity_days: float = 30.0,
    popularity_weight: float = 0.5,
    learn: bool = True,
    seed: int = 0,
    progress: Callable[[str], None] | None = None,
) -> Model:
    """Return a model of what was before a moment.

    Args:
        history: What customers did; only what was before `now` is looked at.
        now: UTC milliseconds.
        algorithm: `ease`, `svd`, `ials`, `item_knn`, `surprise.` and one of Surprise's own, or
            `auto`, which takes what suits the number of products.
        settings: Of the algorithm, by name.
        half_life_days: After how long an event counts half when customers are scored; None:
            never.
        popularity_days: How far back popularity is counted.
        popularity_weight: How much it counts beside the algorithm where no ranker is learned.
        learn: Whether a ranker is learned from the shop's own past, when there is enough of it.
        seed: Of what is drawn at random.
        progress: Is told what is done next.

    Raises:
        RecipeError: There is no such algorithm, or it does not take such settings.
    """
    known = history.until(now)
    say = progress or (lambda line: None)

    def fit(rows: History, moment: int) -> Weights:
        return fit_weights(name, rows, moment, settings=settings or {}, seed=seed)

    name, notes = choose_algorithm(algorithm, known.shape[1])
    say(f"fitting {name} to {len(known):,} events")
    weights = fit(known, now)
    ranker = None
    if learn:
        mixing = Mixing(
            half_life_days=half_life_days,
            popularity_days=popularity_days,
            popularity_weight=popularity_weight,
        )
        ranker, more = learn_ranker(known, now, fit=fit, mixing=mixing, seed=seed, progress=say)
        notes += more
    return Model(
        algorithm=name,
        notes=notes,
        fitted_at=now,
        half_life_days=half_life_days,
        product_ids=known.product_ids,
        popularity=count_buyers(known, now, popularity_days),
        popularity_weight=popularity_weight,
        weights=weights,
        ranker=ranker,
    )
