"""What went wrong lately in this process, so that it is not tried again with every ring."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

FIRST_SECONDS = 5.0
LONGEST_SECONDS = 60.0


class Setbacks:
    """Which task of which run this process leaves alone for a while, longer each time.

    Args:
        now: Seconds of a clock that never goes back.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._lock = threading.Lock()
        self._known: dict[tuple[str, int], tuple[float, float]] = {}

    def put_off(self, task: str, run_id: int, *, seconds: float | None = None) -> None:
        """Leave it alone for so many seconds, at most a minute.

        When None, it is twice as long as the last time, unless that was long ago.
        """
        now = self._now()
        with self._lock:
            self._known = {
                key: known for key, known in self._known.items() if known[0] + LONGEST_SECONDS > now
            }
            _, last = self._known.get((task, run_id), (now, FIRST_SECONDS / 2))
            wait = min(2 * last if seconds is None else seconds, LONGEST_SECONDS)
            self._known[task, run_id] = (now + wait, wait if seconds is None else last)

    def is_put_off(self, task: str, run_id: int) -> bool:
        """Whether it is left alone now."""
        until, _ = self._known.get((task, run_id), (0.0, 0.0))
        return until > self._now()
