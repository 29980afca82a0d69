"""Evaluates a recommender on the past: what it would have recommended, by what was bought then."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..engine.engine import Engine
from ..errors import DataError
from ..recipe.binding import BoundRecipe
from ..store.past import PastView
from ..store.reading import StoredView, from_moment
from .asking import Recommender, open_recommender
from .baselines import count_buyers, rank_popular, recommend_own, recommend_popular
from .metrics import judge_rankings, measure_coverage, measure_novelty
from .pairs import NOTHING, take_first
from .purchases import (
    TASKS,
    Purchases,
    Task,
    Truth,
    Window,
    cut_windows,
    find_truth,
    read_purchases,
)
from .results import BASELINES, Evaluation, K, Tally, TaskResult

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WINDOWS = 3
WINDOW_DAYS = 30

MOST_CUSTOMERS = 20_000
"""Of so many customers of a window at most, drawn by chance: more make nothing surer."""

FEW_CUSTOMERS = 200
"""With fewer, only great differences can be told from chance."""

OURS = "recommender"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Exam:
    """What recommenders are asked, and the purchases to judge them by.

    Attributes:
        engine: The engine.
        purchases: All of them.
        windows: In which it shows.
        catalogue: How many products there were when each window began.
        seed: Of everything random.
    """

    engine: Engine
    purchases: Purchases
    windows: tuple[Window, ...]
    catalogue: Mapping[Window, int]
    seed: int


def evaluate_recommender(
    engine: Engine,
    bound: BoundRecipe,
    *,
    windows: int = WINDOWS,
    days: int = WINDOW_DAYS,
    seed: int = 0,
) -> Evaluation:
    """Evaluate the recommender of a recipe on the past of the store.

    For each window of time it learns of what was known when the window began, is asked for those
    who bought something in it, and is judged by that, beside what sold best in the 30 days before
    (to discover) and what each of them had bought before (to replenish). Nothing is written.

    Args:
        engine: The engine.
        bound: The recipe.
        windows: At most so many, one after the other, up to the latest purchase.
        days: How long each is.
        seed: Of everything random.

    Raises:
        DataError: The recipe recommends nothing, or there are too few purchases.
        PluginError: The plugin raised, or broke the contract of its hook.
        EnvironmentMissing: Something that it needs is not there.
    """
    exam = prepare_exam(engine, windows=windows, days=days, seed=seed)
    with open_recommender(engine, bound, seed=seed) as recommender:
        tallies = {task: take_exam(exam, recommender, task) for task in TASKS}
        knows_tasks, plugin = recommender.knows_tasks, recommender.plugin
    results = {
        task: sum_up(task, contenders, seed) for task, contenders in tallies.items() if contenders
    }
    lacking = [task for task in TASKS if task not in results]
    if lacking:
        raise DataError(
            f"nobody bought anything in the windows that could be called {lacking[0]}",
            hint="more windows (--windows), or more purchases, are needed",
        )
    return Evaluation(
        plugin=plugin,
        windows=exam.windows,
        results=results,
        knows_tasks=knows_tasks,
        notes=tuple(_list_notes(exam, results, windows, knows_tasks)),
    )


def prepare_exam(engine: Engine, *, windows: int, days: int, seed: int) -> Exam:
    """Read what was bought, and cut it into windows.

    Raises:
        DataError: There are too few purchases for one window.
    """
    now = engine.clock.now()
    purchases = read_purchases(StoredView(engine.store, engine.clock), now)
    cut = cut_windows(purchases, windows, days, now)
    if not cut:
        raise DataError(
            f"there are too few purchases to evaluate with: {len(purchases)} of known customers, "
            f"none of them both before and within the last {windows * days} days of them",
            hint="import orders or purchases of more than a month",
        )
    catalogue = {
        window: len(PastView(engine.store, from_moment(window.begins)).products()) for window in cut
    }
    return Exam(
        engine=engine, purchases=purchases, windows=tuple(cut), catalogue=catalogue, seed=seed
    )


def take_exam(
    exam: Exam,
    recommender: Recommender,
    task: Task,
    *,
    changes: Mapping[str, Any] | None = None,
    windows: Sequence[Window] | None = None,
) -> dict[str, Tally]:
    """Ask a recommender in each window, and judge it and the baselines.

    Args:
        exam: What is asked.
        recommender: Who is asked.
        task: For what.
        changes: Options that are others than in the recipe.
        windows: Only these; all when None.

    Returns:
        What was measured of each contender; empty when nobody bought anything.
    """
    tallies: dict[str, Tally] = defaultdict(Tally)
    for window in exam.windows if windows is None else windows:
        truth = find_truth(exam.purchases, window, task, most=MOST_CUSTOMERS, seed=exam.seed)
        if not len(truth):
            continue
        before = exam.purchases.cut(None, window.begins)
        popular = rank_popular(before, window.begins)
        answer = recommender.ask(truth, window.begins, changes or {})
        rankings = {OURS: _settle(truth, answer.ranked)}
        rankings["popularity"] = recommend_popular(truth, popular, K)
        if task == "replenish":
            rankings["own_history"] = recommend_own(truth, before, popular, K)
        products, buyers = count_buyers(before)
        people = len(_distinct(before.customer_ids))
        for name, ranked in rankings.items():
            tally = tallies[name]
            tally.judgements.append(
                judge_rankings(ranked, truth.bought.rows, truth.bought.products, k=K)
            )
            tally.customer_ids.append(truth.customer_ids)
            tally.coverages.append(measure_coverage(ranked, exam.catalogue[window]))
            tally.novelties.append(measure_novelty(ranked, products, buyers, people))
        tallies[OURS].fallbacks.append(answer.fallback)
    return dict(tallies)


def sum_up(task: Task, tallies: Mapping[str, Tally], seed: int) -> TaskResult:
    """Return what the contenders at a task come to."""
    ours, baseline = tallies[OURS], tallies[BASELINES[task]]
    return TaskResult(
        task=task,
        customers=len(_distinct(ours.people())),
        measured=ours.sum_up(seed),
        others={name: tally.sum_up(seed) for name, tally in tallies.items() if name != OURS},
        difference=ours.compare(baseline, seed),
    )


def _settle(truth: Truth, ranked: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the first ten of each ranking; to discover, what she had bought is taken out."""
    kept = ranked != NOTHING
    if truth.task == "discover":
        kept &= ~truth.own.hold(ranked)
    return take_first(ranked, kept, K)


def _distinct(ids: NDArray[np.int64]) -> NDArray[np.int64]:
    import numpy as np

    return np.unique(ids)


def _list_notes(
    exam: Exam, results: Mapping[Task, TaskResult], asked: int, knows_tasks: bool
) -> list[str]:
    notes: list[str] = []
    if len(exam.windows) < asked:
        notes.append(
            f"{len(exam.windows)} of {asked} windows: before or within the others nothing was "
            "bought"
        )
    few = min(result.customers for result in results.values())
    if few < FEW_CUSTOMERS:
        notes.append(f"{few} customers are few: only great differences can be told from chance")
    if not knows_tasks:
        notes.append("the plugin has no option 'task': the same rankings are judged by both tasks")
    return notes
