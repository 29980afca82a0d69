"""Learns a ranker from windows of the shop's own past, and keeps it where it is better."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from .history import History
from .item_weights import Weights
from .own_pairs import gather_pairs
from .product_facts import gather_facts
from .ranker import Ranker
from .trees import Trees, grow_trees
from .windows import Mixing, Window, look_back, plan_windows

LEAST_HITS = 300
"""Fewer purchases of products that came into question tell nothing."""

SHARE_OF_MISSES = 0.2
"""Of what was not bought a share is learned from; that leaves the order as it is."""


def learn_ranker(
    history: History,
    now: int,
    *,
    fit: Callable[[History, int], Weights],
    mixing: Mixing,
    seed: int,
    progress: Callable[[str], None],
) -> tuple[Ranker | None, tuple[str, ...]]:
    """Return a ranker that knows what was before a moment, and what a person should know of it.

    Each window is ranked as it could have been when it began. First the newest one judges what
    the others taught: a task for which that was not clearly better keeps fixed weights. Then all
    are learned from.

    Args:
        history: What customers did.
        now: UTC milliseconds.
        fit: Fits weights of products to a history as of a moment.
        mixing: The fixed weights.
        seed: Of what is drawn at random.
        progress: Is told what is done next.

    Returns:
        No ranker when there is too little to learn from, or it was better for no task.
    """
    known = history.until(now)
    windows: list[Window] = []
    for start, end in plan_windows(known, now):
        progress(f"looking back at window {len(windows) + 1}")
        weights = fit(known.until(start), start)
        windows.append(look_back(known, start, end, weights=weights, mixing=mixing, seed=seed))
    if not windows or min(_count_hits(windows[1:]), _count_hits(windows[:1])) < LEAST_HITS:
        return None, ("The shop has too little history to learn a ranking from it: fixed weights",)
    newest, older = windows[0], _grow(windows[1:], seed)
    learned = older.evaluate(newest.columns)
    better = tuple(task for task in newest.fixed if newest.is_better(task, learned))
    notes = tuple(
        f"For the task {task!r} what was learned did not rank the last window clearly better than "
        "fixed weights, so these are used"
        for task in newest.fixed
        if task not in better
    )
    if not better:
        return None, notes
    facts = gather_facts(known, gather_pairs(known, now), now)
    return Ranker(trees=_grow(windows, seed), facts=facts, tasks=better), notes


def _count_hits(windows: Sequence[Window]) -> int:
    return sum(int(np.count_nonzero(one.is_hit)) for one in windows)


def _grow(windows: Sequence[Window], seed: int) -> Trees:
    rng = np.random.default_rng(seed)
    columns, hits = [], []
    for window in windows:
        kept = window.is_hit | (rng.random(len(window.is_hit)) < SHARE_OF_MISSES)
        columns.append(window.columns[:, kept])
        hits.append(window.is_hit[kept])
    return grow_trees(np.concatenate(columns, axis=1), np.concatenate(hits), seed=seed)
