"""Whole runs on real workers, with real Redis and PostgreSQL."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import select

from ballyhoo.core.engine.embedded import run_here
from ballyhoo.core.store.tables import batches, messages, owners

from ..databases import make_database
from .redis_server import RedisServer
from .shop import PLAIN, WRITTEN, Shop, make_shop, ring, run_command, run_python, wait_until


@pytest.fixture(scope="module")
def staffed(
    postgresql_server: str,
    postgresql_template: str,
    redis_server: RedisServer,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Shop]:
    """A shop that two workers work for; they are told to stop, and have to."""
    folder = tmp_path_factory.mktemp("staffed") / "shop"
    with make_database(postgresql_server, postgresql_template) as url, ExitStack() as stack:
        shop = make_shop(folder, url, redis_server.make_url())
        workers = [stack.enter_context(run_command(shop, "worker")) for _ in range(2)]
        yield shop
        assert [worker.stop() for worker in workers] == [0, 0], workers[0].said
        assert count_rows(shop, owners) == 0


def count_rows(shop: Shop, table, *conditions) -> int:
    with shop.open() as store, store.read() as connection:
        return len(connection.execute(select(table.c.id).where(*conditions)).all())


def count_sent(shop: Shop, run_id: int) -> int:
    return shop.count(run_id).states.get("sent", 0)


def test_two_workers_come_to_the_same_as_one_process(open_shop: Callable[..., Shop]):
    # Both are new shops: what somebody was told before is in her brief.
    here, there = open_shop("here"), open_shop("there")
    alone = here.start(WRITTEN, name="spring")
    with here.open_engine() as engine:
        assert run_here(engine, alone).row.state == "finished"
    run_id = there.start(WRITTEN, name="spring")
    ring(there, run_id)
    with run_command(there, "worker"), run_command(there, "worker"):
        receipt = there.wait_for_end(run_id)
    assert receipt == here.count(alone)
    assert receipt.adds_up
    assert there.list_messages(run_id) == here.list_messages(alone)
    assert len(there.list_files(run_id)) == receipt.states["sent"]


def test_rings_that_come_many_times_do_nothing_twice(staffed: Shop):
    run_id = staffed.start(WRITTEN, name="many-rings")
    for task in ("plan", "prepare", "deliver") * 8:
        ring(staffed, run_id, task=task)
    receipt = staffed.wait_for_end(run_id)
    assert receipt.adds_up
    assert len(staffed.list_files(run_id)) == receipt.states["sent"] > 200
    assert count_rows(staffed, messages, messages.c.run_id == run_id, messages.c.attempts > 1) == 0
    assert count_rows(staffed, batches, batches.c.run_id == run_id, batches.c.attempts > 1) == 0


def test_rings_that_are_lost_in_the_middle_cost_time_only(staffed: Shop):
    run_id = staffed.start(WRITTEN, name="lost-rings")
    ring(staffed, run_id)
    broker, is_over = staffed.broker, threading.Event()

    def lose() -> None:
        while not is_over.wait(0.01):
            broker.flushdb()

    losing = threading.Thread(target=lose)
    losing.start()
    try:
        wait_until(lambda: count_sent(staffed, run_id) > 50)
    finally:
        is_over.set()
        losing.join()
    receipt = staffed.wait_for_end(run_id)
    assert receipt.adds_up
    assert len(staffed.list_files(run_id)) == receipt.states["sent"] > 200


def test_a_run_that_nobody_ever_rang_for_is_found(staffed: Shop):
    run_id = staffed.start(PLAIN, name="unheard")
    assert staffed.wait_for_end(run_id).states == {"sent": 270, "skipped": 30}


def test_another_worker_goes_on_where_one_was_killed(shop: Shop):
    run_id = shop.start(PLAIN, name="killed")
    ring(shop, run_id)
    dying = {"BALLYHOO_CRASH_AT": "marked:4"}
    with run_command(shop, "worker", environment=dying) as worker:
        assert worker.wait() == -9
    before = shop.count(run_id).states
    assert before["sending"]
    with run_command(shop, "worker"):
        receipt = shop.wait_for_end(run_id)
    assert receipt.adds_up
    assert receipt.states["unknown"] == before["sending"]
    assert receipt.states["sent"] + receipt.states["unknown"] == 270
    files = len(shop.list_files(run_id))
    assert receipt.states["sent"] <= files <= 270


def test_a_worker_that_is_stopped_drains_and_gives_back_its_leases(shop: Shop):
    run_id = shop.start(PLAIN.replace("outbox\n", "outbox\n  rate: 1800/min\n"), name="stopped")
    ring(shop, run_id)
    with run_command(shop, "worker", "--queues", "plan,deliver") as worker:
        wait_until(lambda: count_sent(shop, run_id) > 10)
        assert worker.stop() == 0
        assert worker.problems == []
    states = shop.count(run_id).states
    assert set(states) == {"ready", "sent", "skipped"}
    assert len(shop.list_files(run_id)) == states["sent"]
    assert count_rows(shop, owners) == 0


def test_celery_starts_a_worker_too_and_what_it_forks_has_engines_of_its_own(shop: Shop):
    run_id = shop.start(WRITTEN, name="by-celery")
    ring(shop, run_id)
    celery = ["-m", "celery", "-A", "ballyhoo.workers.app", "worker", "--loglevel", "INFO"]
    quiet = ["--without-gossip", "--without-mingle", "--without-heartbeat"]
    with run_python(shop, [*celery, *quiet, "--pool", "processes", "--concurrency", "2"]) as worker:
        receipt = shop.wait_for_end(run_id)
        names = {line["worker"] for line in worker.lines if "worker" in line}
        assert worker.stop() == 0
    assert receipt.adds_up
    assert len(shop.list_files(run_id)) == receipt.states["sent"]
    assert 1 <= len(names) <= 2
    assert not [name for name in names if name.endswith(f":{worker.pid}")]


def test_a_worker_needs_the_database_and_secrets_only(shop: Shop, tmp_path: Path):
    (shop.folder / "templates" / "note.txt.j2").write_text("For {{ address }}: {{ fields.body }}\n")
    (shop.folder / "segments").mkdir()
    (shop.folder / "segments" / "german.yaml").write_text("where: country = 'DE'\n")
    recipe = PLAIN.replace("country = 'DE'", "in_segment('german')").replace(
        "plugin: outbox\n", "plugin: outbox\n  template: note.txt.j2\n"
    )
    run_id = shop.start(recipe, name="elsewhere")
    empty = tmp_path / "empty"
    empty.mkdir()
    with run_command(shop, "worker", environment=shop.environment, folder=empty):
        receipt = shop.wait_for_end(run_id)
    assert receipt.states == {"sent": 270, "skipped": 30}
    files = list((empty / "outbox" / str(run_id)).glob("*.txt"))
    assert len(files) == 270
    assert files[0].read_text().endswith("@workers.example: Come and have a look.\n")


def test_beat_rings_for_what_is_due_and_not_again_and_again(shop: Shop):
    for name in ("one", "two", "three"):
        shop.start(PLAIN, name=name)
    with run_command(shop, "beat") as beat:
        wait_until(lambda: shop.broker.llen("ballyhoo:plan") > 0)
        first = shop.read_sweep()
        wait_until(lambda: shop.read_sweep() != first)
        assert beat.stop() == 0
    assert shop.broker.llen("ballyhoo:plan") == 3
    assert count_rows(shop, owners) == 0
