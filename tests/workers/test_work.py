"""What a ring comes to in one process: with a real broker and database, called as a pool does."""

from __future__ import annotations

import json
import logging
from ast import literal_eval
from collections.abc import Iterator

import pytest
import redis
from sqlalchemy import insert, select, update

from ballyhoo.core.store.ledger.runs import add_details, move_run
from ballyhoo.core.store.ledger.turns import hold_delivery
from ballyhoo.core.store.tables import batches, messages, owners
from ballyhoo.core.workspace import Workspace
from ballyhoo.workers.app import Parts, make_parts
from ballyhoo.workers.setbacks import Setbacks

from ..databases import run_on_server
from .shop import PLAIN, WRITTEN, Shop, ring

QUEUES = ("plan", "generate", "deliver")


@pytest.fixture
def parts(shop: Shop) -> Iterator[Parts]:
    """What a worker process has, of a shop for which no process works."""
    made = make_parts(Workspace(shop.folder))
    yield made
    made.station.close()
    made.app.close()


def count_rings(parts: Parts) -> tuple[int, ...]:
    return tuple(parts.bells.count_waiting(queue) for queue in QUEUES)


def play(parts: Parts, *, most: int = 60) -> None:
    """Do what workers do with the rings that wait, one after the other, until none does."""
    tasks = {"plan": parts.work.plan, "prepare": parts.work.prepare, "deliver": parts.work.deliver}
    broker = redis.Redis.from_url(parts.app.conf.broker_url)
    for _ in range(most):
        taken = [one for queue in QUEUES if (one := broker.rpop(f"ballyhoo:{queue}")) is not None]
        for one in taken:
            headers = json.loads(one)["headers"]
            tasks[headers["task"].partition(".")[2]](*literal_eval(headers["argsrepr"]))
        if not taken:
            return
    raise AssertionError("tasks ring for each other without end")


def test_each_task_rings_for_the_next_one(shop: Shop, parts: Parts):
    run_id = shop.start(WRITTEN, name="spring")
    parts.work.plan(run_id)
    assert count_rings(parts) == (0, 1, 0)
    parts.work.prepare(run_id)
    assert count_rings(parts)[2] == 1
    play(parts)
    receipt = shop.count(run_id)
    assert shop.read(run_id).state == "finished"
    assert receipt.adds_up
    assert set(receipt.states) == {"sent", "skipped"}
    assert count_rings(parts) == (0, 0, 0)


def test_a_ring_holds_the_id_of_a_run_and_nothing_else_of_it(shop: Shop):
    ring(shop, 7)
    told = json.loads(shop.broker.lpop("ballyhoo:plan"))
    assert told["content-type"] == "application/json"
    assert told["headers"]["argsrepr"] == "(7,)"
    assert told["headers"]["ignore_result"] is True
    assert told["headers"]["eta"] is None


def test_a_task_that_came_to_nothing_does_not_ring_for_itself(shop: Shop, parts: Parts):
    run_id = shop.start(WRITTEN, name="spring")
    parts.work.plan(run_id)
    with parts.station.use() as engine, engine.store.begin() as connection:
        # Somebody else has all of it: it is planned, and there is nothing to take.
        batch = {"run_id": run_id, "state": "open", "due_at": engine.now + 60_000}
        connection.execute(insert(batches).values(batch))
        connection.execute(update(messages).values(batch_id=select(batches.c.id).scalar_subquery()))
    shop.broker.flushdb()
    parts.work.prepare(run_id)
    play(parts)
    assert count_rings(parts) == (0, 0, 0)


def test_however_often_is_swept_a_queue_holds_few_rings(shop: Shop, parts: Parts):
    for name in ("one", "two", "three"):
        shop.start(PLAIN, name=name)
    for _ in range(20):
        parts.sweeper._seconds = 0
        assert parts.sweeper.sweep()
    assert count_rings(parts) == (3, 0, 0)


def test_a_run_whose_ring_was_lost_is_rung_for_though_others_wait(shop: Shop, parts: Parts):
    first = shop.start(PLAIN, name="one")
    parts.bells.ring_missing("ballyhoo.plan", [first])
    second = shop.start(PLAIN, name="two")
    parts.bells.ring_missing("ballyhoo.plan", [first, second])
    waiting = [
        json.loads(one)["headers"]["argsrepr"] for one in shop.broker.lrange("ballyhoo:plan", 0, -1)
    ]
    assert f"({second},)" in waiting
    assert len(waiting) <= 4


