"""Says in words whether a recommender earns its place."""

from __future__ import annotations

from .intervals import Interval
from .purchases import Task
from .results import BASELINES, TaskResult

BASELINE_WORDS = {
    "popularity": "what sold best in the 30 days before",
    "own_history": "what each customer bought most often before",
}
TASK_WORDS: dict[Task, str] = {
    "discover": "To discover (products that she never bought)",
    "replenish": "To replenish (whatever she buys, the same again included)",
}


def say_verdict(result: TaskResult, plugin: str) -> str:
    """Return whether a recommender earns its place at a task beside the simplest way, and why."""
    ours, theirs = result.measured.ndcg.value, result.baseline.ndcg.value
    baseline = BASELINE_WORDS[BASELINES[result.task]]
    between = say_difference(result.difference)
    said = {
        "better": f"{plugin} earns its place: its nDCG@10 is {ours:.3f}, that of {baseline} "
        f"{theirs:.3f}. The difference is {between}, which is more than chance.",
        "worse": f"{plugin} does not earn its place: its nDCG@10 is {ours:.3f}, that of "
        f"{baseline} {theirs:.3f}. The difference is {between}: the simpler way serves these "
        "customers better.",
        "open": f"it is open whether {plugin} earns its place: its nDCG@10 is {ours:.3f}, that of "
        f"{baseline} {theirs:.3f}. The difference is {between}, which may be chance.",
    }[result.verdict]
    return f"{TASK_WORDS[result.task]}: {said}"


def say_difference(difference: Interval) -> str:
    """Return a difference and between which bounds it lies."""
    return f"{difference.value:+.3f}, between {difference.low:+.3f} and {difference.high:+.3f}"
