"""Shows how far a run is while it is worked on: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import logging
import sys
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Any

import click

from .amounts import show_count

if TYPE_CHECKING:
    from ..store.engine import Store

SECONDS_BETWEEN_LINES = 10.0
SECONDS_BETWEEN_LOOKS = 0.5

COST = 20
"""Of the time that passes, one part of so many is spent on looking at the ledger."""


class RunProgress:
    """Looks at the ledger now and then, and shows on standard error what is left to do.

    Args:
        store: An open store.
        run_id: The run.
    """

    def __init__(self, store: Store, run_id: int) -> None:
        self._store = store
        self._run_id = run_id
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="progress", daemon=True)
        self._bar: Any = None
        self._task: Any = None
        self._said_at = time.monotonic()
        self._teller = _Teller(self.tell)

    def tell(self, sentence: str) -> None:
        """Say something, above the bar."""
        if self._bar is not None:
            self._bar.console.print(sentence, markup=False, highlight=False)
        else:
            click.echo(sentence, err=True)

    def note_planned(self, what: str, done: int, total: int | None) -> None:
        """Show how far the plan is; see `Engine.progress`."""
        if what == "plan" and total:
            self._show("planned", done, total)

    def __enter__(self) -> RunProgress:
        if sys.stderr.isatty():
            self._bar = _make_bar()
            self._bar.start()
        logging.getLogger("ballyhoo").addHandler(self._teller)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stopped.set()
        self._thread.join()
        logging.getLogger("ballyhoo").removeHandler(self._teller)
        if self._bar is not None:
            self._bar.stop()

    def _watch(self) -> None:
        from sqlalchemy.exc import DBAPIError

        most, wait = 0, SECONDS_BETWEEN_LOOKS
        while not self._stopped.wait(wait):
            began = time.perf_counter()
            try:
                left = self._count()
            except DBAPIError:
                continue  # the database is away for a moment; whoever works waits for it too
            wait = max(SECONDS_BETWEEN_LOOKS, COST * (time.perf_counter() - began))
            if left is not None:
                most = max(most, left)
                self._show("done", most - left, most)

    def _count(self) -> int | None:
        from ..store.ledger.delays import count_left
        from ..store.ledger.runs import read_state

        with self._store.read() as connection:
            if read_state(connection, self._run_id) == "planning":
                return None
            return count_left(connection, self._run_id)

    def _show(self, what: str, done: int, total: int) -> None:
        if self._bar is not None:
            if self._task is None:
                self._task = self._bar.add_task("", total=None)
            said = f"{done:,} of {show_count(total, 'message')} {what}"
            self._bar.update(self._task, completed=done, total=total, description=said)
        elif time.monotonic() - self._said_at >= SECONDS_BETWEEN_LINES:
            self._said_at = time.monotonic()
            click.echo(f"{done:,} of {show_count(total, 'message')} {what}", err=True)


class _Teller(logging.Handler):
    """Says what the engine warns of, each sentence once in a while."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        super().__init__(logging.WARNING)
        self._tell = tell
        self._said_at: dict[str, float] = {}

    def emit(self, record: logging.LogRecord) -> None:
        sentence, now = record.getMessage(), time.monotonic()
        if now - self._said_at.get(sentence, -60.0) >= 60.0:
            self._said_at[sentence] = now
            self._tell(sentence)


def _make_bar() -> Any:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    return Progress(
        BarColumn(),
        TextColumn("{task.description}"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
