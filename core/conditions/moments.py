"""Reads the dates and moments that stand in a condition, as the time that each stands for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime

from ..functions import to_milliseconds

DAY = 86_400_000
"""Milliseconds of a day."""


MOST_DAYS = 36_500_000
"""More days than anything is ago."""


@dataclass(frozen=True, slots=True)
class Span:
    """From `start` to just before `end`, in UTC milliseconds."""

    start: int
    end: int


def read_moment(text: str) -> Span:
    """Read `2026-04-30` (that day, in UTC), or `2026-04-30T18:00:00+02:00` (that moment).

    A moment without an offset is in UTC.

    Raises:
        ValueError: It is neither.
    """
    try:
        day = date.fromisoformat(text)
    except ValueError:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        at = _to_milliseconds(moment)
        return Span(at, at + 1)
    start = _to_milliseconds(datetime(day.year, day.month, day.day, tzinfo=UTC))
    return Span(start, start + DAY)


def _to_milliseconds(moment: datetime) -> int:
    try:
        return to_milliseconds(moment)
    except OverflowError:
        raise ValueError("a moment out of reach") from None


def span_of_days(days: int, now: int) -> Span:
    """Return when something happened that is so many whole days ago, at `now`."""
    days = max(-MOST_DAYS, min(MOST_DAYS, days))
    return Span(now - (days + 1) * DAY + 1, now - days * DAY + 1)