def test_a_run_with_other_versions_of_its_plugins_is_left_alone(
    shop: Shop, parts: Parts, caplog: pytest.LogCaptureFixture
):
    run_id = shop.start(PLAIN, name="newer")
    with shop.open() as store, store.begin() as connection:
        add_details(connection, run_id, {"plugins": {"outbox": "9.9"}})
    with caplog.at_level(logging.WARNING, logger="ballyhoo"):
        for _ in range(3):
            parts.work.plan(run_id)
    assert shop.read(run_id).state == "planning"
    [said] = [record.getMessage() for record in caplog.records]
    assert "outbox 9.9" in said
    assert count_rings(parts) == (0, 0, 0)


def test_a_run_with_a_plugin_that_is_not_here_is_left_alone(
    shop: Shop, parts: Parts, caplog: pytest.LogCaptureFixture
):
    run_id = shop.start(WRITTEN, name="spring")
    (shop.folder / "writer.py").unlink()
    with caplog.at_level(logging.WARNING, logger="ballyhoo"):
        parts.work.plan(run_id)
    assert shop.read(run_id).state == "planning"
    assert "writer" in caplog.text


def test_a_ring_for_a_run_that_is_not_there_does_nothing(parts: Parts):
    parts.work.deliver(4711)
    parts.work.prepare(4711)
    parts.work.plan(4711)
    assert count_rings(parts) == (0, 0, 0)


def test_a_paused_run_is_left_alone(shop: Shop, parts: Parts):
    run_id = shop.start(PLAIN, name="paused")
    parts.work.plan(run_id)
    with shop.open() as store, store.begin() as connection:
        move_run(connection, run_id, ["running", "waiting"], "paused", reason="a person")
    shop.broker.flushdb()
    parts.work.deliver(run_id)
    assert shop.count(run_id).states == {"ready": 270, "skipped": 30}
    assert count_rings(parts) == (0, 0, 0)


def test_one_process_delivers_a_run_with_a_slow_rate(shop: Shop, parts: Parts):
    run_id = shop.start(PLAIN.replace("outbox\n", "outbox\n  rate: 60/min\n"), name="slow")
    parts.work.plan(run_id)
    other = make_parts(Workspace(shop.folder))
    with shop.open() as store, hold_delivery(store, run_id) as is_ours:
        assert is_ours
        other.work.deliver(run_id)
    assert shop.count(run_id).states == {"ready": 270, "skipped": 30}
    other.station.close()


def test_an_unforeseen_error_gives_up_what_the_process_held(
    parts: Parts,
):
    with parts.station.use() as engine:
        before = engine.owner.id
    with pytest.raises(ZeroDivisionError), parts.station.use():
        raise ZeroDivisionError
    with parts.station.use() as engine:
        assert engine.owner.id != before
        with engine.store.read() as connection:
            assert connection.execute(select(owners.c.id)).scalars().all() == [engine.owner.id]


def test_a_broker_that_is_away_stops_no_work(shop: Shop, parts: Parts, redis_server):
    run_id = shop.start(PLAIN, name="deaf")
    deaf = make_parts(Workspace(shop.folder))
    deaf.app.conf.broker_url = deaf.app.conf.broker_write_url = "redis://127.0.0.1:1/0"
    deaf.work.plan(run_id)
    deaf.work.deliver(run_id)
    assert shop.read(run_id).state == "finished"
    deaf.station.close()


def test_a_database_that_is_away_is_waited_for(
    shop: Shop,
    parts: Parts,
    postgresql_server: str,
    caplog: pytest.LogCaptureFixture,
):
    run_id = shop.start(PLAIN, name="away")
    with parts.station.use() as engine:
        database = engine.store.engine.url.database
    kill = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'"
    run_on_server(postgresql_server, f"ALTER DATABASE {database} ALLOW_CONNECTIONS false")
    run_on_server(postgresql_server, kill)
    with caplog.at_level(logging.ERROR, logger="ballyhoo.workers"):
        parts.work.plan(run_id)
        assert not parts.sweeper.sweep()
    assert "the database" in caplog.records[0].getMessage()
    run_on_server(postgresql_server, f"ALTER DATABASE {database} ALLOW_CONNECTIONS true")
    parts.work.setbacks = Setbacks()  # some time has passed
    parts.work.plan(run_id)
    parts.work.deliver(run_id)
    assert shop.read(run_id).state == "finished"
