"""Turns: one process of all sweeps, and one of all delivers a run that asks for it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from sqlalchemy import update

from ballyhoo.core.store.engine import Store
from ballyhoo.core.store.ledger.moments import DatabaseNow
from ballyhoo.core.store.ledger.turns import hold_delivery, take_sweep
from ballyhoo.core.store.tables import rates


def move_turn(store: Store, *, milliseconds: int) -> None:
    with store.begin() as connection:
        connection.execute(update(rates).values(free_at=DatabaseNow() + milliseconds))


def test_one_of_many_that_ask_at_the_same_time_sweeps(store: Store):
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: take_sweep(store, seconds=60), range(8)))
    assert sum(answers) == 1


def test_when_its_time_is_over_the_next_one_sweeps(store: Store):
    assert take_sweep(store, seconds=60)
    assert not take_sweep(store, seconds=60)
    move_turn(store, milliseconds=-1)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: take_sweep(store, seconds=60), range(8)))
    assert sum(answers) == 1


def test_a_clock_that_was_set_back_stops_no_sweep(store: Store):
    assert take_sweep(store, seconds=60)
    move_turn(store, milliseconds=3_600_000)
    assert take_sweep(store, seconds=60)


def test_one_at_a_time_holds_the_delivery_of_a_run(store: Store):
    with hold_delivery(store, 7) as first:
        assert first
        with hold_delivery(store, 8) as other:
            assert other
        with hold_delivery(store, 7) as second:
            assert second == (store.dialect == "sqlite")
    with hold_delivery(store, 7) as third:
        assert third
