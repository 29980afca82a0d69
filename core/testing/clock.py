"""A clock that stands still until a test moves it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class SimulatedClock:
    """A clock for tests and simulations; it never goes back, unless `jump` asks for it.

    Args:
        now: Where it starts; aware, of any time zone.

    Raises:
        ValueError: The moment has no time zone.
    """

    def __init__(self, now: datetime) -> None:
        self._now = _in_utc(now)

    def now(self) -> datetime:
        """Return the simulated moment, aware, in UTC."""
        return self._now

    def advance(
        self,
        by: timedelta | None = None,
        *,
        days: float = 0,
        hours: float = 0,
        minutes: float = 0,
        seconds: float = 0,
    ) -> datetime:
        """Move forward, by a timedelta and by whatever else is given, and return the new moment.

        Raises:
            ValueError: It would go back.
        """
        step = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
        return self.set(self._now + (by or timedelta()) + step)

    def set(self, moment: datetime) -> datetime:
        """Move to a moment that is not before now, and return it.

        Raises:
            ValueError: It lies before now, or has no time zone.
        """
        wanted = _in_utc(moment)
        if wanted < self._now:
            raise ValueError(
                f"{wanted.isoformat()} lies before {self._now.isoformat()}; jump() goes back"
            )
        self._now = wanted
        return wanted

    def jump(self, moment: datetime) -> datetime:
        """Move to any moment, also back, as a clock does that somebody sets; return it.

        Raises:
            ValueError: It has no time zone.
        """
        self._now = _in_utc(moment)
        return self._now


def _in_utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no time zone; give an aware moment")
    return moment.astimezone(UTC)
