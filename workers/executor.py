"""The executor `celery`: rings for a run that was started here, so that workers take it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ballyhoo.core.errors import EnvironmentMissing
from ballyhoo.core.workspace import Workspace

from .work import PLAN

if TYPE_CHECKING:
    from celery import Celery


class CeleryExecutor:
    """Rings for runs; nothing is waited for.

    Args:
        app: The app of the workspace.
    """

    def __init__(self, app: Celery) -> None:
        self._app = app

    def start(self, run_id: int) -> None:
        """Ring for a run; whoever plans it rings for all that follows.

        Raises:
            EnvironmentMissing: The broker does not answer, within seconds. The run stays in the
                ledger, and the sweep rings for it.
        """
        from .bells import BrokerMissing, open_impatient

        try:
            with open_impatient(self._app) as connection:
                self._app.tasks[PLAN].apply_async((run_id,), connection=connection, retry=False)
        except BrokerMissing as error:
            raise EnvironmentMissing(
                f"{error.message}\n  run {run_id} is in the ledger; workers and 'ballyhoo beat' "
                "take it up when the broker is back",
                hint=error.hint,
            ) from error


def make_executor(workspace: Workspace) -> CeleryExecutor:
    """Return the executor of a workspace; nothing is connected yet.

    Raises:
        EnvironmentMissing: The settings name no broker.
    """
    from .app import make_parts

    return CeleryExecutor(make_parts(workspace).app)
