"""A sender that nobody knows climbs its ladder, and steps down when told to."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from ballyhoo.core.recipe.models import WarmUp
from ballyhoo.core.recipe.values import MOST_COUNTED, Rate
from ballyhoo.core.store.engine import Store
from ballyhoo.core.store.ledger.rates import (
    Granted,
    give_back_warm_up,
    step_down,
    take_slots,
    take_warm_up,
)

NOW = 1_780_000_000_000
HOUR, DAY = 3_600_000, 86_400_000
THREADS = 4


def ladder(count: int, *, per: int = DAY, double_every: int = DAY) -> WarmUp:
    return WarmUp.model_construct(
        start=Rate(count, timedelta(milliseconds=per)),
        double_every=timedelta(milliseconds=double_every),
    )


DAILY = ladder(500)


@pytest.fixture
def connection(store: Store) -> Iterator[Connection]:
    with store.begin() as opened:
        yield opened


def climb(connection: Connection, days: int, warm_up: WarmUp, *, since: int = 0) -> list[int]:
    """Take all of each day's limit."""
    return [
        take_warm_up(connection, "a", warm_up, now=NOW + day * DAY, wanted=MOST_COUNTED).count
        for day in range(since, since + days)
    ]


def test_limit_doubles_from_day_to_day(connection: Connection) -> None:
    assert climb(connection, 5, DAILY) == [500, 1_000, 2_000, 4_000, 8_000]


def test_limit_doubles_as_often_as_the_recipe_says(connection: Connection) -> None:
    slowly = ladder(500, double_every=3 * DAY)
    assert climb(connection, 8, slowly) == [500, 500, 500, 1_000, 1_000, 1_000, 2_000, 2_000]


def test_window_is_that_of_the_start(connection: Connection) -> None:
    hourly = ladder(10, per=HOUR, double_every=2 * HOUR)
    got = [
        take_warm_up(connection, "a", hourly, now=NOW + hour * HOUR, wanted=99).count
        for hour in range(6)
    ]
    assert got == [10, 10, 20, 20, 40, 40]


def test_day_is_shared_and_the_next_one_is_said(connection: Connection) -> None:
    def take(passed: int, wanted: int) -> Granted:
        return take_warm_up(connection, "a", DAILY, now=NOW + passed, wanted=wanted)

    assert take(0, 200) == Granted(200, None)
    assert take(HOUR, 299) == Granted(299, None)
    assert take(2 * HOUR, 200) == Granted(1, NOW + DAY)
    assert take(DAY - 1, 1) == Granted(0, NOW + DAY)
    assert take(DAY, 1) == Granted(1, None)
    assert take(DAY, 0) == Granted(0, None)


def test_days_without_a_message_are_steps_too(connection: Connection) -> None:
    assert climb(connection, 1, DAILY) == [500]
    assert climb(connection, 1, DAILY, since=6) == [500 * 2**6]


def test_step_down_halves_every_limit_from_then_on(connection: Connection) -> None:
    assert climb(connection, 3, DAILY) == [500, 1_000, 2_000]
    step_down(connection, "a")
    assert climb(connection, 2, DAILY, since=3) == [2_000, 4_000]
    step_down(connection, "a")
    step_down(connection, "a")
    assert climb(connection, 2, DAILY, since=5) == [2_000, 4_000]


def test_step_down_holds_at_once(connection: Connection) -> None:
    assert take_warm_up(connection, "a", DAILY, now=NOW, wanted=300).count == 300
    step_down(connection, "a")
    assert take_warm_up(connection, "a", DAILY, now=NOW, wanted=300) == Granted(0, NOW + DAY)


def test_one_message_is_left_at_the_foot_of_the_ladder(connection: Connection) -> None:
    for _ in range(40):
        step_down(connection, "a")
    assert climb(connection, 2, DAILY) == [1, 1]


