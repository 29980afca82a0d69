"""Setbacks: what failed is left alone for longer each time, and not for ever."""

from __future__ import annotations

import pytest

from ballyhoo.workers.setbacks import LONGEST_SECONDS, Setbacks


class Clock:
    def __init__(self) -> None:
        self.seconds = 1_000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def setbacks(clock: Clock) -> Setbacks:
    return Setbacks(clock)


def fail(setbacks: Setbacks, clock: Clock) -> float:
    """Fail once, and return how long it is left alone; the clock stands at the end of that."""
    began = clock.seconds
    setbacks.put_off("deliver", 7)
    while setbacks.is_put_off("deliver", 7):
        clock.seconds += 0.5
    return clock.seconds - began


def test_what_fails_again_is_left_alone_for_longer_up_to_a_limit(setbacks, clock):
    assert [fail(setbacks, clock) for _ in range(6)] == [5, 10, 20, 40, 60, 60]


def test_a_failure_of_long_ago_does_not_count(setbacks, clock):
    fail(setbacks, clock)
    fail(setbacks, clock)
    clock.seconds += LONGEST_SECONDS + 1
    assert fail(setbacks, clock) == 5


def test_another_task_or_run_is_not_left_alone(setbacks):
    setbacks.put_off("deliver", 7)
    assert not setbacks.is_put_off("deliver", 8)
    assert not setbacks.is_put_off("plan", 7)


def test_a_time_that_is_given_holds_and_is_no_failure(setbacks, clock):
    setbacks.put_off("deliver", 7, seconds=3)
    clock.seconds += 2.9
    assert setbacks.is_put_off("deliver", 7)
    clock.seconds += 0.2
    assert not setbacks.is_put_off("deliver", 7)
    assert fail(setbacks, clock) == 5


def test_nothing_is_left_alone_for_hours(setbacks, clock):
    setbacks.put_off("deliver", 7, seconds=86_400)
    clock.seconds += LONGEST_SECONDS
    assert not setbacks.is_put_off("deliver", 7)
