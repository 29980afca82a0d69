"""Learns a ranker from windows of the shop's own past."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .blending import blend
from .features import make_features
from .history import MS_PER_DAY, Floats, History
from .item_weights import Weights
from .own_pairs import gather_pairs
from .product_facts import count_buyers, gather_facts
from .profiles import make_profiles
from .ranker import Ranker, choose_candidates
from .trees import grow_trees

WINDOWS = 3
"""How many windows before now it learns from."""

MOST_DAYS = 30
"""How long a window is at most."""

LEAST_DAYS = 7
"""How long a window is at least; a shop that is younger than some of them has no ranker."""

LEAST_HITS = 300
"""Fewer purchases of candidates tell nothing."""

MOST_CUSTOMERS = 3_000
"""Of a window; of more a sample is taken."""

SHARE_OF_MISSES = 0.2
"""How many candidates that were not bought are learned from; a share leaves the order as it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Which windows a ranker learns from.

    Attributes:
        days: How long a window is.
        starts: When each begins, UTC milliseconds, the newest first.
    """

    days: float
    starts: tuple[int, ...]


def plan_windows(history: History, now: int) -> Plan | None:
    """Return the windows; None when the shop is too young.

    Before the oldest one lies at least as much time as it lasts.
    """
    if not len(history):
        return None
    span = (now - int(history.at[0])) / MS_PER_DAY
    days = min(MOST_DAYS, span / (WINDOWS + 1))
    if days < LEAST_DAYS:
        return None
    starts = tuple(int(now - (one + 1) * days * MS_PER_DAY) for one in range(WINDOWS))
    return Plan(days=days, starts=starts)


def learn_ranker(
    history: History,
    now: int,
    *,
    fit: Callable[[History, int], Weights],
    half_life_days: float | None,
    popularity_days: float,
    popularity_weight: float,
    seed: int,
) -> Ranker | None:
    """Return a ranker that knows what was before a moment; None when that is too little.

    Each window is ranked as it could have been when it began: what is known of customers,
    products and their weights lies before it, and what was bought in it are the hits.

    Args:
        history: What customers did.
        now: UTC milliseconds.
        fit: Fits weights of products to a history as of a moment.
        half_life_days: Of profiles.
        popularity_days: How far back popularity is counted where it is mixed in.
        popularity_weight: How much it counts there.
        seed: Of what is drawn at random.
    """
    known = history.until(now)
    plan = plan_windows(known, now)
    if plan is None:
        return None
    rng = np.random.default_rng(seed)
    columns, hits = [], []
    for start in plan.starts:
        end = start + int(plan.days * MS_PER_DAY)
        before, after = known.until(start), known.until(end)
        found = _look_at_window(
            before, after.take(slice(len(before), len(after))), start,
            weights=fit(before, start), half_life_days=half_life_days,
            popularity=(popularity_days, popularity_weight), rng=rng,
        )  # fmt: skip
        columns.append(found[0])
        hits.append(found[1])
    is_hit = np.concatenate(hits)
    if is_hit.sum() < LEAST_HITS:
        return None
    trees = grow_trees(np.concatenate(columns, axis=1), is_hit, seed=seed)
    return Ranker(trees=trees, facts=gather_facts(known, gather_pairs(known, now), now))


def _look_at_window(
    before: History,
    after: History,
    start: int,
    *,
    weights: Weights,
    half_life_days: float | None,
    popularity: tuple[float, float],
    rng: np.random.Generator,
) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """Return the features of what came into question, and which of it was bought."""
    facts = gather_facts(before, gather_pairs(before, start), start)
    bought = after.is_bought & (after.weights > 0)
    who = np.intersect1d(after.customers[bought], before.customers)
    if len(who) > MOST_CUSTOMERS:
        who = np.sort(rng.choice(who, MOST_CUSTOMERS, replace=False))
    rows = before.of_customers(who)
    profiles = make_profiles(rows, start, half_life_days)
    scores = weights.score(profiles, rows.customer_ids)
    pairs = gather_pairs(rows, start)
    blended = blend(scores, count_buyers(before, start, popularity[0]), popularity[1])
    customer, product = choose_candidates(pairs.keys, scores, blended, facts)
    later = after.take(np.flatnonzero(bought)).of_customers(who)
    size = before.shape[1]
    is_hit = np.isin(
        customer * size + product, later.customers.astype(np.int64) * size + later.products
    )
    kept = is_hit | (rng.random(len(is_hit)) < SHARE_OF_MISSES)
    chosen = customer[kept], product[kept]
    return make_features(rows, pairs, facts, scores, chosen, start), is_hit[kept]
