"""Makes the context that a hook is called with."""

from __future__ import annotations

import atexit
import itertools
import logging
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from ..clock import Clock
from ..context import Artifacts, Context, Progress
from ..links import InertLinks, Links
from ..senders import Senders
from ..setting_tables import Brand
from ..store.view import StoreView
from .artifacts import FakeArtifacts
from .clock import SimulatedClock
from .invented import SAMPLE_NOW
from .store import FakeStore

_numbers = itertools.count(1)


def make_context(
    plugin: str = "plugin",
    seed: int = 1,
    store: StoreView | None = None,
    clock: Clock | None = None,
    folder: Path | None = None,
    settings: Any = None,
    run_id: int | None = None,
    artifacts: Artifacts | None = None,
    log: logging.Logger | None = None,
    progress: Progress | None = None,
    brand: Brand | None = None,
    senders: Senders | None = None,
    links: Links | None = None,
) -> Context:
    """Make a context whose every part is a fake that works.

    Args:
        plugin: The name of the plugin that is called.
        seed: The run's seed.
        store: What the plugin may read; an empty store when None.
        clock: What tells the time; a `SimulatedClock` at `SAMPLE_NOW` when None.
        folder: The workspace; an empty folder of its own, gone when Python ends, when None.
        settings: The plugin's own settings, an instance of its settings model.
        run_id: The run, or None outside of one.
        artifacts: What `train` made; when None, nothing yet, and writing works.
        log: A logger; `ballyhoo.PLUGIN` when None.
        progress: Where long work says how far it is; nowhere when None.
        brand: How the shop presents itself; a shop without a name when None.
        senders: By which server messages leave; none when None.
        links: What leads back to a message; inert when None.
    """
    if folder is None or artifacts is None:
        own = _make_folder()
        folder = folder or own / "workspace"
        artifacts = artifacts or FakeArtifacts(own / "artifacts")
        folder.mkdir(parents=True, exist_ok=True)
    return Context(
        plugin=plugin,
        seed=seed,
        clock=clock or SimulatedClock(SAMPLE_NOW),
        store=FakeStore() if store is None else store,
        artifacts=artifacts,
        settings=settings,
        folder=folder,
        log=log or logging.getLogger(f"ballyhoo.{plugin}"),
        progress=progress or _say_nothing,
        run_id=run_id,
        brand=brand or Brand(),
        senders=senders or Senders(),
        links=links or InertLinks(),
    )


def _make_folder() -> Path:
    folder = _all_folders() / str(next(_numbers))
    folder.mkdir()
    return folder


@cache
def _all_folders() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="ballyhoo-testing-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _say_nothing(done: int, total: int | None = None) -> None:
    pass
