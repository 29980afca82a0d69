"""Brings the roll-ups of customers up to date a little after something was stored."""

from __future__ import annotations

import threading
import time

from ..store.engine import Store
from ..store.patience import AWAY
from ..store.profiles import refresh_profiles

REFRESH_SECONDS = 5.0
"""How old roll-ups may be; a campaign that is planned brings them up to date as well."""

REST = 9
"""How many times as long as it refreshes it rests: those who tell need the database as well."""


class RollUps:
    """Refreshes what is stale, in a thread of its own.

    Args:
        store: An open store.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._has_news = threading.Event()
        self._is_closed = threading.Event()
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
        pause = REFRESH_SECONDS
        while not self._is_closed.wait(pause):
            if self._has_news.is_set():
                self._has_news.clear()
                began = time.monotonic()
                try:
                    refresh_profiles(self._store)
                except AWAY:
                    self._has_news.set()
                pause = max(REFRESH_SECONDS, (time.monotonic() - began) * REST)
