"""What an evaluation comes to: numbers with their intervals, for each task beside its baseline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from .intervals import Interval, bootstrap_difference, bootstrap_mean
from .metrics import Judgement
from .purchases import Task, Window

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

K = 10
"""How many products of a ranking are looked at."""

BASELINES: dict[Task, str] = {"discover": "popularity", "replenish": "own_history"}
"""What a recommender has to be better than at each task."""

Verdict = Literal["better", "worse", "open"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """How good rankings were; each number is the mean over windows of the mean over customers.

    Attributes:
        ndcg: nDCG@10.
        hit: hit@10: the share of customers who bought one of them.
        recall: recall@10.
        average_precision: MAP@10.
        coverage: The share of the catalogue that somebody was shown.
        novelty: How little known the products were, in bits.
        fallback: The share of customers who were shown only what was chosen without knowing
            them; None where nobody said so.
    """

    ndcg: Interval
    hit: Interval
    recall: Interval
    average_precision: Interval
    coverage: float
    novelty: float
    fallback: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskResult:
    """How good a recommender is at one task.

    Attributes:
        task: Which.
        customers: How many different customers it was asked for.
        measured: Of the recommender.
        others: Of each baseline, by name.
        difference: By how much its nDCG@10 is greater than that of the task's baseline, paired.
    """

    task: Task
    customers: int
    measured: Measured
    others: Mapping[str, Measured]
    difference: Interval

    @property
    def baseline(self) -> Measured:
        """What it has to be better than."""
        return self.others[BASELINES[self.task]]

    @property
    def verdict(self) -> Verdict:
        """Whether it is better than its baseline, beyond chance."""
        if self.difference.low > 0:
            return "better"
        return "worse" if self.difference.high < 0 else "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """How good a recommender is.

    Attributes:
        plugin: Its name.
        windows: In which it showed.
        results: Of each task.
        knows_tasks: Whether the plugin was told which task it is; else the same rankings are
            judged by both.
        notes: What a person should know beside the numbers.
    """

    plugin: str
    windows: tuple[Window, ...]
    results: Mapping[Task, TaskResult]
    knows_tasks: bool
    notes: tuple[str, ...] = ()


@dataclass(slots=True, eq=False)
class Tally:
    """Collects what was measured of one contender, window by window."""

    judgements: list[Judgement] = field(default_factory=list)
    customer_ids: list[NDArray[np.int64]] = field(default_factory=list)
    coverages: list[float] = field(default_factory=list)
    novelties: list[float] = field(default_factory=list)
    fallbacks: list[float] = field(default_factory=list)

    def join(self, name: str) -> NDArray[np.float64]:
        """Return one of the numbers of every customer in every window."""
        import numpy as np

        return np.concatenate([getattr(one, name) for one in self.judgements])

    def weigh(self) -> NDArray[np.float64]:
        """Return weights that let each window count the same."""
        import numpy as np

        return np.concatenate([np.full(len(one), 1 / len(one)) for one in self.judgements])

    def people(self) -> NDArray[np.int64]:
        """Return whose each number is."""
        import numpy as np

        return np.concatenate(self.customer_ids)

    def sum_up(self, seed: int) -> Measured:
        """Return the means with their intervals; people are drawn, not their windows."""

        def mean(name: str) -> Interval:
            return bootstrap_mean(
                self.join(name), groups=self.people(), weights=self.weigh(), seed=seed
            )

        return Measured(
            ndcg=mean("ndcg"),
            hit=mean("hit"),
            recall=mean("recall"),
            average_precision=mean("average_precision"),
            coverage=_average(self.coverages),
            novelty=_average(self.novelties),
            fallback=_average(self.fallbacks) if self.fallbacks else None,
        )

    def compare(self, other: Tally, seed: int) -> Interval:
        """Return by how much nDCG@10 is greater than that of another, over the same people."""
        return bootstrap_difference(
            self.join("ndcg"),
            other.join("ndcg"),
            groups=self.people(),
            weights=self.weigh(),
            seed=seed,
        )


def _average(numbers: list[float]) -> float:
    return sum(numbers) / len(numbers)
