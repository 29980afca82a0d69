"""The database goes away in the middle: restarted, its connections cut, its answers lost, full."""

from __future__ import annotations

import random
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from ballyhoo.testing import read_witness

from .crew import start_crew, wait_for, wait_until_out
from .nursery import Nursery, Process
from .proxy import Proxy
from .servers import Server
from .shop import Recipe, Shop
from .truth import Truth, find_truth

PEOPLE = 300
SLOW = {"senders": 4, "pause_seconds": 0.02}

on_postgresql = pytest.mark.parametrize("url", ["postgresql"], indirect=True)
on_sqlite = pytest.mark.parametrize("url", ["sqlite"], indirect=True)


def finish(shop: Shop, processes: list[Process]) -> Truth:
    wait_for(processes)
    with shop.open() as store:
        return find_truth(shop, store)


@on_postgresql
@pytest.mark.parametrize("generates", [False, True], ids=["sending", "preparing"])
def test_a_server_that_is_restarted_at_once_loses_no_mark(
    generates: bool, open_shop: Callable[[int], Shop], server: Server, nursery: Nursery
) -> None:
    shop = open_shop(PEOPLE)
    run = shop.start(Recipe(deliver=SLOW, generates=generates))
    processes = start_crew(nursery, shop, run)
    for count in (20, 120):
        wait_until_out(shop, count)
        server.stop_at_once()
        time.sleep(0.3)
        server.start()
    truth = finish(shop, processes)
    assert truth.states["sent"] + truth.unknown == PEOPLE - PEOPLE // 10
    assert truth.duplicates == truth.lost == 0
    # What was out when the server went was told to it again when it was back.
    assert truth.unknown <= 2 * 2 * 4


@on_postgresql
def test_connections_that_are_cut_at_random_lose_nothing(
    open_shop: Callable[[int], Shop], server: Server, nursery: Nursery
) -> None:
    shop = open_shop(PEOPLE)
    run = shop.start(Recipe(deliver=SLOW, generates=True))
    name = make_url(shop.url).database
    is_over = threading.Event()
    chance = random.Random(1)
    cut: list[int] = []

    def cut_some() -> None:
        wait_until_out(shop, 5)
        while not is_over.wait(0.1 * chance.random()):
            found = server.run(f"SELECT pid FROM pg_stat_activity WHERE datname = '{name}'")
            if found:
                cut.append(chance.choice(found)[0])
                server.run(f"SELECT pg_terminate_backend({cut[-1]})")

    thread = threading.Thread(target=cut_some)
    thread.start()
    try:
        processes = start_crew(nursery, shop, run)
        codes = [process.wait() for process in processes]
    finally:
        is_over.set()
        thread.join()
    assert codes == [0, 0], [process.read_log() for process in processes]
    truth = finish(shop, processes)
    assert len(cut) > 5
    assert truth.states["sent"] + truth.unknown == PEOPLE - PEOPLE // 10
    assert truth.duplicates == truth.lost == 0


@on_postgresql
def test_a_commit_whose_answer_is_lost_was_made_once(
    open_shop: Callable[[int], Shop], nursery: Nursery
) -> None:
    shop = open_shop(PEOPLE)
    run = shop.start(Recipe(deliver={"senders": 4}, generates=True))
    with (
        tempfile.TemporaryDirectory(prefix="px") as folder,
        Proxy(shop.url, Path(folder), every=25, seed=1) as proxy,
    ):
        processes = start_crew(nursery, shop, run, database_url=proxy.url)
        wait_for(processes)
        assert proxy.lost > 3
    truth = finish(shop, processes)
    assert truth.states["sent"] == PEOPLE - PEOPLE // 10
    assert truth.duplicates == truth.lost == truth.unknown == 0


@on_sqlite
def test_on_a_full_disk_nothing_is_sent_without_a_mark(
    open_shop: Callable[[int], Shop], nursery: Nursery
) -> None:
    shop = open_shop(PEOPLE)
    run = shop.start(Recipe(deliver={"senders": 4}))
    size = Path(str(make_url(shop.url).database)).stat().st_size
    how = {"patience_seconds": 0.5, "most_bytes": size + 200_000}
    [process] = start_crew(nursery, shop, run, 1, **how)
    assert process.wait() == 3, process.read_log()
    assert "the database does not answer: " in process.read_log()
    out = read_witness(shop.witness).total()
    assert 0 < out < PEOPLE - PEOPLE // 10
    truth = finish(shop, start_crew(nursery, shop, run, 1))
    assert truth.states["sent"] + truth.unknown == PEOPLE - PEOPLE // 10
    assert truth.duplicates == truth.lost == 0
    assert truth.unknown <= 4
    assert truth.accepted >= out
