"""The simulated clock stands still, moves forward, and goes back only when told to jump."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from ballyhoo.testing import SimulatedClock

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def test_clock_stands_still_until_it_is_moved():
    clock = SimulatedClock(NOON)
    assert clock.now() == clock.now() == NOON


def test_clock_advances_by_a_timedelta_or_by_words():
    clock = SimulatedClock(NOON)
    assert clock.advance(timedelta(hours=1)) == NOON + timedelta(hours=1)
    assert clock.advance(days=3) == NOON + timedelta(days=3, hours=1)
    clock.advance(hours=1, minutes=2, seconds=3)
    assert clock.now() == NOON + timedelta(days=3, hours=2, minutes=2, seconds=3)


def test_clock_is_set_forward_but_never_back():
    clock = SimulatedClock(NOON)
    later = NOON + timedelta(days=1)
    assert clock.set(later) == clock.now() == later
    with pytest.raises(ValueError, match=r"lies before .*; jump\(\) goes back"):
        clock.set(NOON)
    with pytest.raises(ValueError, match="lies before"):
        clock.advance(days=-1)
    assert clock.now() == later


def test_clock_jumps_anywhere():
    clock = SimulatedClock(NOON)
    earlier = NOON - timedelta(days=400)
    assert clock.jump(earlier) == clock.now() == earlier


def test_clock_tells_the_time_in_utc_whatever_it_was_given():
    berlin = timezone(timedelta(hours=2))
    clock = SimulatedClock(datetime(2026, 7, 1, 14, 0, tzinfo=berlin))
    assert clock.now() == datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
    assert clock.now().tzinfo is UTC
    clock.set(datetime(2026, 7, 2, 14, 0, tzinfo=berlin))
    assert clock.now().tzinfo is UTC


def test_moment_without_a_time_zone_is_refused():
    naive = datetime(2026, 3, 2, 12, 0)
    clock = SimulatedClock(NOON)
    for move in (SimulatedClock, clock.set, clock.jump):
        with pytest.raises(ValueError, match="has no time zone"):
            move(naive)
    assert clock.now() == NOON
