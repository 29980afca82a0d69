"""Sweeps the ledger every few seconds, and rings for whatever is due: lost rings cost no more."""

from __future__ import annotations

import threading

from sqlalchemy.exc import InterfaceError, OperationalError

from ballyhoo.core.engine.sweeping import sweep
from ballyhoo.core.errors import BallyhooError
from ballyhoo.core.feedback.beside import Beside
from ballyhoo.core.logs import label_logs
from ballyhoo.core.store.ledger.turns import take_sweep

from .bells import Bells
from .station import LOG, Station

SWEEP_SECONDS = 2.0
"""How often the ledger is swept, by all processes together."""


class Sweeper:
    """Sweeps when it is this process's turn; any number of them may run.

    Args:
        station: Has the engine.
        bells: Ring for what is due.
        seconds: How often one of all sweeps.
    """

    def __init__(self, station: Station, bells: Bells, *, seconds: float = SWEEP_SECONDS) -> None:
        self._station = station
        self._bells = bells
        self._seconds = seconds
        self._stopped = threading.Event()
        self._said: str | None = None
        self._telling = Beside(station.use, lambda: self._stopped.is_set() or station.is_stopping)

    def run(self) -> None:
        """Sweep until told to stop; what is not there now is there the next time."""
        while True:
            self.sweep()
            if self._stopped.wait(self._seconds):
                return

    def stop(self) -> None:
        """End `run` soon."""
        self._stopped.set()
        self._telling.wait()

    def sweep(self) -> bool:
        """Sweep once, if it is this process's turn; False when it was not, or it failed."""
        with label_logs(step="sweep"):
            try:
                with self._station.use() as engine:
                    if not take_sweep(engine.store, seconds=self._seconds):
                        return False
                    dues = sweep(engine)
                self._bells.ring_due(dues)
                self._telling.start()
            except BallyhooError as error:
                self._say(str(error))
            except (OperationalError, InterfaceError) as error:
                self._say(f"the database does not answer: {type(error.orig).__name__}")
            except Exception:
                LOG.exception("the sweep failed in a way that nobody foresaw")
            else:
                self._said = None
                return True
            return False

    def _say(self, said: str) -> None:
        """Log once what goes on being so."""
        if said != self._said:
            LOG.error(said)
        self._said = said
