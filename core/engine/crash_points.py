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
    "planning_begun", "range_planned", "plan_stored", "plan_finished",
    "batch_taken", "batch_made", "batch_stored", "batch_committed",
    "claimed", "composed", "mark_stored", "marked", "answered", "receipt_stored", "settled",
    "recovered", "run_closed",
)  # fmt: skip
"""Every point that all runs pass, in the order in which a message does."""

WAVE_POINTS = ("wave_opened", "range_assigned")
"""Those that a run with waves passes besides."""

STOP_POINTS = ("variant_stopped", "range_moved")
"""Those that a run passes of which a variant is stopped."""

INBOX_POINTS = ("mail_taken", "reply_kept", "answer_settled")
"""Those that a mail passes that is answered, before its reply is a message like others."""

_lock = threading.Lock()
_point, _left = "", 0


def arm(said: str) -> None:
    """Choose where this process dies: a point, and after a colon the how manieth time."""
    global _point, _left
    with _lock:
        _point, _, times = said.partition(":")
        _left = int(times or 1)


def reach(point: str) -> None:
    """Die here when the environment says so; else do nothing."""
    if point != _point:
        return
    global _left
    with _lock:
        _left -= 1
        if _left <= 0:
            os.kill(os.getpid(), signal.SIGKILL)


arm(os.environ.get(VARIABLE, ""))
