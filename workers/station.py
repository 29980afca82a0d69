"""What a worker process has: an engine, opened when first used and replaced after a fault."""

from __future__ import annotations

import logging
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from celery.worker import state
from sqlalchemy.exc import DBAPIError

from ballyhoo.core.clock import Clock
from ballyhoo.core.engine.engine import Engine, open_engine
from ballyhoo.core.errors import EnvironmentMissing
from ballyhoo.core.store.opening import find_database_url
from ballyhoo.core.workspace import Workspace

LOG = logging.getLogger("ballyhoo.workers")

MOST_RUNS = 100
"""After how many runs an engine is retired, as it keeps each with the files of its recipe."""


@dataclass(slots=True)
class _Opened:
    """An engine, and who uses it."""

    engine: Engine
    closing: AbstractContextManager[Engine]
    users: int = 0
    is_retired: bool = False


class Station:
    """The engine of this process; threads share it, and a fork opens its own.

    An error that nobody foresaw may leave leases behind that this process would go on renewing.
    So its engine is retired: the next task opens another one, as another owner, and when the last
    task has left the old one its leases are everybody's again.

    Args:
        workspace: Where this process works.
        queues: What it works on, for people.
        works: Whether the ledger is to know it; False for one that sweeps only.
        clock: What tells the time; that of this machine when None.
    """

    def __init__(
        self,
        workspace: Workspace,
        *,
        queues: str = "all",
        works: bool = True,
        clock: Clock | None = None,
    ) -> None:
        self.workspace = workspace
        self.queues = queues
        self._works = works
        self._clock = clock
        self._is_closed = False
        self._begin()

    def _begin(self) -> None:
        self._process = os.getpid()
        self._lock = threading.Lock()
        self._opened: _Opened | None = None

    @property
    def name(self) -> str:
        """This process, as the ledger calls it."""
        return f"{socket.gethostname()}:{os.getpid()}"

    @property
    def is_stopping(self) -> bool:
        """Whether this process was told to stop, and takes nothing more."""
        return any(one is not None and one is not False for one in (
            state.should_stop, state.should_terminate,
        ))  # fmt: skip

    @contextmanager
    def use(self) -> Iterator[Engine]:
        """Use the engine of this process; an error within the block retires it.

        Raises:
            EnvironmentMissing: The database is not there, is SQLite, or is at another revision.
        """
        if self._process != os.getpid():
            self._inherited = self._opened  # of the process that forked: kept, never used or closed
            self._begin()
        with self._lock:
            opened = self._opened
            if opened is None:
                opened = self._open()
                if self._is_closed:
                    opened.is_retired = True  # for this block alone
                else:
                    self._opened = opened
            opened.users += 1
        try:
            yield opened.engine
        except BaseException:
            self._retire(opened)
            raise
        finally:
            self._leave(opened)

    def close(self) -> None:
        """Give up what this process holds, as soon as nobody works any more."""
        self._is_closed = True
        with self._lock:
            opened = self._opened
            if opened is None:
                return
            opened.users += 1
        self._retire(opened)
        self._leave(opened)

    def _open(self) -> _Opened:
        if find_database_url(self.workspace).startswith("sqlite"):
            raise EnvironmentMissing(
                "workers need PostgreSQL: on SQLite one process at a time writes",
                hint="set database_url, or BALLYHOO_DATABASE_URL; without a broker_url campaigns "
                "run in the process of 'ballyhoo run'",
            )
        closing = open_engine(
            self.workspace, queues=self.queues, works=self._works, clock=self._clock,
            may_create=False,
        )  # fmt: skip
        engine = closing.__enter__()
        return _Opened(engine, closing)

    def _retire(self, opened: _Opened) -> None:
        with self._lock:
            opened.is_retired = True
            if self._opened is opened:
                self._opened = None

    def _leave(self, opened: _Opened) -> None:
        with self._lock:
            opened.users -= 1
            if len(opened.engine.runs) > MOST_RUNS and self._opened is opened:
                opened.is_retired, self._opened = True, None
            is_last = opened.is_retired and opened.users == 0
        if is_last:
            try:
                opened.closing.__exit__(None, None, None)
            except DBAPIError:
                LOG.warning("the database is away; the leases of this worker run out by themselves")
