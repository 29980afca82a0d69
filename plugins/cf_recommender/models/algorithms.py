"""Fits the algorithm that a recipe names, and keeps of it what scoring needs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import surprise
from scipy import sparse

from ballyhoo import RecipeError

from .ease import Ease
from .factors import FactorWeights
from .history import History
from .ials import Ials
from .item_knn import ItemKnn
from .item_weights import ItemWeights, SparseItemWeights, Weights
from .known_scores import KnownScores
from .profiles import make_profiles
from .surprise_blocks import score_block
from .trainset import ColumnTrainset
from .unary_svd import UnarySvd, sample_negatives

OF_SURPRISE = (
    "SVD", "SVDpp", "NMF", "SlopeOne", "CoClustering", "KNNBasic", "KNNWithMeans",
    "KNNWithZScore", "KNNBaseline", "BaselineOnly", "NormalPredictor",
)  # fmt: skip
"""Surprise's own algorithms; a recipe says `surprise.` before the name."""

EASE_LIMIT = 10_000
"""Up to how many products `auto` is `ease`: it holds matrices of products x products."""

MOST_SCORES = 100_000_000
"""How many scores an algorithm that cannot fold customers in may keep: 400 MB."""

_NEGATIVES = 8
_UNOBSERVED = 0.1
_FOLD_IN_REG = 1.0
_ROWS_AT_ONCE = 256


def choose_algorithm(name: str, products: int) -> tuple[str, tuple[str, ...]]:
    """Return the algorithm that is meant, and what a person should know of the choice.

    Args:
        name: As the recipe has it; `auto` is `ease`, and `item_knn` for more than 10,000 products.
        products: How many there are.
    """
    if name != "auto":
        return name, ()
    if products <= EASE_LIMIT:
        return "ease", ()
    return "item_knn", (
        f"The shop has {products:,} products, and 'ease' would need matrices of all by all: "
        f"'item_knn' was taken, as above {EASE_LIMIT:,}",
    )


def fit_weights(
    name: str, history: History, now: int, *, settings: Mapping[str, Any], seed: int
) -> Weights:
    """Return what an algorithm has learned of the products.

    Args:
        name: `ease`, `svd`, `ials`, `item_knn`, or `surprise.` and one of Surprise's own.
        history: What customers did, all before `now`.
        now: UTC milliseconds.
        settings: Arguments of the algorithm by name. For Surprise's own also `negatives`: how
            many zeros are drawn for each pair (8); with 0 its ratings are the weights of events.
        seed: Of what is drawn at random, unless the settings say another.

    Raises:
        RecipeError: There is no such algorithm, or no such setting.
    """
    if not len(history):  # whatever the algorithm, nothing speaks for anything
        size = history.shape[1]
        return SparseItemWeights(weights=sparse.csr_array((size, size), dtype=np.float32))
    try:
        if name.startswith("surprise."):
            return _fit_own_of_surprise(name, history, now, dict(settings), seed)
        trainset = _make_trainset(history, now)
        if name == "ease":
            return ItemWeights(weights=Ease(**settings).fit(trainset).weights)
        if name == "item_knn":
            return SparseItemWeights(weights=ItemKnn(**settings).fit(trainset).weights)
        if name == "svd":
            svd = UnarySvd(**{"random_state": seed, **settings}).fit(trainset)
            return FactorWeights(
                factors=svd.qi.astype(np.float32), unobserved=_UNOBSERVED, reg=_FOLD_IN_REG
            )
        if name == "ials":
            als = Ials(**{"random_state": seed, **settings}).fit(trainset)
            return FactorWeights(
                factors=als.qi.astype(np.float32), unobserved=als.unobserved, reg=als.reg
            )
    except TypeError as error:
        raise RecipeError(
            f"The algorithm {name!r} does not take these settings: {error}",
            hint="see its settings in the reference of the plugin",
        ) from None
    raise RecipeError(
        f"There is no algorithm {name!r}", hint="auto, ease, svd, ials, item_knn, ..."
    )


def _make_trainset(history: History, now: int) -> ColumnTrainset:
    pairs = make_profiles(history, now, unary=True).tocoo()
    return ColumnTrainset(
        pairs.coords[0],
        pairs.coords[1],
        pairs.data,
        raw_users=history.customer_ids,
        raw_items=history.product_ids,
    )


def _fit_own_of_surprise(
    name: str, history: History, now: int, settings: dict[str, Any], seed: int
) -> Weights:
    if name.removeprefix("surprise.") not in OF_SURPRISE:
        raise RecipeError(
            f"Surprise has no algorithm {name!r}",
            hint="one of " + ", ".join(f"surprise.{one}" for one in OF_SURPRISE),
        )
    algorithm = getattr(surprise, name.removeprefix("surprise."))
    if history.shape[0] * history.shape[1] > MOST_SCORES:
        raise RecipeError(
            f"{name} keeps a score for every customer and product, and this shop has "
            f"{history.shape[0]:,} x {history.shape[1]:,} of them",
            hint="take auto, ease, svd, ials or item_knn",
        )
    negatives = settings.pop("negatives", _NEGATIVES)
    pairs = make_profiles(history, now).tocoo()
    users, items = pairs.coords
    values = np.ones(len(users)) if negatives else pairs.data.astype(np.float64)
    if negatives:
        rng = np.random.default_rng(seed)
        more = sample_negatives(users, items, history.shape, negatives, rng)
        users, items = np.concatenate([users, more[0]]), np.concatenate([items, more[1]])
        values = np.concatenate([values, np.zeros(len(more[0]))])
    scale = (float(values.min(initial=0)), float(values.max(initial=1)))
    trainset = ColumnTrainset(
        users, items, values, rating_scale=scale,
        raw_users=history.customer_ids, raw_items=history.product_ids,
    )  # fmt: skip
    if algorithm in (surprise.SVD, surprise.SVDpp, surprise.NMF, surprise.CoClustering):
        settings.setdefault("random_state", seed)
    if algorithm.__name__.startswith("KNN"):
        settings.setdefault("verbose", False)
    fitted = algorithm(**settings).fit(trainset)
    known = np.unique(users)
    table = np.empty((len(known), history.shape[1]), np.float32)
    for start in range(0, len(known), _ROWS_AT_ONCE):
        part = slice(start, start + _ROWS_AT_ONCE)
        table[part] = score_block(fitted, known[part])
    mean = table.mean(axis=0) if len(table) else np.zeros(history.shape[1], np.float32)
    return KnownScores(customer_ids=history.customer_ids[known], table=table, mean=mean)
