"""Searches settings of a recommender: tried on earlier windows, confirmed on the last one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..engine.engine import Engine
from ..errors import DataError
from ..recipe.binding import BoundRecipe
from .asking import Recommender, open_recommender
from .evaluating import OURS, Exam, prepare_exam, take_exam
from .intervals import Interval
from .option_changes import change_options, write_changes
from .purchases import Task
from .results import Tally

MOST_TRIALS = 40
"""Each is a training and a pass over the earlier windows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """One set of changed options, and what came of it on the earlier windows.

    Attributes:
        changes: Options that are others than in the recipe, by name.
        ndcg: Mean nDCG@10.
    """

    changes: Mapping[str, Any]
    ndcg: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What a search found.

    Attributes:
        task: For which task.
        trials: Everything that was tried, in order; the recipe as it is comes first.
        changes: The best of them on the earlier windows; empty when that is the recipe as it is.
        difference: By how much its nDCG@10 is greater than the recipe's on the last window, which
            had no part in choosing it; None when nothing better was found.
    """

    task: Task
    trials: tuple[Trial, ...]
    changes: Mapping[str, Any]
    difference: Interval | None

    @property
    def is_confirmed(self) -> bool:
        """Whether the last window says so too, beyond chance."""
        return self.difference is not None and self.difference.low > 0

    @property
    def recipe(self) -> str:
        """What was found as a piece of a recipe; "" when nothing was."""
        return write_changes(self.changes) if self.changes else ""


def search_settings(
    engine: Engine, bound: BoundRecipe, *, windows: int, days: int, seed: int = 0
) -> Search:
    """Search better options for a recommender among those that its plugin offers.

    One option after the other is tried with each of its values, the others as found best so far;
    at most 40 trials.

    Args:
        engine: The engine.
        bound: The recipe.
        windows: How many; the last one is kept for confirming.
        days: How long each is.
        seed: Of everything random.

    Raises:
        DataError: The plugin offers nothing to search, or there are too few purchases for two
            windows.
        PluginError: The plugin raised, or offers a value that does not fit.
    """
    exam = prepare_exam(engine, windows=windows, days=days, seed=seed)
    if len(exam.windows) < 2:
        raise DataError(
            "a search needs two windows or more, the last one to confirm what was found",
            hint="more windows (--windows), or older purchases, are needed",
        )
    with open_recommender(engine, bound, seed=seed) as recommender:
        space = _read_space(recommender)
        task = _choose_task(recommender)
        trials = [_try(exam, recommender, task, {})]
        tried = [recommender.options]
        best = trials[0]
        for name, values in space.items():
            for value in values:
                if len(trials) >= MOST_TRIALS:
                    break
                changes = {**best.changes, name: value}
                assert recommender.options is not None
                options = change_options(recommender.options, changes)
                if options in tried:
                    continue
                tried.append(options)
                trials.append(_try(exam, recommender, task, changes))
                engine.progress("settings tried", len(trials), None)
            best = max(trials, key=lambda trial: trial.ndcg)  # of equals the first
        difference = None
        if best.changes:
            last = exam.windows[-1:]
            ours = take_exam(exam, recommender, task, changes=best.changes, windows=last)
            theirs = take_exam(exam, recommender, task, windows=last)
            if ours:
                difference = ours[OURS].compare(theirs[OURS], seed)
    return Search(
        task=task, trials=tuple(trials), changes=dict(best.changes), difference=difference
    )


def _try(exam: Exam, recommender: Recommender, task: Task, changes: Mapping[str, Any]) -> Trial:
    tallies = take_exam(exam, recommender, task, changes=changes, windows=exam.windows[:-1])
    if not tallies:
        raise DataError(
            "nobody bought anything in the earlier windows that settings could be tried on",
            hint="more windows (--windows), or older purchases, are needed",
        )
    tally: Tally = tallies[OURS]
    values, weights = tally.join("ndcg"), tally.weigh()
    return Trial(changes=dict(changes), ndcg=float((values * weights).sum() / weights.sum()))


def _read_space(recommender: Recommender) -> dict[str, Sequence[Any]]:
    offered = getattr(type(recommender.options), "search_space", None)
    space: dict[str, Sequence[Any]] = {} if offered is None else dict(offered())
    if not space:
        raise DataError(
            f"the plugin '{recommender.plugin}' offers no settings to search",
            hint="its options need a class method search_space()",
        )
    assert recommender.options is not None
    for name, values in space.items():
        for value in values:
            change_options(recommender.options, {name: value})
    return space


def _choose_task(recommender: Recommender) -> Task:
    """Return the recipe's own task when it can be judged, else to discover."""
    return "replenish" if getattr(recommender.options, "task", None) == "replenish" else "discover"
