"""The world of a simulation: a store of its own, the real engine, a clock that does not wait."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from pydantic import SecretStr

from ..campaign import Campaign
from ..message import Dispatch, Receipt
from ..recipe_tests.capture import Capture, CapturingRegistry
from ..recipe_tests.suite import RecipeTest
from ..recipe_tests.trial import Trial, make_template, open_trial
from ..workspace import Workspace

LANES = 16
"""Marks that come at the same time are committed together; so many do."""


class _Sink(Capture):
    """Takes messages as a channel does, several at a time, and keeps none."""

    def deliver(self, dispatch: Dispatch) -> None:
        """Take everything that is due."""
        with ThreadPoolExecutor(LANES, thread_name_prefix="simulation") as pool:
            for lane in [pool.submit(_take_all, dispatch) for _ in range(LANES)]:
                lane.result()


def _take_all(dispatch: Dispatch) -> None:
    for message in dispatch:
        if dispatch.mark(message):
            dispatch.settle(message, Receipt.sent())


@contextmanager
def open_world(
    workspace: Workspace, campaign: Campaign, *, starts_at: datetime, seed: int, template: Path
) -> Iterator[Trial]:
    """Open what a simulation needs: that of a recipe's test, in which nothing leaves the house.

    Args:
        workspace: Where the recipe is.
        campaign: What is run.
        starts_at: The first moment.
        seed: Of who is held out, and who gets which variant.
        template: What `make_template` made.
    """
    nothing = RecipeTest(
        name="simulation", line=1, at=starts_at, seed=seed, fallback_writes=False, given={},
        messages=(), draw={}, answers={},
    )  # fmt: skip
    with (
        tempfile.TemporaryDirectory(prefix="ballyhoo-simulation-") as folder,
        open_trial(
            workspace, campaign, "EUR", nothing, template=template, folder=Path(folder)
        ) as trial,
    ):
        key = SecretStr(f"the assignment key of simulation {seed}")
        settings = trial.engine.settings.model_copy(
            update={"assignment_key": key, "experiments": workspace.settings.experiments}
        )
        registry = CapturingRegistry(workspace.registry, _Sink(), campaign, fallback_writes=False)
        trial.engine = replace(trial.engine, settings=settings, registry=registry)
        yield trial


@contextmanager
def keep_template() -> Iterator[Path]:
    """Make an empty store that several worlds are copied from."""
    with tempfile.TemporaryDirectory(prefix="ballyhoo-simulation-") as folder:
        yield make_template(Path(folder))
