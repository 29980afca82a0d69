"""A window of the shop's own past: what could be known when it began, and what was bought in it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from .blending import blend, put_own_first
from .features import make_features
from .history import MS_PER_DAY, Floats, History
from .item_weights import Weights
from .own_pairs import gather_pairs
from .product_facts import count_buyers, gather_facts
from .profiles import make_profiles
from .ranker import choose_candidates

WINDOWS = 3
"""How many windows before now it is learned from."""

MOST_DAYS = 30
"""How long a window is at most."""

LEAST_DAYS = 7
"""How long a window is at least; a shop that is too young for that has none."""

MOST_CUSTOMERS = 3_000
"""Of a window; of more a sample is taken."""

SHOWN = 10
"""How many places of a ranking count when it is judged."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixing:
    """How scores are mixed by fixed weights.

    Attributes:
        half_life_days: Of profiles; None: nothing decays.
        popularity_days: How far back popularity is counted.
        popularity_weight: How much it counts.
    """

    half_life_days: float | None
    popularity_days: float
    popularity_weight: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Window:
    """The pairs that came into question when a window began, ascending by customer.

    Attributes:
        columns: Their features, [features x pairs].
        customers: Whose pair it is.
        is_hit: Whether it was bought in the window.
        is_own: Whether she had bought it before.
        fixed: Scores by fixed weights for each task.
    """

    columns: Floats
    customers: npt.NDArray[np.int64]
    is_hit: npt.NDArray[np.bool_]
    is_own: npt.NDArray[np.bool_]
    fixed: dict[str, Floats]

    def judge(self, task: str, scores: Floats) -> npt.NDArray[np.float64]:
        """Return nDCG@10 of a ranking of the pairs, for each customer with a hit among them.

        Hits that did not come into question count for no ranking, so this only compares.
        """
        kept = ~self.is_own if task == "discover" else np.ones(len(scores), np.bool_)
        who, hit, score = self.customers[kept], self.is_hit[kept], scores[kept]
        order = np.lexsort((-score, who))
        who, hit = who[order], hit[order]
        rank = np.arange(len(who)) - np.searchsorted(who, who)
        discounts = 1 / np.log2(np.arange(2, SHOWN + 2))
        shown = rank < SHOWN
        gained = np.bincount(who[shown], hit[shown] * discounts[rank[shown]])
        possible = np.concatenate(([0.0], np.cumsum(discounts)))
        hits = np.minimum(np.bincount(who, hit, minlength=len(gained)), SHOWN).astype(np.int64)
        has_any = hits > 0
        judged: npt.NDArray[np.float64] = gained[has_any] / possible[hits[has_any]]
        return judged

    def is_better(self, task: str, scores: Floats) -> bool:
        """Return whether a ranking beats the fixed one by more than its standard error."""
        gains = self.judge(task, scores) - self.judge(task, self.fixed[task])
        if len(gains) < 2:
            return False
        return bool(gains.mean() > gains.std(ddof=1) / np.sqrt(len(gains)))


def plan_windows(history: History, now: int) -> list[tuple[int, int]]:
    """Return when each window begins and ends, the newest first; none when the shop is too young.

    Before the oldest one lies at least as much time as it lasts.
    """
    if not len(history):
        return []
    span = (now - int(history.at[0])) / MS_PER_DAY
    days = min(MOST_DAYS, span / (WINDOWS + 1))
    if days < LEAST_DAYS:
        return []
    edges = [int(now - one * days * MS_PER_DAY) for one in range(WINDOWS + 1)]
    return [(edges[one + 1], edges[one]) for one in range(WINDOWS)]


def look_back(
    history: History, start: int, end: int, *, weights: Weights, mixing: Mixing, seed: int
) -> Window:
    """Return a window.

    Args:
        history: What customers did.
        start: When it begins, UTC milliseconds.
        end: When it ends.
        weights: Fitted to what was before it began.
        mixing: By what fixed weights scores are mixed.
        seed: Draws the customers, when there are many.
    """
    before, both = history.until(start), history.until(end)
    after = both.take(slice(len(before), len(both)))
    after = after.take(np.flatnonzero(after.is_bought & (after.weights > 0)))
    who = np.intersect1d(after.customers, before.customers)
    if len(who) > MOST_CUSTOMERS:
        rng = np.random.default_rng(seed)
        who = np.sort(rng.choice(who, MOST_CUSTOMERS, replace=False))
    rows, later = before.of_customers(who), after.of_customers(who)
    facts = gather_facts(before, gather_pairs(before, start), start)
    profiles = make_profiles(rows, start, mixing.half_life_days)
    scores = weights.score(profiles, rows.customer_ids)
    pairs = gather_pairs(rows, start)
    recent = count_buyers(before, start, mixing.popularity_days)
    blended = blend(scores, recent, mixing.popularity_weight)
    chosen = choose_candidates(pairs.keys, scores, blended, facts)
    keys = chosen[0] * before.shape[1] + chosen[1]
    bought = later.customers.astype(np.int64) * before.shape[1] + later.products
    return Window(
        columns=make_features(rows, pairs, facts, scores, chosen, start),
        customers=chosen[0],
        is_hit=np.isin(keys, bought),
        is_own=np.isin(keys, pairs.keys[pairs.orders > 0]),
        fixed={
            "discover": blended[chosen],
            "replenish": put_own_first(pairs, blended, recent)[chosen],
        },
    )
