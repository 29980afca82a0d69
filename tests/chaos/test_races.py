"""What a person says while messages leave: it holds from the moment at which it is stored."""

from __future__ import annotations

import random
import signal
import time
from collections import Counter
from collections.abc import Callable

import pytest
from sqlalchemy import select

from ballyhoo.core.engine.controlling import cancel_run, pause_run, resume_run
from ballyhoo.core.store.engine import Store
from ballyhoo.core.store.ledger.runs import read_run
from ballyhoo.core.store.rows import EventRow, SuppressionRow
from ballyhoo.core.store.tables import messages
from ballyhoo.core.store.writers import open_writer
from ballyhoo.core.workspace import Workspace
from ballyhoo.testing import read_witness

from .crew import start_crew, tell_now, wait_for, wait_until_out
from .nursery import Nursery, Process
from .shop import Recipe, Shop
from .truth import find_truth

PEOPLE = 200
SLOW = {"senders": 4, "pause_seconds": 0.01}


def read_marks(store: Store) -> dict[int, int]:
    """Return when the message of each person was marked for the last time."""
    marked = select(messages.c.recipient, messages.c.sent_at).where(messages.c.sent_at.is_not(None))
    with store.read() as connection:
        return {row.recipient: row.sent_at for row in connection.execute(marked)}


def test_nobody_is_written_to_after_her_no_was_stored(
    open_shop: Callable[[int], Shop], nursery: Nursery
) -> None:
    shop = open_shop(PEOPLE)
    run = shop.start(Recipe(deliver={"senders": 4, "pause_seconds": 0.15}))  # slower than 60 noes
    said_no: dict[int, int] = {}
    with shop.open() as store:
        processes = start_crew(nursery, shop, run)
        wait_until_out(shop, 10)
        for number in random.Random(1).sample(range(1, PEOPLE + 1), 60):
            if number % 2:
                with open_writer(store, "suppressions") as writer:
                    writer.write([SuppressionRow("email", f"shopper-{number}@chaos.example")])
            else:
                with open_writer(store, "events") as writer:
                    said = EventRow(
                        None, "unsubscribe", tell_now(), customer_key=f"shopper-{number}"
                    )
                    writer.write([said])
            said_no[number] = tell_now()
        wait_for(processes)
        truth = find_truth(shop, store)
        marks = read_marks(store)
    late = [one for one, stored_at in said_no.items() if marks.get(one, 0) > stored_at]
    assert late == []
    assert truth.states["skipped"] > PEOPLE // 10, "all had their message before they said no"


def test_nothing_is_marked_after_a_run_was_cancelled(
    open_shop: Callable[[int], Shop], nursery: Nursery
) -> None:
    shop = open_shop(PEOPLE)
    run = shop.start(Recipe(deliver=SLOW, generates=True))
    with shop.open() as store:
        processes = start_crew(nursery, shop, run)
        wait_until_out(shop, 20)
        cancel_run(store, run, now=tell_now())
        cancelled_at = tell_now()
        wait_for(processes)
        wait_for(start_crew(nursery, shop, run, 1))  # who comes later finds nothing to do
        truth = find_truth(shop, store)
        assert max(read_marks(store).values()) <= cancelled_at
    assert truth.states["cancelled"] > 0
    assert truth.accepted == truth.states["sent"]


def test_a_run_that_is_paused_over_and_over_is_sent_once(
    open_shop: Callable[[int], Shop], nursery: Nursery
) -> None:
    shop = open_shop(PEOPLE)
    run = shop.start(Recipe(deliver=SLOW))
    registry = Workspace(shop.folder).registry
    with shop.open() as store:
        for count in (20, 60, 100):
            processes = start_crew(nursery, shop, run)
            wait_until_out(shop, count)
            pause_run(store, run)
            paused_at = tell_now()
            wait_for(processes)
            assert max(read_marks(store).values()) <= paused_at
            resume_run(store, registry, run)
        wait_for(start_crew(nursery, shop, run))
        truth = find_truth(shop, store)
    assert truth.states["sent"] == truth.accepted == PEOPLE - PEOPLE // 10


@pytest.mark.parametrize("url", ["postgresql"], indirect=True)
def test_two_runs_on_four_processes_take_nobody_over_her_cap(
    open_shop: Callable[[int], Shop], nursery: Nursery
) -> None:
    people = 2_000
    shop = open_shop(people)
    cap = "cap: {messages: 1, per: 7d}"
    runs = [
        shop.start(Recipe(name=name, policy=cap, deliver={"senders": 8}))
        for name in ("first", "second")
    ]
    wait_for([one for run in runs for one in start_crew(nursery, shop, run)])
    with shop.open() as store:
        truth = find_truth(shop, store)
    got: Counter[str] = Counter()
    for key, count in read_witness(shop.witness).items():
        got[key.partition("-")[2]] += count
    assert set(got.values()) == {1}
    assert len(got) == truth.states["sent"] == people - people // 10


def test_who_was_frozen_past_her_lease_sends_nothing_that_others_have_by_now(
    open_shop: Callable[[int], Shop], nursery: Nursery
) -> None:
    shop = open_shop(PEOPLE)
    run = shop.start(Recipe(deliver=SLOW))
    short = {"claim_seconds": 0.5, "sending_seconds": 0.5}
    [first] = start_crew(nursery, shop, run, 1, **short)
    others: list[Process] = []
    for count in (10, 60):
        wait_until_out(shop, count)
        first.send(signal.SIGSTOP)
        others += start_crew(nursery, shop, run, 1, **short)
        time.sleep(1.0)
        first.send(signal.SIGCONT)
    wait_for([first, *others])
    with shop.open() as store:
        truth = find_truth(shop, store)
    assert truth.states["sent"] + truth.unknown == PEOPLE - PEOPLE // 10
    assert truth.duplicates == truth.lost == 0


def test_a_clock_that_jumps_sends_nothing_twice_and_loses_nothing(
    open_shop: Callable[[int], Shop], nursery: Nursery
) -> None:
    shop = open_shop(PEOPLE)
    faults = {"later": 0.1, "lost": 0.02, **SLOW}
    run = shop.start(Recipe(deliver=faults, policy="cap: {messages: 1, per: 1h}"))
    chance = random.Random(3)
    for count in (5, 20, 40, 60):
        processes = start_crew(nursery, shop, run)
        while any(one.poll() is None for one in processes):
            shop.set_clock(chance.choice((-3_600, 0, 3_600)))
            time.sleep(0.05)
            if read_witness(shop.witness).total() >= count:
                break
        for process in processes:
            process.send(signal.SIGTERM)
        assert {process.wait() for process in processes} <= {0, -signal.SIGTERM}
    ahead = 3_600
    with shop.open() as store:
        while True:
            ahead += 7_200
            shop.set_clock(ahead)
            wait_for(start_crew(nursery, shop, run, 1))
            with store.read() as connection:
                if read_run(connection, run).state == "finished":
                    break
        truth = find_truth(shop, store)
    assert truth.states["sent"] + truth.unknown == PEOPLE - PEOPLE // 10
    assert truth.duplicates == truth.lost == 0
