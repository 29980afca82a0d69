"""Tells listeners beside other work, each in a thread of its own: none holds up anything."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import AbstractContextManager

from ..engine.engine import LOG, Engine
from ..errors import BallyhooError
from ..store.patience import AWAY
from .listening import Listener
from .telling import find_waiting, tell_listener

MOST_SECONDS = 60.0
"""After so long a thread leaves the rest to another time."""

LAST_SECONDS = 10.0
"""How long a process that is through stays for listeners that are being told."""


class Beside:
    """Tells whoever is due, when it is asked to, in this process.

    Args:
        use: Opens the engine for a thread.
        should_stop: Whether this process was told to stop.
    """

    def __init__(
        self,
        use: Callable[[], AbstractContextManager[Engine]],
        should_stop: Callable[[], bool] = lambda: False,
    ) -> None:
        self._use = use
        self._should_stop = should_stop
        self._lock = threading.Lock()
        self._threads: dict[str, threading.Thread] = {}

    def start(self) -> None:
        """Begin to tell whoever is due and is not being told here already.

        Raises:
            DBAPIError: The database does not answer.
        """
        with self._use() as engine:
            if not engine.is_listened_to:
                return
            waiting = find_waiting(engine)
        for one in waiting:
            with self._lock:
                known = self._threads.get(one.name)
                if known is not None and known.is_alive():
                    continue
                thread = threading.Thread(
                    target=self._tell, args=(one,), name=one.name, daemon=True
                )
                self._threads[one.name] = thread
                thread.start()

    def wait(self, seconds: float = LAST_SECONDS) -> None:
        """Wait until everybody was told that is being told, or for so many seconds."""
        ends = time.monotonic() + seconds
        for thread in list(self._threads.values()):
            thread.join(max(0.0, ends - time.monotonic()))

    def _tell(self, listener: Listener) -> None:
        ends = time.monotonic() + MOST_SECONDS
        try:
            with self._use() as engine:
                tell_listener(
                    engine, listener,
                    should_stop=lambda: self._should_stop() or time.monotonic() > ends,
                )  # fmt: skip
        except (BallyhooError, *AWAY) as error:
            LOG.warning("not told: %s", type(error).__name__, extra={"listener": listener.name})
        except Exception:
            LOG.exception("telling failed in a way that nobody foresaw")
