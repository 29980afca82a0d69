"""A real shop by rolling windows of 30 days: what the model ranks first, and what was bought."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

DAYS = 30
MS_PER_DAY = 86_400_000
K = 10


def read_history(folder: Path) -> Any:
    """Return the purchases of a folder with online_retail.parquet; None without it."""
    from ballyhoo.plugins.cf_recommender.models.history import make_history

    rows = _read_rows(folder)
    if rows is None:
        return None
    _, products = np.unique(_read_texts(rows, "StockCode"), return_inverse=True)
    return make_history(
        rows["Customer ID"].to_numpy().astype(np.int64),
        products,
        _read_texts(rows, "InvoiceDate").astype("datetime64[ms]").astype(np.int64),
        quantities=rows["Quantity"].to_numpy(),
    )


def read_titles(folder: Path) -> list[str]:
    """Return the title of each product of `read_history`: what its rows call it most often."""
    rows = _read_rows(folder)
    codes, products = np.unique(_read_texts(rows, "StockCode"), return_inverse=True)
    names, named = np.unique(_read_texts(rows, "Description"), return_inverse=True)
    pairs, counts = np.unique(np.stack([products, named]), axis=1, return_counts=True)
    titles = [""] * len(codes)
    for place in np.argsort(counts, kind="stable"):
        titles[pairs[0, place]] = str(names[pairs[1, place]])
    return titles


def _read_rows(folder: Path) -> Any:
    """Return the rows of the file that are purchases of products; None without the file.

    Rows without a customer, cancellations, rows without a price, and codes that are no product
    (they do not begin with five digits) are left out.
    """
    path = folder / "online_retail.parquet"
    if not path.exists():
        return None
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    rows = pq.read_table(path)
    kept = pc.and_(
        pc.and_(
            pc.is_valid(rows["Customer ID"]),
            pc.invert(pc.starts_with(pc.cast(rows["Invoice"], "string"), "C")),
        ),
        pc.and_(
            pc.match_substring_regex(pc.cast(rows["StockCode"], "string"), r"^\d{5}"),
            pc.and_(pc.greater(rows["Price"], 0), pc.greater(rows["Quantity"], 0)),
        ),
    )
    return rows.filter(kept)


def _read_texts(rows: Any, column: str) -> Any:
    import pyarrow.compute as pc

    return pc.cast(rows[column], "string").to_numpy(zero_copy_only=False).astype(str)


def measure_windows(history: Any, windows: int, report: Callable[[str], None]) -> dict[str, Any]:
    """Return figures over the last windows, each ranked by a model of what was before it.

    `discover`: products that she has not bought, beside what most people bought in the 30 days
    before. `replenish`: any product, beside her own history (on how many days she bought it, then
    the same popularity). Customers who bought before and in the window are judged. Means are of
    the windows' means; a customer of several windows is drawn as one.
    """
    from ballyhoo import bootstrap_difference

    end = int(history.at[-1]) + 1
    found = [
        measure_window(history, end - (one + 1) * DAYS * MS_PER_DAY, end - one * DAYS * MS_PER_DAY)
        for one in reversed(range(windows))
    ]
    figures: dict[str, Any] = {"shop_windows": []}
    for task, peer in (("discover", "popular"), ("replenish", "own history")):
        ours = np.concatenate([one[task][0] for one in found])
        theirs = np.concatenate([one[task][1] for one in found])
        people = np.concatenate([one[task][2] for one in found])
        weights = np.concatenate(
            [np.full(len(one[task][0]), 1 / len(one[task][0])) for one in found]
        )
        lift = bootstrap_difference(ours, theirs, groups=people, weights=weights)
        figures[f"{task}_ndcg10"] = round(float(np.average(ours, weights=weights)), 4)
        figures[f"{task}_peer_ndcg10"] = round(float(np.average(theirs, weights=weights)), 4)
        figures[f"{task}_lift"] = round(lift.value, 4)
        figures[f"{task}_lift_low"] = round(lift.low, 4)
        report(f"{task}: {figures[f'{task}_ndcg10']}, {peer} {figures[f'{task}_peer_ndcg10']}")
    for one in found:
        line = {
            name: round(float(one[task][which].mean()), 4)
            for task, which, name in (
                ("discover", 0, "discover"), ("discover", 1, "popular"),
                ("replenish", 0, "replenish"), ("replenish", 1, "own history"),
            )
        }  # fmt: skip
        figures["shop_windows"].append(line)
        report(f"window: {line}")
    figures["fit_seconds"] = round(max(one["seconds"] for one in found), 1)
    figures["fit_cpu_seconds"] = round(max(one["busy"] for one in found), 1)
    return figures


def measure_window(history: Any, start: int, end: int) -> dict[str, Any]:
    """Return nDCG@10 per customer, of the model and of its peer, for both tasks."""
    from ballyhoo.plugins.cf_recommender.models.fitting import fit_model
    from ballyhoo.plugins.cf_recommender.models.product_facts import count_buyers

    before = history.until(start)
    after = history.until(end).take(slice(len(before), len(history.until(end))))
    began, busy = time.perf_counter(), time.process_time()
    model = fit_model(before, now=start)
    seconds, busy = time.perf_counter() - began, time.process_time() - busy
    people = np.intersect1d(before.customers, after.customers)
    rows, bought = before.of_customers(people), after.of_customers(people)
    is_hers = np.zeros(rows.shape, np.bool_)
    is_hers[rows.customers, rows.products] = True
    is_sold = count_buyers(before, start, np.inf) > 0
    popular = count_buyers(before, start, DAYS)
    days = np.zeros(rows.shape, np.float32)
    keys = np.unique(
        np.stack([rows.customers, rows.products, rows.at // MS_PER_DAY]).astype(np.int64), axis=1
    )
    np.add.at(days, (keys[0], keys[1]), 1)
    own = days * (popular.max() + 1) + popular
    by_popularity = np.broadcast_to(popular, rows.shape)
    is_new = ~is_hers[bought.customers, bought.products]
    new = bought.take(np.flatnonzero(is_new))
    allowed = ~is_hers & is_sold
    return {
        "seconds": seconds,
        "busy": busy,
        "discover": _compare(
            model.score("discover", rows, start), by_popularity, allowed, new, people
        ),
        "replenish": _compare(model.score("replenish", rows, start), own, is_sold, bought, people),
    }


def _compare(
    ours: Any, theirs: Any, allowed: Any, bought: Any, people: Any
) -> tuple[Any, Any, Any]:
    from ballyhoo import judge_rankings
    from ballyhoo.plugins.cf_recommender.models.top_n import take_top

    who = np.unique(bought.customers)
    rows = np.searchsorted(who, bought.customers)
    judged = []
    for scores in (ours, theirs):
        top, _ = take_top(scores[who], allowed if allowed.ndim == 1 else allowed[who], K)
        judged.append(judge_rankings(top, rows, bought.products, k=K).ndcg)
    return judged[0], judged[1], people[who]
