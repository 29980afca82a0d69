"""Owners: who is dead, who only stands still, and whose leases are renewed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, delete, func, select, text
from sqlalchemy.engine import make_url

from ballyhoo.core.store.engine import Store
from ballyhoo.core.store.ledger.claims import claim_messages
from ballyhoo.core.store.ledger.locks import LOCK_CLASS, is_dead
from ballyhoo.core.store.ledger.owners import Owner
from ballyhoo.core.store.ledger.recovery import Recovered, recover_leases
from ballyhoo.core.store.tables import owners

from .ledger_rows import NOW, make_message, make_run, read_message

BEAT = 0.02


@pytest.fixture
def owner(store: Store) -> Iterator[Owner]:
    with Owner(store, claim_seconds=0.2, beat_seconds=BEAT) as made:
        yield made


@pytest.fixture
def watcher(store: Store) -> Iterator[Owner]:
    with Owner(store, beat_seconds=BEAT) as made:
        yield made


def until(is_so: Callable[[], bool], seconds: float = 10.0) -> None:
    ends = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < ends, "it never came to that"
        time.sleep(0.005)


def looks_dead(owner: Owner) -> bool:
    with owner.store.begin() as connection:
        return is_dead(owner.store, connection, owner.id, silent_seconds=owner.silent_seconds)


def claim(owner: Owner, run: int, token: str) -> list[int]:
    with owner.store.begin() as connection:
        rows = claim_messages(connection, run, None, owner, token, now=NOW, most=10)
    return [row.id for row in rows]


def has_lock(store: Store, owner: int) -> bool:
    counted = text(
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = :class "
        "AND objid = :id AND granted"
    )
    with store.read() as connection:
        return connection.execute(counted, {"class": LOCK_CLASS, "id": owner}).scalar_one() > 0


def cut_connections(store: Store, owner: int) -> None:
    """Cut the connection that has an owner's lock."""
    with store.begin() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_locks "
                "WHERE locktype = 'advisory' AND classid = :class AND objid = :id"
            ),
            {"class": LOCK_CLASS, "id": owner},
        )


def test_owner_is_alive_until_it_is_closed(store: Store) -> None:
    owner = Owner(store, beat_seconds=BEAT)
    assert not looks_dead(owner)
    owner.close()
    assert looks_dead(owner)


def test_nobody_takes_back_what_a_living_owner_is_at(owner: Owner, watcher: Owner) -> None:
    message = make_message(owner.store, run := make_run(owner.store), 1)
    token = owner.make_token()
    assert claim(owner, run, token) == [message]
    time.sleep(0.5)  # longer than the claim would hold without a sign of life
    assert recover_leases(watcher, now=NOW) == Recovered()


def test_leases_under_a_dropped_token_run_out(owner: Owner, watcher: Owner) -> None:
    make_message(owner.store, run := make_run(owner.store), 1)
    token = owner.make_token()
    claim(owner, run, token)
    owner.drop_token(token)
    until(lambda: recover_leases(watcher, now=NOW) == Recovered(ready=1))


def test_what_a_closed_owner_left_is_taken_back_at_once(store: Store, watcher: Owner) -> None:
    left = Owner(store, beat_seconds=BEAT)
    message = make_message(store, run := make_run(store), 1)
    claim(left, run, left.make_token())
    left.close()
    assert recover_leases(watcher, now=NOW) == Recovered(ready=1)
    assert read_message(store, message).state == "ready"


def test_nobody_takes_a_lease_from_herself(owner: Owner) -> None:
    make_message(owner.store, run := make_run(owner.store), 1)
    claim(owner, run, owner.make_token())
    with owner.store.begin() as connection:
        connection.execute(delete(owners))
    assert recover_leases(owner, now=NOW) == Recovered()


def test_new_owner_never_has_the_id_of_a_former_one(store: Store) -> None:
    first = Owner(store)
    first.close()
    with Owner(store) as second:
        assert second.id > first.id


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_owner_that_came_by_a_link_is_found_alive(
    database_url: str, store: Store, tmp_path: Path
) -> None:
    link = tmp_path / "link.db"
    link.symlink_to(str(make_url(database_url).database))
    with (
        Store(create_engine(f"sqlite:///{link}")) as same,
        Owner(same) as owner,
        store.begin() as connection,
    ):
        assert not is_dead(store, connection, owner.id, silent_seconds=0)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
class TestOnPostgresql:
    def test_closed_owner_leaves_no_lock_in_the_pool(self, store: Store) -> None:
        owner = Owner(store)
        owner.close()
        assert not has_lock(store, owner.id)

    def test_owner_whose_lock_was_cut_is_not_dead_and_takes_it_again(
        self, owner: Owner, watcher: Owner
    ) -> None:
        make_message(owner.store, run := make_run(owner.store), 1)
        claim(owner, run, owner.make_token())
        cut_connections(owner.store, owner.id)
        assert recover_leases(watcher, now=NOW) == Recovered()
        until(lambda: has_lock(owner.store, owner.id))

    def test_owner_that_others_took_for_dead_is_there_again(
        self, owner: Owner, watcher: Owner
    ) -> None:
        def count() -> int:
            with owner.store.read() as connection:
                return connection.execute(
                    select(func.count()).where(owners.c.id == owner.id)
                ).scalar_one()

        with owner.store.begin() as connection:
            connection.execute(delete(owners).where(owners.c.id == owner.id))
        until(lambda: count() == 1)

    def test_heart_outlives_a_database_that_is_away(
        self, owner: Owner, postgresql_server: str
    ) -> None:
        admin = make_url(postgresql_server).set(drivername="postgresql+psycopg")
        name = owner.store.engine.url.database
        engine = create_engine(admin, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
            connection.exec_driver_sql(
                f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
            )
            time.sleep(10 * BEAT)
            connection.exec_driver_sql(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
        engine.dispose()
        until(lambda: has_lock(owner.store, owner.id))
        assert not looks_dead(owner)
