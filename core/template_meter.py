"""Counts what the rendering of a template does, and stops it when that is too much."""

from __future__ import annotations

import threading
import time
from typing import Any

from jinja2.exceptions import SecurityError

MAX_CHARS = 1_000_000
"""The most that one template may produce; more is a mistake, not a message."""

MAX_STEPS = 200_000
"""Turns of loops, calls and filters in one rendering."""

MAX_CPU_SECONDS = 2.0
STEPS_BETWEEN_LOOKS = 64
"""How often the clock is looked at."""


class Meter(threading.local):
    """What the rendering of this thread has done so far."""

    def __init__(self) -> None:
        self.start()

    def start(self) -> None:
        """Begin to count anew."""
        self.steps = 0
        self.chars = 0
        self.until: float | None = None

    def step(self, size: int = 0) -> None:
        """Count one step, and what is large as several.

        Raises:
            SecurityError: It was too much, or took too long.
        """
        before = self.steps
        self.steps = before + 1 + size // 1000
        if self.steps > MAX_STEPS:
            raise SecurityError(f"takes more than {MAX_STEPS:,} steps")
        if before // STEPS_BETWEEN_LOOKS != self.steps // STEPS_BETWEEN_LOOKS:
            self.look()

    def look(self) -> None:
        """Look at the clock, the thread's own: a busy machine is nobody's mistake.

        The first look is after so many steps as no ordinary message has: asking costs more than
        most steps do.
        """
        now = time.thread_time()
        if self.until is None:
            self.until = now + MAX_CPU_SECONDS
        elif now > self.until:
            raise SecurityError(f"takes more than {MAX_CPU_SECONDS:g} seconds")

    def write(self, value: Any) -> Any:
        """Count what is put out, also into a block that a variable keeps."""
        self.chars = chars = self.chars + (len(value) if isinstance(value, str) else 20)
        if chars > 4 * MAX_CHARS:
            raise SecurityError(f"produces more than {MAX_CHARS:,} characters")
        return value


METER = Meter()
