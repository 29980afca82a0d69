"""The kit for plugins that make an artifact for a stage."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

import pytest

from ...errors import BallyhooError, EnvironmentMissing
from ...event import Event
from ...hooks import STAGE_HOOKS
from ...recipe.binding import Binding
from ...registry import Registry
from ...store.view import StoreView
from ..artifacts import FakeArtifacts
from ..contexts import make_context
from ..echo import EchoOptions, echo
from ..samples import sample_briefs, sample_enquiries
from ..store import FakeStore
from .plugin import MakeContext, StageConformance
from .verdict import require

Train = Callable[..., FakeArtifacts]
Ask = Callable[[FakeArtifacts], Any]


class TrainConformance(StageConformance):
    """Holds a plugin to the contract of `train`, and to reading what it wrote.

    Fixtures to supply: `plugin`. To override where needed: `stage` (which stage's options it is
    trained with; its first one when left out), `options`, `store`, `settings`, `folder`.
    """

    hook = "train"

    @pytest.fixture
    def stage(self, registry: Registry, plugin_name: str) -> str:
        """The stage that reads the artifact: the plugin's first one."""
        record = registry.find(plugin_name)
        assert record is not None
        having = [hook for hook in STAGE_HOOKS if hook in record.hooks and hook != "deliver"]
        require(having, f"no stage hook reads what it trains; it has {', '.join(record.hooks)}")
        return having[0]

    @pytest.fixture
    def train(
        self, registry: Registry, binding: Binding, new_context: MakeContext, stage: str,
        tmp_path: Path,
    ) -> Train:  # fmt: skip
        """Call the hook with artifacts of its own, in a folder of a given name."""

        def call(name: str, **replaced: Any) -> FakeArtifacts:
            artifacts = FakeArtifacts(tmp_path / "trained" / name)
            context = new_context(**{"artifacts": artifacts, "run_id": None, **replaced})
            answered = registry.call(
                binding.plugin, "train", context=context, stage=stage, options=binding.options
            )
            require(answered is None, f"train answers a {type(answered).__name__}, not nothing")
            return artifacts

        return call

    @pytest.fixture
    def ask(
        self, registry: Registry, binding: Binding, new_context: MakeContext, stage: str,
        store: StoreView,
    ) -> Ask:  # fmt: skip
        """Call the stage's hook with what was trained, on a batch of samples."""

        def call(artifacts: FakeArtifacts) -> Any:
            context = new_context(artifacts=artifacts)
            batches = _make_batches(stage, store)
            answers = [
                registry.call(
                    binding.plugin, stage, context=context, options=binding.options, **batch
                )
                for batch in batches
            ]
            return [list(one) if isinstance(one, Iterator) else one for one in answers]

        return call

    def test_artifact_is_written_and_read(self, train: Train, ask: Ask) -> None:
        """Training publishes an artifact, and the stage answers from it."""
        artifacts = train("first")
        try:
            folder = artifacts.read()
        except EnvironmentMissing:
            pytest.fail("train published nothing; fill the folder of context.artifacts.write()")
        require(any(folder.rglob("*")), "the artifact is empty")
        ask(artifacts)

    def test_same_data_and_seed_give_the_same_answers(self, train: Train, ask: Ask) -> None:
        """Two trainings over the same store, with the same seed, make no difference."""
        first, second = ask(train("first")), ask(train("second"))
        require(
            first == second, "trained twice on the same data with the same seed, it answers "
            "differently; draw from context.derive_random",
        )  # fmt: skip

    def test_artifact_can_be_moved(self, train: Train, ask: Ask, tmp_path: Path) -> None:
        """An artifact is read on any machine: no path of the one that wrote it matters."""
        artifacts = train("first")
        before = ask(artifacts)
        moved = FakeArtifacts(tmp_path / "elsewhere" / "moved")
        shutil.copytree(artifacts.folder, moved.folder)
        shutil.rmtree(artifacts.folder)
        require(ask(moved) == before, "moved to another folder, the artifact gives other answers")

    def test_training_again_replaces_the_artifact(self, train: Train, ask: Ask) -> None:
        """Whoever trains again gets a newer artifact, which is read like the first."""
        old = train("first").read()
        artifacts = train("first")
        require(artifacts.read() != old, "the second training published nothing")
        ask(artifacts)

    def test_failed_training_publishes_nothing(self, train: Train, store: StoreView) -> None:
        """When the data cannot be read to its end, there is no half artifact."""
        broken = _BrokenStore(store)
        artifacts: list[FakeArtifacts] = []
        with suppress(BallyhooError):
            artifacts.append(train("broken", store=broken))
        if artifacts and broken.was_read:
            with pytest.raises(EnvironmentMissing):
                artifacts[0].read()

    def test_empty_store_is_no_reason_to_crash(self, train: Train) -> None:
        """Without data it publishes something, or says in words what is missing."""
        try:
            train("empty", store=FakeStore())
        except BallyhooError as error:
            require(
                error.__cause__ is None,
                f"raises {type(error.__cause__).__name__} on an empty store; raise DataError with "
                "what is missing",
            )

    def test_options_are_those_of_the_stage(
        self, registry: Registry, plugin_name: str, stage: str
    ) -> None:
        """It takes the recipe's block of the stage, so both hooks annotate the same model."""
        record = registry.find(plugin_name)
        assert record is not None
        if "train" in record.options:
            require(
                record.options["train"] is record.options.get(stage),
                f"'train' and '{stage}' take different options; annotate both with one model",
            )


def _make_batches(stage: str, store: StoreView) -> list[dict[str, Any]]:
    """Return what the hook of a stage is called with, besides context and options."""
    if stage == "recommend":
        found = store.customers(list(store.customer_ids()))
        return [{"customers": [customer for customer in found if customer is not None]}]
    if stage == "generate":
        return [{"briefs": sample_briefs()}]
    if stage == "respond":
        return [{"enquiries": sample_enquiries()}]
    if stage == "review":
        briefs = sample_briefs()
        copies = echo.generate(make_context("echo"), EchoOptions(), briefs)
        return [{"brief": one, "copy": two} for one, two in zip(briefs, copies, strict=True)]
    return [{}]


class _BrokenStore:
    """Passes everything on, but streams break off after one entry, and columns do not come."""

    def __init__(self, store: StoreView) -> None:
        self._store = store
        self.was_read = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def customer_ids(self) -> Iterator[int]:
        yield from self._break(self._store.customer_ids())

    def events(self, **asked: Any) -> Iterator[Event]:
        yield from self._break(self._store.events(**asked))

    def interactions(self, **asked: Any) -> NoReturn:
        self._give_up()

    def ratings(self, **asked: Any) -> NoReturn:
        self._give_up()

    def _give_up(self) -> NoReturn:
        self.was_read = True
        raise ConnectionError("the database went away")

    def _break(self, rows: Iterator[Any]) -> Iterator[Any]:
        for row in rows:
            yield row
            self._give_up()
