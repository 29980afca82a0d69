"""Tells the time of due dates, caps and quiet hours, so that a test can give another one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What tells the time; leases do not use it, they use the database's own."""

    def now(self) -> datetime:
        """Return the current moment, aware, in UTC."""
        ...


class StillClock:
    """A clock that stands still, so that all of a look is at one moment.

    Args:
        moment: The moment, aware.
    """

    def __init__(self, moment: datetime) -> None:
        self._moment = moment.astimezone(UTC)

    def now(self) -> datetime:
        """Return the moment, aware, in UTC."""
        return self._moment


class SystemClock:
    """The clock of this machine."""

    def now(self) -> datetime:
        """Return the current moment, aware, in UTC."""
        return datetime.now(UTC)
