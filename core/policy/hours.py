"""Finds the next moment outside of quiet hours and inside the daily window of a recipient.

Both are read off the clock on her wall, also on the days when it is set: a time that is skipped
starts nothing, what begins within the skipped hour begins after it, and a time that comes twice
counts both times.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta, tzinfo

from ..errors import PolicyError
from ..recipe.values import TimesOfDay
from .zones import find_zone

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)
_MOST_STEPS = 64
"""Of at most a day each; a clock that is set may take an opening or two, never so many."""


def find_due(
    now: datetime,
    zone: str | None,
    quiet_hours: TimesOfDay | None,
    window: TimesOfDay | None,
    *,
    default_zone: str = "UTC",
) -> datetime:
    """Return the earliest moment, from now on, at which a message may leave.

    Args:
        now: Aware, of any time zone.
        zone: The recipient's IANA time zone; one that does not exist counts as not known.
        quiet_hours: When she is not written to, its start included and its end not.
        window: The only time of day for it, its start included and its end not.
        default_zone: The zone of those whose own is not known.

    Returns:
        An aware moment in UTC; `now` itself when it will do.

    Raises:
        ValueError: `now` has no time zone.
        PolicyError: The quiet hours cover all of the window; `check` refuses such a recipe.
    """
    if now.tzinfo is None:
        raise ValueError(f"{now.isoformat()} has no time zone; give an aware moment")
    moment = now.astimezone(UTC)
    if quiet_hours is None and window is None:
        return moment
    there = (find_zone(zone) if zone else None) or find_zone(default_zone) or UTC
    openings = _list_openings(quiet_hours, window)
    for _ in range(_MOST_STEPS if openings else 0):
        local = moment.astimezone(there)
        if _is_open(local.time(), quiet_hours, window):
            return moment
        moment = _step(moment, local, openings, there)
    raise PolicyError(
        "the quiet hours cover all of the window, so nothing can ever be sent",
        hint="change policy.quiet_hours or policy.window",
    )


def is_within(at: time, times: TimesOfDay) -> bool:
    """Whether a time of day lies in an interval, its start included and its end not."""
    if times.start < times.end:
        return times.start <= at < times.end
    return at >= times.start or at < times.end


def _is_open(at: time, quiet_hours: TimesOfDay | None, window: TimesOfDay | None) -> bool:
    is_quiet = quiet_hours is not None and is_within(at, quiet_hours)
    return not is_quiet and (window is None or is_within(at, window))


def _list_openings(quiet_hours: TimesOfDay | None, window: TimesOfDay | None) -> list[time]:
    """Return the times of day at which what was closed may open."""
    changes = [quiet_hours.end] if quiet_hours is not None else []
    changes += [window.start] if window is not None else []
    return [at for at in changes if _is_open(at, quiet_hours, window)]


def _step(moment: datetime, local: datetime, openings: list[time], there: tzinfo) -> datetime:
    """Return the next moment at which it may open: an opening, or the clock being set before."""
    passed = _since_midnight(local.time())
    # Never nought: at an opening it is open, and now it is closed.
    waits = [(_since_midnight(at) - passed) % _DAY for at in openings]
    later = moment + min(waits)
    if later.astimezone(there).utcoffset() == local.utcoffset():
        return later  # in no zone is the clock set twice within a day
    before = moment.replace(microsecond=0)
    seconds = -(-(later - before) // _SECOND)
    same, other = 0, seconds
    while other - same > 1:
        middle = (same + other) // 2
        if (before + middle * _SECOND).astimezone(there).utcoffset() == local.utcoffset():
            same = middle
        else:
            other = middle
    return min(later, before + other * _SECOND)


def _since_midnight(at: time) -> timedelta:
    return timedelta(
        hours=at.hour, minutes=at.minute, seconds=at.second, microseconds=at.microsecond
    )
