"""The next moment at which somebody may be written to, on every wall clock there is."""

from __future__ import annotations

import zoneinfo
from datetime import UTC, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ballyhoo.core.errors import PolicyError
from ballyhoo.core.policy.hours import find_due
from ballyhoo.core.policy.zones import find_zone
from ballyhoo.core.recipe.values import TimesOfDay, parse_times_of_day

MINUTE = timedelta(minutes=1)
ZONES = [
    "UTC", "Europe/Berlin", "Europe/London", "America/New_York", "America/St_Johns",
    "Asia/Kathmandu", "Asia/Kolkata", "Australia/Lord_Howe", "Pacific/Chatham", "Pacific/Apia",
    "Africa/Casablanca", "America/Asuncion", "Asia/Gaza", "Antarctica/Troll", "Pacific/Kiritimati",
]  # fmt: skip
NIGHT = TimesOfDay(time(21), time(8))


def times(text: str | None) -> TimesOfDay | None:
    return None if text is None else parse_times_of_day(text)


def is_open(moment: datetime, zone: str, quiet: TimesOfDay | None, window: TimesOfDay | None):
    local = moment.astimezone(ZoneInfo(zone))
    wall = (local.hour, local.minute)

    def covers(one: TimesOfDay) -> bool:
        start, end = (one.start.hour, one.start.minute), (one.end.hour, one.end.minute)
        return start <= wall < end if start < end else not end <= wall < start

    return (quiet is None or not covers(quiet)) and (window is None or covers(window))


def walk(now: datetime, zone: str, quiet: TimesOfDay | None, window: TimesOfDay | None):
    """Look at each minute from now on; None when four days are closed."""
    if is_open(now, zone, quiet, window):
        return now
    moment = now.replace(second=0, microsecond=0)
    for _ in range(4 * 24 * 60):
        moment += MINUTE
        if is_open(moment, zone, quiet, window):
            return moment
    return None


@lru_cache
def list_changes(zone: str) -> list[datetime]:
    """The days, from 2010 to 2030, on which a zone sets its clocks; some day when it never does."""
    there, found = ZoneInfo(zone), []
    for number in range(20 * 365):
        day = datetime(2010, 1, 1, tzinfo=UTC) + timedelta(days=number)
        if day.astimezone(there).utcoffset() != (day + timedelta(1)).astimezone(there).utcoffset():
            found.append(day)
    return found or [datetime(2026, 3, 29, tzinfo=UTC)]


wall_times = st.builds(time, st.integers(0, 23), st.integers(0, 59))
near_changes = st.builds(
    time, st.integers(0, 4), st.sampled_from([0, 15, 29, 30, 31, 45, 59])
)  # fmt: skip
intervals = (
    st.tuples(wall_times | near_changes, wall_times | near_changes)
    .filter(lambda pair: pair[0] != pair[1])
    .map(lambda pair: TimesOfDay(*pair))
)


@st.composite
def cases(draw: st.DrawFn):
    zone = draw(st.sampled_from(ZONES))
    day = draw(st.sampled_from(list_changes(zone)))
    now = day + timedelta(seconds=draw(st.integers(-36 * 3600, 36 * 3600)))
    now += timedelta(microseconds=draw(st.sampled_from([0, 1, 999_999])))
    quiet = draw(st.none() | intervals)
    window = draw(st.none() | intervals)
    return now, zone, quiet, window


@given(case=cases())
@settings(derandomize=True, deadline=None, max_examples=400)
def test_it_is_what_a_walk_minute_by_minute_finds(case) -> None:
    now, zone, quiet, window = case
    wanted = walk(now, zone, quiet, window)
    if wanted is None:
        with pytest.raises(PolicyError, match="nothing can ever be sent"):
            find_due(now, zone, quiet, window)
    else:
        assert find_due(now, zone, quiet, window) == wanted


@given(case=cases())
@settings(derandomize=True, deadline=None, max_examples=200)
def test_the_found_moment_will_do_and_is_found_again(case) -> None:
    now, zone, quiet, window = case
    try:
        due = find_due(now, zone, quiet, window)
    except PolicyError:
        return
    assert due >= now
    assert due.tzinfo is UTC
    assert is_open(due, zone, quiet, window)
    assert find_due(due, zone, quiet, window) == due


