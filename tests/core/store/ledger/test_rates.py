"""A rate holds over all workers, whatever they ask for and when."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count
from threading import Barrier

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, func, select

from ballyhoo.core.recipe.values import MOST_COUNTED, Rate, parse_rate
from ballyhoo.core.store.engine import Store
from ballyhoo.core.store.ledger.rates import (
    MOST_AHEAD_MS,
    Granted,
    give_back_slots,
    reserve_after,
    take_slots,
)
from ballyhoo.core.store.tables import rates as table

NOW = 1_780_000_000_000
SECOND, MINUTE, DAY = 1_000, 60_000, 86_400_000
THREADS = 4

numbers = count(1)
quick = settings(
    derandomize=True,
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
any_rate = st.builds(
    Rate,
    st.integers(1, 2_000),
    st.sampled_from([timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)]),
)


@pytest.fixture
def connection(store: Store) -> Iterator[Connection]:
    with store.begin() as opened:
        yield opened


def new_key() -> str:
    return f"key {next(numbers)}"


def measure(rate: Rate) -> tuple[int, int]:
    """The time of a rate in milliseconds, and how many may leave at once."""
    per = rate.per // timedelta(milliseconds=1)
    return per, max(1, rate.count * 1_000 // per)


def race(store: Store, work: Callable[[int], list[int]]) -> list[int]:
    """Let threads begin at the same time, and return what all of them got."""
    barrier = Barrier(THREADS)

    def begin(number: int) -> list[int]:
        barrier.wait(timeout=30)
        return work(number)

    with ThreadPoolExecutor(THREADS) as pool:
        return [one for got in pool.map(begin, range(THREADS)) for one in got]


@st.composite
def sequences(draw: st.DrawFn) -> tuple[Rate, list[tuple[int, int, int]]]:
    """A rate, and steps: how much time passes, how many are wanted, how many are given back."""
    rate = draw(any_rate)
    per, burst = measure(rate)
    interval = max(1, per // rate.count)
    passes = st.sampled_from([0, 1, interval - 1, interval, interval + 1, burst * interval, per])
    step = st.tuples(passes | st.integers(0, 2 * per), st.integers(1, 3 * burst), st.integers(0, 9))
    return rate, draw(st.lists(step, min_size=1, max_size=30))


@given(case=sequences())
@quick
def test_no_stretch_of_its_time_holds_more_than_the_count_and_a_burst(
    connection: Connection, case: tuple[Rate, list[tuple[int, int, int]]]
) -> None:
    rate, steps = case
    per, burst = measure(rate)
    key, now = new_key(), NOW
    left: list[tuple[int, int]] = []
    for passed, wanted, returned in steps:
        now += passed
        granted = take_slots(connection, key, rate, now=now, wanted=wanted)
        assert granted.count <= min(wanted, burst)
        returned = min(returned, granted.count)
        give_back_slots(connection, key, rate, returned)
        left.append((now, granted.count - returned))
    for begins, _ in left:
        within = sum(number for at, number in left if begins <= at <= begins + per)
        assert within <= rate.count + burst


@given(case=sequences())
@quick
def test_the_next_one_is_granted_at_its_moment_and_not_before(
    connection: Connection, case: tuple[Rate, list[tuple[int, int, int]]]
) -> None:
    rate, steps = case
    key, now = new_key(), NOW
    for passed, wanted, _ in steps:
        now += passed
        granted = take_slots(connection, key, rate, now=now, wanted=wanted)
        assert (granted.next_at is None) == (granted.count == wanted)
        if granted.next_at is not None:
            early = take_slots(connection, key, rate, now=granted.next_at - 1, wanted=1)
            assert early == Granted(0, granted.next_at)
            now = granted.next_at
            assert take_slots(connection, key, rate, now=now, wanted=1).count == 1


def test_who_asks_whenever_told_gets_the_whole_rate(connection: Connection) -> None:
    for text in ("600/min", "7/s", "100/s", "1000/s", "5000/day", "3/h"):
        rate = parse_rate(text)
        per, burst = measure(rate)
        got, asked, now = 0, 0, NOW
        while now < NOW + per and asked < 400:
            granted = take_slots(connection, text, rate, now=now, wanted=MOST_COUNTED)
            assert granted.next_at is not None
            got, asked = got + granted.count, asked + 1
            now = granted.next_at
        passed = now - NOW
        # Each call may cost a millisecond more than its share.
        assert rate.count * (passed - asked) // per <= got <= rate.count * passed // per + burst


def test_at_most_a_second_of_messages_leaves_at_once(connection: Connection) -> None:
    def take(text: str) -> Granted:
        return take_slots(connection, text, parse_rate(text), now=NOW, wanted=1_000)

    assert take("600/min") == Granted(10, NOW + 100)
    assert take("90/min") == Granted(1, NOW + 667)
    assert take("20/s") == Granted(20, NOW + 50)
    assert take("5000/day") == Granted(1, NOW + 17_280)
    assert take("1000000000/s") == Granted(1_000, None)


def test_the_greatest_rates_are_counted_rightly(connection: Connection) -> None:
    most = Rate(MOST_COUNTED, timedelta(seconds=1))
    granted = take_slots(connection, "most", most, now=NOW, wanted=2 * MOST_COUNTED)
    assert granted == Granted(MOST_COUNTED, NOW + 1)
    granted = take_slots(connection, "most", most, now=NOW + 1, wanted=2 * MOST_COUNTED)
    assert granted == Granted(MOST_COUNTED // 1_000, NOW + 2)


def test_nothing_wanted_touches_nothing(store: Store) -> None:
    rate = parse_rate("600/min")
    with store.begin() as connection:
        assert take_slots(connection, "a", rate, now=NOW, wanted=0) == Granted(0, None)
        assert reserve_after(connection, "a", rate, now=NOW, count=0) == []
        give_back_slots(connection, "a", rate, 0)
        assert connection.execute(select(func.count()).select_from(table)).scalar() == 0


def test_keys_have_their_own_rates(connection: Connection) -> None:
    rate = parse_rate("600/min")
    for key in ("one", "two"):
        assert take_slots(connection, key, rate, now=NOW, wanted=99).count == 10


def test_what_was_not_used_may_be_taken_by_another(connection: Connection) -> None:
    rate = parse_rate("600/min")
    assert take_slots(connection, "a", rate, now=NOW, wanted=10) == Granted(10, None)
    give_back_slots(connection, "a", rate, 4)
    assert take_slots(connection, "a", rate, now=NOW, wanted=10) == Granted(4, NOW + 100)


def test_rate_is_held_by_workers_that_race(store: Store) -> None:
    rate = parse_rate("300/s")

    def work(number: int) -> list[int]:
        got = []
        for passed in range(0, SECOND, 100):
            with store.begin() as connection:
                granted = take_slots(connection, "a", rate, now=NOW + passed, wanted=50 + number)
            got.append(granted.count)
        return got

    total = sum(race(store, work))
    # All of the burst, and what comes in 900 ms; each call that got something may cost 1 ms.
    assert 300 + 270 - 15 <= total <= 300 + 270


def test_first_ones_to_ask_do_not_get_the_burst_twice(store: Store) -> None:
    rate = parse_rate("600/min")
    for key in ("a", "b", "c", "d", "e"):

        def work(number: int, key: str = key) -> list[int]:
            with store.begin() as connection:
                return [take_slots(connection, key, rate, now=NOW, wanted=7).count]

        assert sorted(race(store, work)) == [0, 0, 3, 7]


def test_slots_of_a_transaction_that_fails_are_free_again(store: Store) -> None:
    rate = parse_rate("600/min")

    def take_and_fail() -> None:
        with store.begin() as connection:
            take_slots(connection, "a", rate, now=NOW, wanted=10)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        take_and_fail()
    with store.begin() as connection:
        assert take_slots(connection, "a", rate, now=NOW, wanted=10).count == 10


def test_clocks_that_differ_a_little_share_the_rate(connection: Connection) -> None:
    rate = parse_rate("600/min")
    ahead = NOW + MOST_AHEAD_MS
    assert take_slots(connection, "a", rate, now=ahead, wanted=99).count == 10
    late = take_slots(connection, "a", rate, now=NOW, wanted=99)
    assert late == Granted(0, ahead + 100)


def test_clock_that_is_set_back_by_a_day_stops_nobody(connection: Connection) -> None:
    rate = parse_rate("600/min")
    take_slots(connection, "a", rate, now=NOW + DAY, wanted=99)
    assert take_slots(connection, "a", rate, now=NOW, wanted=99) == Granted(10, NOW + 100)


def test_faster_rate_does_not_wait_for_the_slower_one_of_before(connection: Connection) -> None:
    assert take_slots(connection, "a", parse_rate("5/day"), now=NOW, wanted=9).count == 1
    granted = take_slots(connection, "a", parse_rate("600/min"), now=NOW + SECOND, wanted=99)
    assert granted.count == 10


def test_moments_are_spread_at_the_rate(connection: Connection) -> None:
    rate = parse_rate("60/min")
    first = reserve_after(connection, "a", rate, now=NOW, count=3)
    assert first == [NOW + 1_000, NOW + 2_000, NOW + 3_000]
    assert reserve_after(connection, "a", rate, now=NOW + 500, count=2) == [
        NOW + 4_000,
        NOW + 5_000,
    ]
    assert reserve_after(connection, "b", rate, now=NOW, count=1) == [NOW + 1_000]
    assert reserve_after(connection, "a", rate, now=NOW + MINUTE, count=1) == [NOW + 61_000]


@given(
    rate=any_rate, asked=st.lists(st.tuples(st.integers(0, DAY), st.integers(1, 40)), max_size=9)
)
@quick
def test_moments_are_to_come_ascend_and_keep_the_rate(
    connection: Connection, rate: Rate, asked: list[tuple[int, int]]
) -> None:
    key, now = new_key(), NOW
    per, _ = measure(rate)
    moments: list[int] = []
    for passed, number in asked:
        now += passed
        got = reserve_after(connection, key, rate, now=now, count=number)
        assert len(got) == number
        assert min(got) > now
        moments += got
    assert moments == sorted(moments)
    for begins in moments:
        within = sum(begins <= at < begins + per for at in moments)
        assert within <= rate.count + 1


def test_moments_are_given_out_once_to_workers_that_race(store: Store) -> None:
    rate = parse_rate("10/s")

    def work(number: int) -> list[int]:
        got = []
        for _ in range(10):
            with store.begin() as connection:
                got += reserve_after(connection, "a", rate, now=NOW, count=5)
        return got

    moments = sorted(race(store, work))
    assert moments == [NOW + 100 * number for number in range(1, 10 * 5 * THREADS + 1)]
