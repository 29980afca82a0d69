"""Asks a recommender as of a moment of the past, trained on what was known then."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from ..artifact_manifest import MANIFEST
from ..artifact_place import FolderPlace
from ..clock import StillClock
from ..customer import Customer
from ..engine.engine import Engine
from ..engine.fallbacks import is_fallback
from ..engine.runs import prepare_contexts
from ..engine.training import train_missing, with_artifacts
from ..errors import DataError
from ..recipe.binding import Binding, BoundRecipe
from ..stages import recommend_products
from ..store.past import PastView
from .option_changes import change_options, find_most
from .pairs import NOTHING
from .purchases import Task, Truth
from .results import K

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

BATCH_ROWS = 1_000
"""Customers of one call, as many as in a run."""

MOST_ASKED = 50
"""How many products are asked for where the plugin does not know the task: those that she has
bought are taken out of them, and ten have to be left."""

MOST_BYTES = 2 << 30
"""What was learned may take so much of the disk; what was learned last is kept in any case."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Answer:
    """What a recommender answered.

    Attributes:
        ranked: Product ids, [customers x any], best first; -1 where there is none.
        fallback: The share of customers who got only what was chosen without knowing them.
    """

    ranked: NDArray[np.int64]
    fallback: float


class Recommender:
    """The recommender of a recipe, to be asked about the past; it leaves no trace.

    Args:
        engine: The engine.
        bound: The recipe.
        folder: Where artifacts are kept meanwhile.
        seed: Of everything random.
    """

    def __init__(self, engine: Engine, bound: BoundRecipe, folder: Path, seed: int) -> None:
        binding = bound.stages.get("recommend")
        if binding is None:
            raise DataError(
                "the recipe has no block 'recommend'", hint="there is nothing to evaluate"
            )
        self.plugin = binding.plugin
        self.options = binding.options
        self._engine, self._bound = engine, bound
        self._folder, self._seed = folder, seed

    @property
    def knows_tasks(self) -> bool:
        """Whether its options have a field `task` that tells discover from replenish."""
        options = self.options
        if options is None or "task" not in type(options).model_fields:
            return False
        return all(
            change_options(options, {"task": task}, is_checked=True) is not None
            for task in ("discover", "replenish")
        )

    def ask(self, truth: Truth, moment: int, changes: Mapping[str, Any]) -> Answer:
        """Return what it recommends to the customers of a truth, as of a moment.

        It learns first, of what was known then, when it can learn and has not for these options.

        Args:
            truth: Whose.
            moment: In UTC milliseconds.
            changes: Options that are others than in the recipe, by name, as a recipe writes them.
        """
        import numpy as np

        at = _EPOCH + timedelta(milliseconds=moment)
        bound = self._bind(truth.task, changes)
        binding = bound.stages["recommend"]
        engine = replace(self._engine, clock=StillClock(at))
        view = PastView(engine.store, at)
        context_for = prepare_contexts(
            engine,
            bound,
            run_id=None,
            seed=self._seed,
            data_time=moment,
            # A place for each moment: what was learned later would tell what happens.
            place=FolderPlace(self._folder / str(moment)),
            view=view,
        )
        train_missing(engine, bound, context_for)
        self._make_room()
        parts: list[NDArray[np.int64]] = []
        unknown = 0
        for start in range(0, len(truth), BATCH_ROWS):
            ids = truth.customer_ids[start : start + BATCH_ROWS].tolist()
            customers = [
                found or Customer(id=one)  # who came in the window is a stranger before it
                for one, found in zip(ids, view.customers(ids), strict=True)
            ]
            rows = with_artifacts(
                engine,
                bound,
                context_for,
                lambda some=customers: recommend_products(  # type: ignore[misc]
                    engine.registry, binding, context_for, some
                ),
            )
            unknown += sum(is_fallback(row) for row in rows)
            parts.append(_fill([[one.product_id for one in row] for row in rows]))
            engine.progress(f"{truth.task} as of {at:%Y-%m-%d}", start + len(ids), len(truth))
        width = max((part.shape[1] for part in parts), default=1)
        padded = [
            np.pad(part, ((0, 0), (0, width - part.shape[1])), constant_values=NOTHING)
            for part in parts
        ]
        return Answer(ranked=np.concatenate(padded), fallback=unknown / len(truth))

    def _make_room(self) -> None:
        """Remove what was learned first while all of it is too much: a search learns many times."""
        kept = [path.parent for path in self._folder.rglob(MANIFEST)]
        kept.sort(key=lambda folder: folder.stat().st_mtime_ns)
        sizes = [
            sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
            for folder in kept
        ]
        left = sum(sizes)
        for folder, size in zip(kept[:-1], sizes, strict=False):
            if left > MOST_BYTES:
                shutil.rmtree(folder)
                left -= size

    def _bind(self, task: Task, changes: Mapping[str, Any]) -> BoundRecipe:
        options = self.options
        if options is not None:
            options = change_options(options, changes)
            assert options is not None
            fields = type(options).model_fields
            asked: dict[str, Any] = {"task": task} if self.knows_tasks else {}
            if "top" in fields:
                wanted = K if self.knows_tasks else MOST_ASKED
                asked["top"] = min(wanted, find_most(fields["top"], wanted))
            options = options.model_copy(update=asked)
        binding = Binding(plugin=self.plugin, options=options)
        return replace(self._bound, stages={"recommend": binding}, reviewers=())


@contextmanager
def open_recommender(engine: Engine, bound: BoundRecipe, *, seed: int) -> Iterator[Recommender]:
    """Open the recommender of a recipe; what it learns is gone when the block is left.

    Raises:
        DataError: The recipe recommends nothing.
    """
    with TemporaryDirectory(prefix="ballyhoo-evaluate-") as folder:
        yield Recommender(engine, bound, Path(folder), seed)


def _fill(rows: list[list[int]]) -> NDArray[np.int64]:
    import numpy as np

    width = max((len(row) for row in rows), default=0) or 1
    return np.array([row + [NOTHING] * (width - len(row)) for row in rows], dtype=np.int64)
