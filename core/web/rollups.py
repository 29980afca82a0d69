"""Brings the roll-ups of customers up to date a little after something was stored."""

from __future__ import annotations

import threading
import time

from ..store.engine import Store
from ..store.patience import AWAY
from ..store.profiles import refresh_profiles

REFRESH_SECONDS = 5.0
"""How old roll-ups may be; a campaign that is planned brings them up to date as well."""

REST = 10
"""How many times as long as it refreshes it rests: those who tell need the database as well, and
whoever plans a campaign refreshes what is left."""

CUSTOMERS_AT_ONCE = 500


class _Closed(Exception):
    """It is to stop."""


class RollUps:
    """Refreshes what is stale, in a thread of its own.

    Args:
        store: An open store.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._has_news = threading.Event()
        self._is_closed = threading.Event()
        self._began = 0.0
        self._thread = threading.Thread(target=self._work, name="roll-ups", daemon=True)
        self._thread.start()

    def note(self) -> None:
        """Say that something was stored."""
        self._has_news.set()

    def close(self) -> None:
        """Stop; what is stale stays so until somebody refreshes it."""
        self._is_closed.set()
        self._thread.join()

    def _work(self) -> None:
        while not self._is_closed.wait(REFRESH_SECONDS):
            if self._has_news.is_set():
                self._has_news.clear()
                self._began = time.monotonic()
                try:
                    refresh_profiles(self._store, self._rest, at_once=CUSTOMERS_AT_ONCE)
                except AWAY:
                    self._has_news.set()
                except _Closed:
                    return

    def _rest(self, _done: int, _all: int | None) -> None:
        """Let others write after each transaction: whoever lets go would be the next again."""
        if self._is_closed.wait((time.monotonic() - self._began) * REST):
            raise _Closed
        self._began = time.monotonic()
