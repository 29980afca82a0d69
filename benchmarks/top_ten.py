"""How long the ten best of all customers take: Surprise's own way, implicit, and ours."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from staff import read_peak_mb

FACTORS = 64
K = 10
ROWS_AT_ONCE = 1_000
SCRIPT = Path(__file__).with_name("recommendation.py")
BOUGHT_EACH = 40


def measure_speed(
    ratings: Any, *, share: int, epochs: int, report: Callable[[str], None]
) -> dict[str, Any]:
    """Return times of the ten best for all users of MovieLens-100k, on one thread.

    Args:
        ratings: The ratings.
        epochs: Of SVD; how long it takes to score does not depend on them.
        share: Surprise's own way is taken for every so-manieth user and multiplied.
        report: Is told each step.
    """
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        fitted, seconds = _fit(ratings, epochs)
        calls = {
            "svd": lambda: _take(fitted["svd"], fitted["rated"]),
            "ease": lambda: _take(fitted["ease"], fitted["rated"]),
        }
        peer = _fit_implicit(fitted["rated"], report)
        if peer is not None:
            calls["implicit"], seconds["implicit"] = peer
        times = _time(calls)
        times["surprise"] = _time_surprise(fitted["svd"], ratings, share) * share
    report("top 10 in seconds: " + ", ".join(f"{name} {one:.4f}" for name, one in times.items()))
    report("fit in seconds: " + ", ".join(f"{name} {one:.1f}" for name, one in seconds.items()))
    implicit = times.get("implicit")
    return {
        "surprise_speedup": round(times["surprise"] / times["svd"]),
        "implicit_time_ratio": None if implicit is None else round(times["svd"] / implicit, 2),
        "ease_time_ratio": None if implicit is None else round(times["ease"] / implicit, 2),
        "top_ten_seconds": {name: round(one, 4) for name, one in times.items()},
        "ml100k_fit_seconds": {name: round(one, 2) for name, one in seconds.items()},
    }


def _fit(ratings: Any, epochs: int) -> tuple[dict[str, Any], dict[str, float]]:
    from ballyhoo.plugins.cf_recommender.models.ease import Ease
    from ballyhoo.plugins.cf_recommender.models.trainset import make_unary
    from ballyhoo.plugins.cf_recommender.models.unary_svd import UnarySvd

    trainset = ratings.make_trainset()
    fitted: dict[str, Any] = {"rated": make_unary(trainset)}
    seconds = {}
    for name, algorithm in (
        ("svd", UnarySvd(n_factors=FACTORS, n_epochs=epochs)),
        ("ease", Ease()),
    ):
        began = time.perf_counter()
        fitted[name] = algorithm.fit(trainset)
        seconds[name] = time.perf_counter() - began
    return fitted, seconds


def _take(algorithm: Any, rated: Any) -> Any:
    """Return the ten best of all users, without what they rated."""
    from ballyhoo.plugins.cf_recommender.models.top_n import take_top

    allowed = np.ones(rated.shape, np.bool_)
    allowed[np.repeat(np.arange(rated.shape[0]), np.diff(rated.indptr)), rated.indices] = False
    return take_top(algorithm.score_users(np.arange(rated.shape[0])), allowed, K)


def _time(calls: dict[str, Callable[[], Any]], rounds: int = 25) -> dict[str, float]:
    """Return how long each call takes at best, in seconds; they take turns."""
    found = dict.fromkeys(calls, np.inf)
    for _ in range(rounds):
        for name, call in calls.items():
            began = time.perf_counter()
            call()
            found[name] = min(found[name], time.perf_counter() - began)
    return found


def _time_surprise(algorithm: Any, ratings: Any, share: int) -> float:
    """Return how long build_anti_testset, test and a sort take for every so-manieth user."""
    users = np.arange(0, len(ratings.user_ids), share)
    place = np.full(len(ratings.user_ids), -1, np.int32)
    place[users] = np.arange(len(users))
    rows = place[ratings.users] >= 0
    few = replace(
        ratings, users=place[ratings.users[rows]], items=ratings.items[rows],
        stars=ratings.stars[rows], user_ids=ratings.user_ids[users],
    ).make_trainset()  # fmt: skip
    began = time.perf_counter()
    best: dict[Any, list[tuple[float, Any]]] = {}
    for found in algorithm.test(few.build_anti_testset()):
        best.setdefault(found.uid, []).append((found.est, found.iid))
    for ranked in best.values():
        ranked.sort(key=lambda one: one[0], reverse=True)
        del ranked[K:]
    return time.perf_counter() - began


def _fit_implicit(
    rated: Any, report: Callable[[str], None]
) -> tuple[Callable[[], Any], float] | None:
    """Return a call of implicit's ALS for the same, and how long its fit took; None without it."""
    try:
        from implicit.als import AlternatingLeastSquares
    except ImportError:
        report("not measured: implicit is not installed (the extra `bench`)")
        return None
    from scipy.sparse import csr_matrix

    matrix = csr_matrix(rated)
    model = AlternatingLeastSquares(factors=FACTORS, num_threads=1, random_state=0)
    began = time.perf_counter()
    model.fit(matrix, show_progress=False)
    seconds = time.perf_counter() - began
    everybody = np.arange(matrix.shape[0])
    return lambda: model.recommend(everybody, matrix, N=K), seconds


def measure_scale(customers: int, products: int) -> dict[str, Any]:
    """Return seconds and memory of the ten best for many customers, in a process of its own."""
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "--many", str(customers), str(products)],
        check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def run_scale(customers: int, products: int) -> dict[str, Any]:
    """Take the ten best of synthetic customers by factors, block by block, on one thread."""
    from threadpoolctl import threadpool_limits

    from ballyhoo.plugins.cf_recommender.models.top_n import take_top

    rng = np.random.default_rng(0)
    of_customers = rng.normal(size=(customers, FACTORS)).astype(np.float32)
    of_products = rng.normal(size=(products, FACTORS)).astype(np.float32)
    bought = rng.integers(0, products, (customers, BOUGHT_EACH), dtype=np.int32)
    best = np.empty((customers, K), np.int32)
    with threadpool_limits(1):
        began, busy = time.perf_counter(), time.process_time()
        allowed = np.ones((ROWS_AT_ONCE, products), np.bool_)
        for start in range(0, customers, ROWS_AT_ONCE):
            rows = of_customers[start : start + ROWS_AT_ONCE]
            hers = bought[start : start + ROWS_AT_ONCE]
            block = allowed[: len(rows)]
            np.put_along_axis(block, hers.astype(np.intp), False, axis=1)
            best[start : start + ROWS_AT_ONCE], _ = take_top(rows @ of_products.T, block, K)
            np.put_along_axis(block, hers.astype(np.intp), True, axis=1)
        seconds, busy = time.perf_counter() - began, time.process_time() - busy
    return {
        "scale_customers": customers,
        "scale_products": products,
        "scale_seconds": round(seconds, 1),
        "scale_cpu_seconds": round(busy, 1),
        "scale_peak_mb": round(read_peak_mb(os.getpid())),
    }