def test_ladder_has_a_top(connection: Connection) -> None:
    steep = ladder(500, double_every=1_000)
    assert climb(connection, 2, steep) == [500, MOST_COUNTED]
    assert climb(connection, 1, steep, since=3_600) == [MOST_COUNTED]


def test_what_was_not_used_may_be_taken_by_another(connection: Connection) -> None:
    assert take_warm_up(connection, "a", DAILY, now=NOW, wanted=500).count == 500
    give_back_warm_up(connection, "a", 20, taken_at=NOW)
    assert take_warm_up(connection, "a", DAILY, now=NOW, wanted=30) == Granted(20, NOW + DAY)
    give_back_warm_up(connection, "a", 10**6, taken_at=NOW)
    assert take_warm_up(connection, "a", DAILY, now=NOW, wanted=900) == Granted(500, NOW + DAY)


def test_what_was_taken_of_a_window_that_is_over_does_not_come_back(connection: Connection) -> None:
    assert take_warm_up(connection, "a", DAILY, now=NOW, wanted=500).count == 500
    assert take_warm_up(connection, "a", DAILY, now=NOW + DAY, wanted=990).count == 990
    give_back_warm_up(connection, "a", 20, taken_at=NOW + DAY - 1)
    assert take_warm_up(connection, "a", DAILY, now=NOW + DAY, wanted=30).count == 10


def test_rate_of_the_same_key_is_another_account(connection: Connection) -> None:
    rate = Rate(600, timedelta(minutes=1))
    assert take_slots(connection, "a", rate, now=NOW, wanted=99).count == 10
    assert climb(connection, 1, DAILY) == [500]
    assert take_slots(connection, "a", rate, now=NOW + 100, wanted=99).count == 1


def test_ladder_is_climbed_once_by_workers_that_race(store: Store) -> None:
    barrier = Barrier(THREADS)

    def work(number: int) -> list[tuple[int, int]]:
        barrier.wait(timeout=30)
        got = []
        for day in range(3):
            for _ in range(12):
                with store.begin() as connection:
                    now = NOW + day * DAY
                    granted = take_warm_up(connection, "a", ladder(100), now=now, wanted=9 + number)
                got.append((day, granted.count))
            barrier.wait(timeout=30)
        return got

    with ThreadPoolExecutor(THREADS) as pool:
        all_got = [one for got in pool.map(work, range(THREADS)) for one in got]
    assert [sum(n for day, n in all_got if day == one) for one in range(3)] == [100, 200, 400]


def test_worker_whose_clock_is_behind_takes_of_the_window_that_began(
    connection: Connection,
) -> None:
    climb(connection, 2, DAILY)
    behind = take_warm_up(connection, "a", DAILY, now=NOW + DAY - 5_000, wanted=1)
    assert behind == Granted(0, NOW + 2 * DAY)


def test_clock_that_was_a_year_ahead_stops_nobody(connection: Connection) -> None:
    assert climb(connection, 2, DAILY, since=365) == [500, 1_000]
    assert climb(connection, 2, DAILY) == [500, 1_000]


@given(
    asked=st.lists(
        st.tuples(st.integers(0, 2 * DAY), st.integers(1, 9_000), st.booleans()), max_size=25
    )
)
@settings(
    derandomize=True,
    deadline=None,
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_no_window_holds_more_than_its_rung(
    connection: Connection, asked: list[tuple[int, int, bool]]
) -> None:
    key, now, downs = f"key {asked}", NOW, 0
    taken: dict[int, int] = {}
    started_at: int | None = None
    for passed, wanted, goes_down in asked:
        now += passed
        granted = take_warm_up(connection, key, DAILY, now=now, wanted=wanted)
        started_at = now if started_at is None else started_at
        window = (now - started_at) // DAY
        taken[window] = taken.get(window, 0) + granted.count
        limit = max(1, 500 * 2**window >> downs)
        if downs == 0:
            assert granted.count == min(wanted, limit - (taken[window] - granted.count))
        assert granted.count == 0 or taken[window] <= limit
        if goes_down:
            step_down(connection, key)
            downs += 1
