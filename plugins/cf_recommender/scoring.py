"""Scores all products of the shop for a block of customers, by the task."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from .batch import Batch
from .cold import score_cold
from .learned import Learned
from .models.known_scores import KnownScores
from .options import CfOptions
from .starting_points import StartingPoints

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Scores:
    """Scores of a block; all finite.

    Attributes:
        values: [customers x products].
        fits: Which of them say something of this customer; the others only fill up.
        fillers: Scores of those that fill up: recent popularity, [customers x products].
        points: What `similar` and `together` started from, or None.
        by_point: What each starting point says, [different points x products], or None.
        point_rows: Of each entry of `points`, its row in `by_point`.
    """

    values: Floats
    fits: npt.NDArray[np.bool_]
    fillers: Floats
    points: StartingPoints | None = None
    by_point: Floats | None = None
    point_rows: npt.NDArray[np.int64] | None = None


def score_products(
    options: CfOptions, learned: Learned, batch: Batch, points: StartingPoints | None, now: int
) -> Scores:
    """Return the scores of all products for the customers of a block.

    Args:
        options: The recipe's block.
        learned: What training left.
        batch: The customers.
        points: What they start from, for `similar` and `together`.
        now: UTC milliseconds.
    """
    popular = np.asarray(learned.demand[batch.countries], np.float32)
    fillers = popular + _weigh_known_categories(learned, batch, popular)
    if points is not None:
        return _score_points(options, learned, batch, points, fillers)
    if options.task == "popular" or batch.rows is None or learned.model is None:
        fits = np.tile(learned.demand[0] > 0, (len(batch), 1))
        if options.task != "popular":
            fits[:] = False
        return Scores(values=popular, fits=fits, fillers=fillers)
    values = np.zeros(popular.shape, np.float32)
    warm = learned.model.score(options.task, batch.rows, now)
    values[:, learned.warm] = warm
    if options.task == "discover" and len(learned.cold):
        values[:, learned.cold] = score_cold(learned, learned.model, batch, warm, now)
    else:
        values[:, learned.cold] = warm.min(axis=1, keepdims=True, initial=0) - 1
    fits = np.repeat(batch.is_known[:, None], len(learned.product_ids), axis=1)
    fits[:, learned.cold] &= learned.nearness.sum(axis=1) > 0 if len(learned.cold) else False
    return Scores(values=values, fits=fits, fillers=fillers)


def _weigh_known_categories(learned: Learned, batch: Batch, popular: Floats) -> Floats:
    """Return what is added to popularity in the categories that a customer looked at.

    It puts all of them before the others: a share is never more than 1.
    """
    if not learned.category_names:
        return np.zeros_like(popular)
    shares = batch.weigh_categories(learned)
    has_one = learned.categories >= 0
    added = np.zeros(popular.shape, np.float32)
    added[:, has_one] = shares[:, learned.categories[has_one]]
    return np.where(popular > 0, added, 0)


def _score_points(
    options: CfOptions, learned: Learned, batch: Batch, points: StartingPoints, fillers: Floats
) -> Scores:
    """Return how near products are to the starting points, or how often they go with them."""
    different, index = np.unique(points.products, return_inverse=True)
    by_point = np.zeros((len(different), len(learned.product_ids)), np.float32)
    model_of = np.full(len(learned.product_ids), -1, np.int64)
    model_of[learned.warm] = np.arange(len(learned.warm))
    for row, place in enumerate(different):
        if model_of[place] >= 0:
            by_point[row, learned.warm] = _find_company(options, learned, int(model_of[place]))
    if options.task == "similar":
        alike = np.asarray(learned.vectors)[different] @ np.asarray(learned.vectors).T
        by_point = (by_point + np.maximum(alike, 0)) / 2
    by_point[np.arange(len(different)), different] = 0
    counts = np.maximum(np.bincount(points.customers, minlength=len(batch)), 1)
    shares = (1 / counts[points.customers]).astype(np.float32)
    starts = sparse.coo_array(
        (shares, (points.customers, index)), shape=(len(batch), len(different))
    )
    values = np.asarray(starts.tocsr() @ by_point, np.float32)
    fits = values > 0
    fits[points.customers, points.products] = False
    return Scores(
        values=values, fits=fits, fillers=fillers,
        points=points, by_point=by_point, point_rows=index,
    )  # fmt: skip


def _find_company(options: CfOptions, learned: Learned, product: int) -> Floats:
    """Return how strongly products of the model go with one of them, 0 to 1.

    That is what was bought in one order with it; and for `similar`, or where nothing ever was, what
    those like who like it.
    """
    found = np.zeros(len(learned.warm), np.float32)
    partners = learned.partners[product]
    if options.task == "together" and partners[0] >= 0:
        is_one = partners >= 0
        found[partners[is_one]] = learned.bonds[product][is_one]
        return found
    if learned.model is None or isinstance(learned.model.weights, KnownScores):
        return found
    found = np.maximum(learned.model.similar(np.array([product], np.int32))[0], 0)
    return np.asarray(found / max(float(found.max(initial=0)), 1e-9), np.float32)
