"""Who works on a run that was started: this process, or workers that an executor rings for.

An executor is an entry point of the group `ballyhoo.executors`. It is a callable that takes the
workspace and returns the executor.
"""

from __future__ import annotations

from typing import Protocol

from ..errors import EnvironmentMissing
from ..installed import find_entry_points
from ..workspace import Workspace

GROUP = "ballyhoo.executors"

CELERY = "celery"
"""The name of the executor that a broker is for."""


class Executor(Protocol):
    """Rings for the workers; the database is the truth, so a bell that is lost is no harm."""

    def start(self, run_id: int) -> None:
        """Let the workers know that a run is to be worked on.

        Raises:
            EnvironmentMissing: The broker cannot be reached.
        """


def find_executor(workspace: Workspace) -> Executor | None:
    """Return what rings for workers; None when no broker is set, and this process does the work.

    Raises:
        EnvironmentMissing: A broker is set, and nothing is installed that can use it.
    """
    if not workspace.settings.broker_url.get_secret_value():
        return None
    for point in find_entry_points(GROUP):
        if point.name != CELERY:
            continue
        try:
            make = point.load()
        except ImportError as error:
            raise EnvironmentMissing(
                f"broker_url is set, and the executor '{CELERY}' cannot be imported: {error}",
                hint="install what is missing, or leave broker_url out",
            ) from error
        executor: Executor = make(workspace)
        return executor
    raise EnvironmentMissing(
        f"broker_url is set, and no executor '{CELERY}' is installed",
        hint="leave broker_url out, and this process does the work",
    )
