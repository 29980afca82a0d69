from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from ballyhoo.core.cli.amounts import show_count, show_length
from ballyhoo.core.cli.moments import find_local_zone, read_moment, show_iso, show_moment
from ballyhoo.core.errors import BallyhooError
from ballyhoo.core.settings import Settings

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 3, 28, 20, 30, tzinfo=UTC)  # 21:30 in Berlin; the clock is set that night


def read(text: str) -> datetime:
    return datetime.fromtimestamp(read_moment(text, NOW, BERLIN) / 1000, UTC)


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2026-04-01T08:00+00:00", datetime(2026, 4, 1, 8, tzinfo=UTC)),
        ("2026-04-01T08:00Z", datetime(2026, 4, 1, 8, tzinfo=UTC)),
        ("2026-04-01T08:00", datetime(2026, 4, 1, 6, tzinfo=UTC)),
        ("2026-04-01 08:00", datetime(2026, 4, 1, 6, tzinfo=UTC)),
        ("2026-04-01", datetime(2026, 3, 31, 22, tzinfo=UTC)),
        ("22:00", datetime(2026, 3, 28, 21, tzinfo=UTC)),
        ("21:30", datetime(2026, 3, 29, 19, 30, tzinfo=UTC)),
        ("08:00", datetime(2026, 3, 29, 6, tzinfo=UTC)),
    ],
)
def test_a_moment_is_read_as_it_is_meant_there(text: str, meant: datetime) -> None:
    assert read(text) == meant


def test_without_a_zone_the_clock_of_this_machine_is_meant() -> None:
    here = datetime(2026, 4, 1, 8).astimezone()
    assert read_moment("2026-04-01T08:00", NOW, None) == int(here.timestamp() * 1000)


@pytest.mark.parametrize("text", ["", "soon", "24:00", "8:00", "2026-02-30", "08:00:00"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(BallyhooError, match="is no moment"):
        read(text)


def test_a_moment_that_is_over_is_refused_in_the_words_of_that_zone() -> None:
    with pytest.raises(BallyhooError, match="2026-03-28 21:00 CET is over"):
        read("2026-03-28T21:00")


def test_moments_are_shown_with_their_zone() -> None:
    moment = int(NOW.timestamp() * 1000)
    assert show_moment(moment, BERLIN) == "2026-03-28 21:30 CET"
    assert show_iso(moment) == "2026-03-28T20:30:00+00:00"
    assert show_iso(None) is None


def test_the_zone_is_that_of_the_settings_or_of_this_machine() -> None:
    assert str(find_local_zone(Settings(time_zone="Europe/Berlin"))) == "Europe/Berlin"
    assert str(find_local_zone(Settings(time_zone="UTC"))) == "UTC"
    assert find_local_zone(Settings()) is None


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (0.2, "under 1 s"),
        (1, "1 s"),
        (9.6, "10 s"),
        (59.6, "1 min"),
        (61, "1 min 1 s"),
        (3_600, "1 h"),
        (12_345, "3 h 25 min"),
        (86_400 * 12 + 59, "12 d"),
        (86_400 * 1_200, "1,200 d"),
    ],
)
def test_a_length_of_time_has_its_two_greatest_units(seconds: float, shown: str) -> None:
    assert show_length(seconds) == shown


def test_counts_have_separators_and_the_right_word() -> None:
    assert show_count(1, "message") == "1 message"
    assert show_count(1_234_567, "message") == "1,234,567 messages"
    assert show_count(2, "person", "people") == "2 people"
