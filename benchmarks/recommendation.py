"""How good and how fast recommendations are, beside other libraries, on public data.

- `ml100k_ndcg10`, `ml100k_ease_ndcg10`: MovieLens-100k by the protocol of Microsoft's Recommenders
  (three quarters of each item's ratings are trained on, seed 42), nDCG@10 of the blend of
  algorithms and of EASE alone; their own best is 0.469 to 0.475. No popularity is mixed in;
- `svd_rmse`: Surprise's SVD by five-fold cross-validation on columns; its README has 0.934;
- `discover_ndcg10`, `discover_lift_low`: a real shop (Online Retail) over rolling windows of 30
  days, products that are new to the customer, and the lower bound of the difference to what is
  popular (paired bootstrap, 95 %); `replenish_ndcg10`, `replenish_lift_low`: any product, beside
  her own history. Every window is ranked by the defaults;
- `surprise_speedup`: the ten best of all users of MovieLens-100k by Surprise's own way
  (build_anti_testset, test, sort) to our way with the same factors, one thread;
- `implicit_time_ratio`, `ease_time_ratio`: the same by factors, and by EASE, to `implicit`'s ALS
  with as many factors, one thread;
- `fit_seconds`: the slowest fit of the shop's windows, with all that is learned from the past.

What cannot be measured is null: without the folders `movielens-100k` and `online-retail` of
`--data`, and without `implicit`.

    python benchmarks/recommendation.py [--quick] [--save] [--data DIR]
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before NumPy: implicit warns of its threads

from movielens import measure_ranking, measure_rmse, read_ratings
from record import save_result
from retail import measure_windows, read_history
from top_ten import measure_scale, measure_speed, run_scale

ROOT = Path(__file__).parent.parent
KEYS = (
    "ml100k_ndcg10", "ml100k_ease_ndcg10", "svd_rmse", "discover_ndcg10", "discover_lift_low",
    "replenish_ndcg10", "replenish_lift_low", "surprise_speedup", "implicit_time_ratio",
    "ease_time_ratio", "fit_seconds",
)  # fmt: skip
PACKAGES = ("ballyhoo", "numpy", "scipy", "scikit-learn", "scikit-surprise", "implicit")


def main() -> None:
    """Measure, print a line for each step, and the figures as one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="one window, one fold, fewer users")
    parser.add_argument("--save", action="store_true", help="keep it in benchmarks/results/")
    parser.add_argument(
        "--data", type=Path, default=ROOT.parent / "shared" / "data",
        help="the folder with movielens-100k/ and online-retail/",
    )  # fmt: skip
    parser.add_argument("--many", type=int, nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.many:
        print(json.dumps(run_scale(*arguments.many)))
        return
    figures = measure(arguments.data, quick=arguments.quick)
    if arguments.save:
        save_result("recommendation", figures, PACKAGES)
    print(json.dumps(figures))


def measure(data: Path, *, quick: bool) -> dict[str, Any]:
    """Return the figures; null what there is no data for."""
    figures: dict[str, Any] = dict.fromkeys(KEYS)
    ratings = read_ratings(data / "movielens-100k")
    if ratings is None:
        report(f"not measured: there is no movielens-100k/u.data in {data}")
    else:
        figures |= measure_ranking(ratings)
        report(f"nDCG@10: EASE {figures['ml100k_ease_ndcg10']}, blend {figures['ml100k_ndcg10']}")
        figures["svd_rmse"] = measure_rmse(ratings, folds=1 if quick else 5)
        figures |= measure_speed(
            ratings, share=10 if quick else 1, epochs=5 if quick else 60, report=report
        )
    history = read_history(data / "online-retail")
    windows = 1 if quick else 6
    if history is None:
        report(f"not measured: there is no online-retail/online_retail.parquet in {data}")
    else:
        figures |= measure_windows(history, windows, report)
    figures |= measure_scale(20_000 if quick else 200_000, 10_000)
    report(f"top 10 of many: {figures['scale_seconds']} s, {figures['scale_peak_mb']} MB at most")
    figures["scale"] = (
        f"MovieLens-100k; Online Retail, {windows} windows of 30 days; "
        f"{figures['scale_customers']:,} x {figures['scale_products']:,} by factors"
    )
    return figures


def report(line: str) -> None:
    """Say on standard error how far it is."""
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