@pytest.mark.parametrize(
    ("now", "zone", "quiet", "window", "due"),
    [
        # In the evening until the morning, and not a minute longer.
        ("2026-06-01T20:59:59+02:00", "Europe/Berlin", "21:00-08:00", None, None),
        ("2026-06-01T21:00:00+02:00", "Europe/Berlin", "21:00-08:00", None, "02T08:00:00+02:00"),
        ("2026-06-02T07:59:59+02:00", "Europe/Berlin", "21:00-08:00", None, "02T08:00:00+02:00"),
        ("2026-06-02T08:00:00+02:00", "Europe/Berlin", "21:00-08:00", None, None),
        # A window: before it, in it, after it; and one over midnight.
        ("2026-06-01T08:00:00+02:00", "Europe/Berlin", None, "09:00-17:00", "01T09:00:00+02:00"),
        ("2026-06-01T12:00:00+02:00", "Europe/Berlin", None, "09:00-17:00", None),
        ("2026-06-01T17:00:00+02:00", "Europe/Berlin", None, "09:00-17:00", "02T09:00:00+02:00"),
        ("2026-06-01T01:00:00+02:00", "Europe/Berlin", None, "22:00-02:00", None),
        ("2026-06-01T02:00:00+02:00", "Europe/Berlin", None, "22:00-02:00", "01T22:00:00+02:00"),
        # A window that begins in the quiet hours opens when they end.
        ("2026-06-01T05:00:00+02:00", "Europe/Berlin", "21:00-08:00", "07:00-09:00",
         "01T08:00:00+02:00"),
        # In Berlin 02:00 to 03:00 is skipped on 29 March: what ends within it ends at 03:00.
        ("2026-03-29T01:00:00+01:00", "Europe/Berlin", "21:00-02:30", None, "29T03:00:00+02:00"),
        # A window within the skipped hour does not come that day.
        ("2026-03-29T01:00:00+01:00", "Europe/Berlin", None, "02:10-02:50", "30T02:10:00+02:00"),
        # On 25 October 02:00 to 03:00 comes twice: the first will do, and the second too.
        ("2026-10-25T01:00:00+02:00", "Europe/Berlin", "21:00-02:30", None, "25T02:30:00+02:00"),
        ("2026-10-25T02:05:00+01:00", "Europe/Berlin", "21:00-02:30", None, "25T02:30:00+01:00"),
        ("2026-10-25T02:55:00+02:00", "Europe/Berlin", None, "02:10-02:50", "25T02:10:00+01:00"),
        # A day with 25 hours is not cut short.
        ("2026-10-24T21:30:00+02:00", "Europe/Berlin", "21:00-08:00", None, "25T08:00:00+01:00"),
        ("2026-06-01T22:00:00+05:45", "Asia/Kathmandu", "21:00-08:00", None, "02T08:00:00+05:45"),
        ("2026-06-01T22:00:00+10:30", "Australia/Lord_Howe", "21:00-08:00", None,
         "02T08:00:00+10:30"),
        # Lord Howe sets its clock by half an hour.
        ("2026-10-04T01:00:00+10:30", "Australia/Lord_Howe", "21:00-02:15", None,
         "04T02:30:00+11:00"),
        # Samoa left out 30 December 2011: the morning after the 29th was that of the 31st.
        ("2011-12-29T22:00:00-10:00", "Pacific/Apia", "21:00-08:00", None, "31T08:00:00+14:00"),
    ],
)  # fmt: skip
def test_the_wall_clock_decides(
    now: str, zone: str, quiet: str | None, window: str | None, due: str | None
) -> None:
    wanted = datetime.fromisoformat(now if due is None else now[:8] + due)
    found = find_due(datetime.fromisoformat(now), zone, times(quiet), times(window))
    assert found == wanted


def test_without_hours_it_is_now() -> None:
    now = datetime(2026, 6, 1, 3, 4, 5, 6, tzinfo=ZoneInfo("Europe/Berlin"))
    due = find_due(now, "Europe/Berlin", None, None)
    assert due == now
    assert due.tzinfo is UTC


@pytest.mark.parametrize(
    "zone", [None, "", "Europe/Berln", "Europe", "../../etc/passwd", "a\0b", "x" * 5_000, "É/ö"]
)
def test_somebody_without_a_real_zone_lives_in_the_default_one(zone: str | None) -> None:
    now = datetime(2026, 6, 1, 22, tzinfo=UTC)
    default = find_due(now, zone, NIGHT, None, default_zone="America/New_York")
    assert default == now  # there it is 18:00
    assert find_due(now, zone, NIGHT, None) == datetime(2026, 6, 2, 8, tzinfo=UTC)
    assert find_due(now, zone, NIGHT, None, default_zone="no/zone") == datetime(
        2026, 6, 2, 8, tzinfo=UTC
    )


def test_utc_needs_no_database_of_zones() -> None:
    zoneinfo.reset_tzpath(to=())
    ZoneInfo.clear_cache()
    find_zone.cache_clear()
    try:
        assert find_zone("UTC") is not None
    finally:
        zoneinfo.reset_tzpath()
        find_zone.cache_clear()


def test_quiet_hours_over_all_of_the_window_are_no_endless_loop() -> None:
    now = datetime(2026, 6, 1, 12, tzinfo=UTC)
    with pytest.raises(PolicyError, match="nothing can ever be sent"):
        find_due(now, "Europe/Berlin", NIGHT, times("06:00-07:30"))


def test_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="has no time zone"):
        find_due(datetime(2026, 6, 1), "Europe/Berlin", NIGHT, None)
