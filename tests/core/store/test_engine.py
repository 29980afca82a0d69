from __future__ import annotations

import threading
from pathlib import Path

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError

from ballyhoo.core.errors import EnvironmentMissing
from ballyhoo.core.store.engine import Store, open_store
from ballyhoo.core.store.rows import CustomerRow, SuppressionRow
from ballyhoo.core.store.tables import key_checks, stale_profiles, suppressions
from ballyhoo.core.store.writers import open_writer

KEY = "a suppression key of tests"


def test_process_with_another_suppression_key_stops(store: Store, database_url: str) -> None:
    with pytest.raises(EnvironmentMissing, match="another suppression key") as caught:
        open_store(database_url, suppression_key="another")
    assert caught.value.exit_code == 3


def test_process_with_the_same_key_works_and_stores_it_nowhere(
    store: Store, database_url: str
) -> None:
    open_store(database_url, suppression_key=KEY).close()
    with store.read() as connection:
        rows = connection.execute(select(key_checks)).all()
    assert len(rows) == 1
    assert KEY not in str(rows)
    assert KEY.encode() not in bytes(rows[0].value)


def test_store_without_a_key_writes_no_customer(store: Store, database_url: str) -> None:
    with (
        open_store(database_url) as keyless,
        pytest.raises(EnvironmentMissing, match="no suppression key"),
        open_writer(keyless, "customers") as writer,
    ):
        writer.write([CustomerRow("1", "a@x.org")])


def test_new_key_named_with_its_former_one_revives_nobody(store: Store, database_url: str) -> None:
    with open_writer(store, "customers") as writer:
        writer.write([CustomerRow("1", "known@x.org")])
    with open_writer(store, "suppressions") as writer:
        writer.write([SuppressionRow("email", "known@x.org")])
        writer.write([SuppressionRow("email", "unknown@x.org")])
    with open_store(database_url, suppression_key="new", old_suppression_keys=[KEY]) as renewed:
        with open_writer(renewed, "suppressions") as writer:
            rows = [SuppressionRow("email", f"{name}@x.org") for name in ("known", "unknown")]
            assert writer.write(rows).unchanged == 2
        with renewed.read() as connection:
            key_ids = connection.execute(select(suppressions.c.key_id).distinct()).scalars().all()
        assert key_ids == [renewed.hasher.key_id]
    with pytest.raises(EnvironmentMissing, match="another suppression key"):
        open_store(database_url, suppression_key=KEY)


def test_reading_transaction_cannot_write(store: Store) -> None:
    if store.dialect == "sqlite":
        return  # SQLite lets it, when nobody else wrote since
    with pytest.raises(DBAPIError), store.read() as connection:
        connection.execute(insert(stale_profiles).values(customer_id=1))


def test_writers_that_read_first_wait_for_each_other(store: Store) -> None:
    with store.begin() as connection:
        connection.execute(insert(stale_profiles).values(customer_id=0))
    errors: list[Exception] = []

    def read_then_write() -> None:
        try:
            for _ in range(25):
                with store.begin() as connection:
                    lock = "" if store.dialect == "sqlite" else " FOR UPDATE"
                    query = f"SELECT customer_id FROM stale_profiles{lock}"
                    value = connection.execute(text(query)).scalar()
                    assert value is not None
                    connection.execute(
                        text("UPDATE stale_profiles SET customer_id = :n"), {"n": value + 1}
                    )
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=read_then_write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with store.read() as connection:
        assert connection.execute(select(stale_profiles.c.customer_id)).scalar() == 100


def test_sqlite_commits_durably(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'a.db'}"
    with open_store(url, create=True) as opened, opened.read() as connection:
        pragmas = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_unreachable_database_is_named_without_its_credentials() -> None:
    url = "postgresql://somebody:secret@127.0.0.1:1/shop"
    with pytest.raises(EnvironmentMissing, match=r"127\.0\.0\.1:1/shop") as caught:
        open_store(url)
    assert "secret" not in str(caught.value)
    assert "somebody" not in str(caught.value)


def test_file_in_a_folder_that_is_not_there_is_an_error_for_people(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentMissing, match="unable to open database file"):
        open_store(f"sqlite:///{tmp_path / 'nowhere' / 'a.db'}", create=True)


@pytest.mark.parametrize("url", ["nonsense", "mysql://host/db", "", "oracle://x"])
def test_url_of_another_database_is_refused_with_examples(url: str) -> None:
    with pytest.raises(EnvironmentMissing, match="names no database") as caught:
        open_store(url)
    assert "sqlite:///ballyhoo.db" in str(caught.value.hint)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_database_of_other_habits_is_durable_and_up_to_date_all_the_same(
    database_url: str, store: Store
) -> None:
    name = store.engine.url.database
    with store.begin() as connection:
        for habit in ("synchronous_commit = off", "default_transaction_isolation = serializable"):
            connection.exec_driver_sql(f"ALTER DATABASE {name} SET {habit}")
    with open_store(database_url) as opened, opened.begin() as connection:
        shown = {
            habit: connection.exec_driver_sql(f"SHOW {habit}").scalar()
            for habit in ("synchronous_commit", "transaction_isolation")
        }
    assert shown == {"synchronous_commit": "on", "transaction_isolation": "read committed"}


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_stricter_habit_of_the_database_is_kept(database_url: str, store: Store) -> None:
    name = store.engine.url.database
    with store.begin() as connection:
        connection.exec_driver_sql(f"ALTER DATABASE {name} SET synchronous_commit = remote_apply")
    with open_store(database_url) as opened, opened.begin() as connection:
        assert connection.exec_driver_sql("SHOW synchronous_commit").scalar() == "remote_apply"
