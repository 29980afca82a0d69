"""Scores of Surprise's own algorithms for whole blocks, without one call per pair."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from surprise import (
    NMF,
    SVD,
    AlgoBase,
    BaselineOnly,
    KNNBaseline,
    KNNBasic,
    KNNWithMeans,
    KNNWithZScore,
    PredictionImpossible,
    SVDpp,
)

from .history import Floats
from .trainset import read_columns

Users = npt.NDArray[np.integer[Any]]


def score_block(algorithm: AlgoBase, users: Users) -> Floats:
    """Return estimates [users x items] of a fitted algorithm, not clipped to the rating scale.

    Factors, baselines and neighbours are computed in NumPy; any other algorithm is asked for
    each pair, unless it has a method `score_users` of its own.

    Args:
        algorithm: A fitted algorithm of Surprise, or any other `AlgoBase`.
        users: Inner ids of users that are in its trainset.
    """
    exact = type(algorithm)
    if exact in (SVD, SVDpp, NMF, BaselineOnly):
        return _score_factors(algorithm, users)
    if exact in (KNNBasic, KNNWithMeans, KNNWithZScore, KNNBaseline):
        return _score_neighbours(algorithm, users)
    own = getattr(algorithm, "score_users", None)
    return own(users) if own is not None else _ask_each(algorithm, users)


def _score_factors(algorithm: AlgoBase, users: Users) -> Floats:
    trainset = algorithm.trainset
    scores = np.zeros((len(users), trainset.n_items))
    if type(algorithm) is not BaselineOnly:
        of_users = algorithm.pu[users]
        if type(algorithm) is SVDpp:
            of_users = of_users + _sum_implicit(algorithm, users)
        scores += of_users @ algorithm.qi.T
    if getattr(algorithm, "biased", True):
        scores += trainset.global_mean + algorithm.bu[users][:, None] + algorithm.bi
    return scores.astype(np.float32)


def _sum_implicit(algorithm: AlgoBase, users: Users) -> npt.NDArray[np.float64]:
    """Return what the items that each user rated add to her factors, whatever she gave them."""
    summed = np.zeros((len(users), algorithm.yj.shape[1]))
    for row, user in enumerate(users.tolist()):
        items = [item for item, _ in algorithm.trainset.ur[user]]
        if items:
            summed[row] = algorithm.yj[items].sum(axis=0) / np.sqrt(len(items))
    return summed


def _score_neighbours(algorithm: AlgoBase, users: Users) -> Floats:
    """Return the weighted means over the nearest neighbours that have a rating."""
    trainset = algorithm.trainset
    of_users, of_items, ratings = read_columns(trainset)
    table = np.full((trainset.n_users, trainset.n_items), np.nan)
    table[of_users, of_items] = ratings
    is_by_user = algorithm.sim_options["user_based"]
    known = table if is_by_user else table.T  # [x, y] as Surprise calls them
    shift, scale, base = _centre(algorithm, known)
    centred = (known - shift) / scale
    made = np.empty((len(users), trainset.n_items), np.float32)
    if is_by_user:
        for item in range(trainset.n_items):
            raters = np.array([other for other, _ in algorithm.yr[item]], np.int64)
            made[:, item] = _average(algorithm, users, raters, centred[raters, item])
    else:
        for row, user in enumerate(users.tolist()):
            rated = np.array([other for other, _ in algorithm.yr[user]], np.int64)
            every = np.arange(trainset.n_items)
            made[row] = _average(algorithm, every, rated, centred[rated, user])
    if type(algorithm) is KNNBasic:
        return np.where(np.isnan(made), np.float32(trainset.global_mean), made)
    moved = np.nan_to_num(made, nan=0.0)
    if is_by_user:
        return (moved * scale[users] + base[users]).astype(np.float32)
    return (moved * scale.T[users] + base.T[users]).astype(np.float32)


def _average(
    algorithm: AlgoBase, wanted: Users, neighbours: Users, values: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Return the mean over the k nearest of each wanted one; nan with fewer than min_k."""
    near = algorithm.sim[np.ix_(wanted, neighbours)]
    if near.shape[1] > algorithm.k:
        nearest = np.argsort(-near, axis=1, kind="stable")[:, : algorithm.k]  # as nlargest
        near, values = np.take_along_axis(near, nearest, axis=1), values[nearest]
    near = np.where(near > 0, near, 0)
    total = near.sum(axis=1)
    few = (np.count_nonzero(near, axis=1) < algorithm.min_k) | (total == 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(few, np.nan, (near * values).sum(axis=1) / total)


def _centre(
    algorithm: AlgoBase, known: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Return what is taken from ratings [x, y], their divisor, and where estimates start."""
    one, none = np.ones(known.shape), np.zeros(known.shape)
    if type(algorithm) is KNNBasic:
        return none, one, none
    if type(algorithm) is KNNBaseline:
        baseline = algorithm.trainset.global_mean + algorithm.bx[:, None] + algorithm.by[None, :]
        return baseline, one, baseline
    means = np.broadcast_to(algorithm.means[:, None], known.shape)
    if type(algorithm) is KNNWithZScore:
        spread = np.where(algorithm.sigmas > 0, algorithm.sigmas, 1)[:, None]
        return means, np.broadcast_to(spread, known.shape), means
    return means, one, means


def _ask_each(algorithm: AlgoBase, users: Users) -> Floats:
    trainset = algorithm.trainset
    scores = np.full((len(users), trainset.n_items), algorithm.default_prediction(), np.float32)
    for row, user in enumerate(users.tolist()):
        for item in range(trainset.n_items):
            try:
                found = algorithm.estimate(user, item)
            except PredictionImpossible:
                continue
            scores[row, item] = found[0] if isinstance(found, tuple) else found
    return scores
