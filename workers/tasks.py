"""The tasks: thin, idempotent, with ids only. They may come twice, late or never."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from celery import Celery

from ballyhoo.core.logs import label_logs

from .station import Station
from .sweeper import Sweeper
from .work import ANSWER, DELIVER, PLAN, PREPARE, Work

SWEEP = "ballyhoo.sweep"

HARD_SECONDS = 300
SOFT_SECONDS = 240
"""Limits of a task in a pool that forks, which hangs when it takes so long."""

UNLIMITED: dict[str, Any] = {"time_limit": None, "soft_time_limit": None}
"""Planning trains what needs training. A delivery that is killed leaves messages of which nobody
knows whether they are out: it takes nothing more after a minute, and an answer may take ten."""

LIMITED: dict[str, Any] = {"time_limit": HARD_SECONDS, "soft_time_limit": SOFT_SECONDS}


def add_tasks(app: Celery, work: Work, sweeper: Sweeper) -> None:
    """Register the tasks with an app.

    Args:
        app: The app.
        work: What rings for a run come to.
        sweeper: What a ring for everything comes to.
    """
    station = work.station
    _add(app, station, PLAN, work.plan, UNLIMITED)
    _add(app, station, PREPARE, work.prepare, LIMITED)
    _add(app, station, DELIVER, work.deliver, UNLIMITED)
    _add(app, station, ANSWER, work.answer, UNLIMITED)

    def run_sweep() -> None:
        """Ring for whatever is due; `ballyhoo beat` and every worker do so by themselves."""
        sweeper.sweep()

    app.task(name=SWEEP, shared=False, **LIMITED)(run_sweep)


def _add(
    app: Celery, station: Station, name: str, do: Callable[[int], None], limits: dict[str, Any]
) -> None:
    step = name.partition(".")[2]

    def run(self: Any, run_id: int) -> None:
        with label_logs(step=step, task=self.request.id, worker=station.name):
            do(run_id)

    app.task(name=name, bind=True, shared=False, **limits)(run)
