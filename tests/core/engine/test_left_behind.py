"""What a channel, an error or a thread leaves behind: nothing stays with a process that lives."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, func, select
from sqlalchemy.exc import OperationalError

from ballyhoo import Dispatch, Message, Receipt
from ballyhoo.core.engine.committer import Committer
from ballyhoo.core.engine.planning import plan_run
from ballyhoo.core.engine.preparing import prepare_next
from ballyhoo.core.engine.sweeping import settle_state, sweep
from ballyhoo.core.store.engine import Store
from ballyhoo.core.store.ledger.states import is_state

from .shop import Shop, make_recipe, to_ms

NAMES = ("ada", "grace", "mary", "rosa")


@pytest.fixture
def run(shop: Shop) -> Any:
    shop.add(*NAMES)
    return shop.plan()


def count_held(shop: Shop) -> int:
    held = select(func.count()).where(is_state("claimed", "sending"))
    with shop.store.read() as connection:
        return connection.execute(held).scalar_one()


def test_claims_go_back_when_composing_them_fails(shop: Shop, run: Any) -> None:
    def fail(address: str) -> str:
        raise ZeroDivisionError

    shop.channel.declared["normalise"] = fail
    shop.deliver(run)
    assert set(shop.fates(run).values()) == {"ready"}
    assert {row["attempts"] for row in shop.rows(run).values()} == {0}


def test_a_channel_that_stops_half_way_leaves_nothing(shop: Shop, run: Any) -> None:
    def take_two(dispatch: Dispatch) -> None:
        taken = iter(dispatch)
        next(taken)
        assert dispatch.mark(next(taken))

    shop.channel.delivers = take_two
    shop.deliver(run)
    assert sorted(shop.fates(run).values()) == ["ready", "ready", "ready", "unknown"]
    assert count_held(shop) == 0


def test_a_mark_that_nobody_waited_for_is_no_doubt(shop: Shop, run: Any) -> None:
    # The mark is asked for, its answer is not awaited, and the connection is given up.
    async def give_up(dispatch: Dispatch) -> None:
        async for message in dispatch:
            asked = asyncio.ensure_future(dispatch.mark_async(message))
            await asyncio.sleep(0)
            asked.cancel()
            return

    async def go_on(dispatch: Dispatch) -> None:
        async for message in dispatch:
            assert await dispatch.mark_async(message)
            await dispatch.settle_async(message, Receipt.sent())

    async def both(dispatch: Dispatch) -> None:
        await give_up(dispatch)
        await go_on(dispatch)

    shop.channel.delivers = lambda dispatch: asyncio.run(both(dispatch))
    shop.deliver(run)
    assert sorted(shop.fates(run).values()) == ["ready", "sent", "sent", "sent"]
    assert {row["sent_at"] for row in shop.rows(run).values() if row["state"] == "ready"} == {None}


def test_of_two_threads_that_mark_one_message_one_may_send(shop: Shop, run: Any) -> None:
    granted: list[bool] = []

    def mark_twice(dispatch: Dispatch) -> None:
        for message in dispatch:
            threads = [
                threading.Thread(target=lambda: granted.append(dispatch.mark(message)))  # noqa: B023
                for _ in range(2)
            ]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            dispatch.settle(message, Receipt.sent())

    shop.channel.delivers = mark_twice
    shop.deliver(run)
    assert granted.count(True) == len(NAMES)


def test_nothing_is_marked_after_deliver_has_ended(shop: Shop, run: Any) -> None:
    kept: list[tuple[Dispatch, Message]] = []
    shop.channel.delivers = lambda dispatch: kept.append((dispatch, next(iter(dispatch))))
    shop.deliver(run)
    [(dispatch, message)] = kept
    assert not dispatch.mark(message)
    assert set(shop.fates(run).values()) == {"ready"}


def fall_asleep(shop: Shop, run: Any, *names: str) -> None:
    """Do what others do when a process stands still for longer than its leases hold."""
    for name in names:
        shop.tamper(run, name, lease_until=1)
    with shop.open_engine() as other:
        sweep(other)


def test_an_answer_that_comes_after_its_lease_is_still_the_truth(shop: Shop, run: Any) -> None:
    def sleep(dispatch: Dispatch) -> None:
        for message in dispatch:
            assert dispatch.mark(message)
            fall_asleep(shop, run, "ada")
            dispatch.settle(message, Receipt.sent())

    shop.channel.delivers = sleep
    shop.deliver(run)
    assert set(shop.fates(run).values()) == {"sent"}


def test_a_late_not_now_gives_a_finished_run_work_again(shop: Shop) -> None:
    shop.add("ada")
    run = shop.plan()

    def sleep(dispatch: Dispatch) -> None:
        for message in dispatch:
            assert dispatch.mark(message)
            fall_asleep(shop, run, "ada")
            assert shop.read(run).state == "finished"
            dispatch.settle(message, Receipt.later("greylisted", retry_after_seconds=60))

    shop.channel.delivers = sleep
    shop.go_on(run)
    assert shop.fates(run) == {"ada": "ready"}
    shop.channel.delivers = None
    shop.clock.advance(hours=1)
    shop.go_on(run)
    assert shop.fates(run) == {"ada": "sent"}
    assert shop.read(run).state == "finished"


def test_who_wakes_after_her_lease_marks_nothing(shop: Shop, run: Any) -> None:
    def sleep(dispatch: Dispatch) -> None:
        taken = list(dispatch)
        fall_asleep(shop, run, *NAMES)
        assert not any(dispatch.mark(message) for message in taken)

    shop.channel.delivers = sleep
    shop.deliver(run)
    assert set(shop.fates(run).values()) == {"ready"}


def test_what_could_not_be_given_back_is_taken_back_by_the_next_sweep(
    shop: Shop, run: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def mark_one(dispatch: Dispatch) -> None:
        assert dispatch.mark(next(iter(dispatch)))
        monkeypatch.setattr("ballyhoo.core.engine.dispatch.write_patiently", fail)

    def fail(*_: object) -> None:
        raise ConnectionError

    shop.channel.delivers = mark_one
    with pytest.raises(ConnectionError):
        shop.deliver(run)
    assert count_held(shop) == len(NAMES)
    sweep(shop.engine)
    assert sorted(shop.fates(run).values()) == ["ready", "ready", "ready", "unknown"]
    assert {row["crashes"] for row in shop.rows(run).values()} == {0}


def test_what_is_unknown_is_sent_again_although_nothing_else_is_left(shop: Shop) -> None:
    shop.add("ada")
    recipe = (
        "{campaign: letter, segment: {where: country = 'DE'}, policy: {on_unknown: resend}, "
        "deliver: {plugin: capture, fields: {subject: Hello, body: Look.}}}"
    )
    run = shop.plan(recipe)
    shop.channel.answer("ada@customers.example", ZeroDivisionError())
    shop.go_on(run)
    assert shop.receipt(run).states == {"sent": 1}


def test_committing_goes_on_when_one_group_cannot_be_written(shop: Shop, run: Any) -> None:
    class Refuses:
        def mark(self, *_: Any) -> set[int]:
            raise ZeroDivisionError

    committer = Committer(shop.store, Refuses())  # type: ignore[arg-type]
    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            committer.mark((1, None, ""), to_ms(shop.clock.now())).result(timeout=5)
    committer.close()


def test_a_run_is_not_closed_while_a_message_moves(shop: Shop) -> None:
    """Whoever looks state by state sees a message in none that moves while she looks."""
    shop.add("ada")
    run = shop.plan()
    stopped = threading.Event()
    now = to_ms(shop.clock.now())

    def move() -> None:
        way = ("ready", "claimed", "planned", "ready", "held", "claimed", "sending")
        while not stopped.is_set():
            for state in way:
                shop.tamper(run, "ada", state=state)

    thread = threading.Thread(target=move)
    thread.start()
    try:
        found = [settle_state(shop.store, run.id, now=now) for _ in range(300)]
    finally:
        stopped.set()
        thread.join()
    assert None not in found


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_run_is_not_closed_by_whoever_does_not_see_its_new_work_yet(shop: Shop) -> None:
    from ballyhoo.core.engine.deciding import retry_failed
    from ballyhoo.core.store.ledger.runs import reopen_run

    shop.add("ada")
    run = shop.plan()
    shop.tamper(run, "ada", state="failed", reason="refused")
    now = to_ms(shop.clock.now())
    with shop.store.begin() as connection:
        reopen_run(connection, run.id)
        assert settle_state(shop.store, run.id, now=now) is not None
    assert settle_state(shop.store, run.id, now=now) is None
    retry_failed(shop.store, run.id, now=now)
    assert shop.read(run).state == "running"


def test_messages_over_which_an_owner_died_are_sent_apart(shop: Shop) -> None:
    names = [f"person{number:02}" for number in range(30)]
    shop.add(*names)
    run = shop.plan()
    for number, name in enumerate(names):
        shop.tamper(run, name, crashes=2 if number < 2 else 1 if number < 15 else 0)
    together: list[int] = []

    def deliver(dispatch: Dispatch) -> None:
        together.append(0)
        for message in list(dispatch):  # all that it can get before it sends one
            together[-1] += 1
            assert dispatch.mark(message)
            dispatch.settle(message, Receipt.sent())

    shop.channel.delivers = deliver
    shop.go_on(run)
    assert together == [15, 10, 3, 1, 1]
    assert shop.receipt(run).states == {"sent": 30}


@contextmanager
def losing_an_answer(store: Store) -> Iterator[None]:
    """Let the next transaction be committed, and whoever wrote it never hear so."""
    begin = store.begin

    @contextmanager
    def begin_deaf() -> Iterator[Connection]:
        store.begin = begin  # type: ignore[method-assign]
        with begin() as connection:
            yield connection
        raise OperationalError("COMMIT", {}, ConnectionError("the answer was lost"))

    store.begin = begin_deaf  # type: ignore[method-assign]
    with pytest.raises(OperationalError, match="the answer was lost"):
        yield


def test_a_plan_taken_without_an_answer_is_taken_again(shop: Shop) -> None:
    shop.add(*NAMES)
    run = shop.start()
    with losing_an_answer(shop.store):
        plan_run(shop.engine, run)
    assert not plan_run(shop.engine, run), "its lease was taken, though nobody heard so"
    sweep(shop.engine)
    assert plan_run(shop.engine, run)


def test_a_batch_taken_without_an_answer_is_taken_again(shop: Shop) -> None:
    shop.add(*NAMES)
    run = shop.plan(make_recipe(generate={}))
    with losing_an_answer(shop.store):
        prepare_next(shop.engine, run)
    assert prepare_next(shop.engine, run) is None, "it was taken, though nobody heard so"
    sweep(shop.engine)
    shop.prepare(run)
    assert set(shop.fates(run).values()) == {"ready"}
