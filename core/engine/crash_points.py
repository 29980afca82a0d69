"""Points at which a test may kill the process, named in the environment and free otherwise.

`BALLYHOO_CRASH_AT=marked:3` kills it the third time that it reaches the point `marked`, as the
kernel or an operator would: nothing is closed, flushed or told to anybody.
"""

from __future__ import annotations

import os
import signal
import threading

VARIABLE = "BALLYHOO_CRASH_AT"

POINTS = (
    "planning_begun", "range_planned", "plan_finished",
    "batch_taken", "batch_made", "batch_stored", "batch_committed",
    "claimed", "composed", "mark_stored", "marked", "answered", "receipt_stored", "settled",
    "recovered",
)  # fmt: skip
"""Every point there is, in the order in which a message passes them."""

_lock = threading.Lock()
_passed = 0


def _read() -> tuple[str, int]:
    point, _, times = os.environ.get(VARIABLE, "").partition(":")
    return point, int(times or 1)


_point, _times = _read()


def reach(point: str) -> None:
    """Die here when the environment says so; else do nothing."""
    if point != _point:
        return
    global _passed
    with _lock:
        _passed += 1
        if _passed >= _times:
            os.kill(os.getpid(), signal.SIGKILL)
