"""The Celery app: made from the settings of the workspace, and connected to nothing yet.

    ballyhoo worker
    celery -A ballyhoo.workers.app worker --without-gossip --without-mingle --without-heartbeat

The workspace is the folder in BALLYHOO_WORKSPACE, else the current one or the nearest above it.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from celery import Celery, bootsteps
from celery.app.log import Logging
from celery.utils.log import mlevel

from ballyhoo.core.errors import EnvironmentMissing
from ballyhoo.core.logs import set_up_logs
from ballyhoo.core.workspace import Workspace, find_workspace

from .bells import Bells
from .configuration import make_configuration
from .station import Station
from .sweeper import Sweeper
from .tasks import add_tasks
from .work import Work


class Logs(Logging):  # type: ignore[misc]  # Celery has no types
    """Celery's logs, which are those of all of Ballyhoo."""

    def setup(self, loglevel: Any = None, *_: Any, **__: Any) -> bool:
        """Set them up; whether lines are JSON depends on who reads them."""
        set_up_logs(json=not sys.stderr.isatty(), level=mlevel(loglevel) or logging.INFO)
        logging.captureWarnings(True)
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """An app, and what its tasks work with."""

    app: Celery
    station: Station
    bells: Bells
    sweeper: Sweeper
    work: Work


def make_parts(workspace: Workspace, *, queues: str = "all", works: bool = True) -> Parts:
    """Return the app of a workspace with its parts; nothing is connected yet.

    Args:
        workspace: The workspace.
        queues: What the process works on, for people.
        works: Whether it works on runs; False for one that sweeps only.

    Raises:
        EnvironmentMissing: The settings name no broker.
        SettingsError: The settings are wrong.
    """
    url = workspace.settings.broker_url.get_secret_value()
    if not url:
        raise EnvironmentMissing(
            "there is no broker, so nothing rings for workers",
            hint="set broker_url in ballyhoo.toml, or BALLYHOO_BROKER_URL; without one "
            "'ballyhoo run' works on a campaign in its own process",
        )
    app = Celery("ballyhoo", log=Logs, set_as_current=False)
    app.conf.update(make_configuration(url))
    station = Station(workspace, queues=queues, works=works)
    bells = Bells(app)
    work = Work(station, bells)
    sweeper = Sweeper(station, bells)
    add_tasks(app, work, sweeper)
    app.steps["worker"].add(_make_step(station, sweeper))
    return Parts(app=app, station=station, bells=bells, sweeper=sweeper, work=work)


def _make_step(station: Station, sweeper: Sweeper) -> type[bootsteps.StartStopStep]:
    """Return the part of a worker that sweeps beside its tasks, and gives up what it holds."""

    class Sweeping(bootsteps.StartStopStep):  # type: ignore[misc]  # Celery has no types
        requires = ("celery.worker.components:Pool",)  # a pool forks before there are threads

        def start(self, parent: Any) -> None:
            self.thread = threading.Thread(target=sweeper.run, name="sweeper", daemon=True)
            self.thread.start()

        def stop(self, parent: Any) -> None:
            sweeper.stop()
            self.thread.join()
            station.close()

    return Sweeping


@cache
def _make_default() -> Celery:
    named = os.environ.get("BALLYHOO_WORKSPACE")
    return make_parts(find_workspace(Path.cwd(), named=Path(named) if named else None)).app


def __getattr__(name: str) -> Celery:
    """Make `app` when it is asked for, so that importing this module reads and connects nothing."""
    if name == "app":
        return _make_default()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
