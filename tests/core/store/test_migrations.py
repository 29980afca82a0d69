from __future__ import annotations

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError

from ballyhoo.core.errors import EnvironmentMissing
from ballyhoo.core.store.engine import Store, open_engine, open_store, read_revision
from ballyhoo.core.store.migrations import HEAD
from ballyhoo.core.store.tables import audit, messages, metadata
from ballyhoo.core.store.upgrading import make_config, upgrade_engine


def test_there_is_one_head_and_it_is_the_one_that_the_code_expects() -> None:
    assert ScriptDirectory.from_config(make_config()).get_heads() == [HEAD]


def test_migrated_tables_equal_the_described_ones(empty_url: str) -> None:
    engine = open_engine(empty_url)
    upgrade_engine(engine)
    with engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": False}
        )
        assert compare_metadata(context, metadata) == []
    assert read_revision(engine) == HEAD
    engine.dispose()


def test_upgrade_of_the_newest_revision_changes_nothing(empty_url: str) -> None:
    engine = open_engine(empty_url)
    upgrade_engine(engine)
    upgrade_engine(engine)
    assert read_revision(engine) == HEAD
    engine.dispose()


def test_messages_of_before_waves_are_in_wave_0(empty_url: str) -> None:
    engine = open_engine(empty_url)
    upgrade_engine(engine, "0012")
    with engine.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO runs (campaign, state, seed, recipe, recipe_hash, created_at) "
                "VALUES ('spring', 'running', 1, '', '', 0)"
            )
        )
        connection.execute(
            text(
                "INSERT INTO messages (run_id, recipient, channel, state, created_at) "
                "SELECT id, 7, 'email', 'ready', 0 FROM runs"
            )
        )
    upgrade_engine(engine)
    with engine.connect() as connection:
        found = connection.execute(select(messages.c.recipient, messages.c.wave)).all()
    assert [tuple(row) for row in found] == [(7, 0)]
    engine.dispose()


def test_database_without_tables_is_refused_with_what_to_do(empty_url: str) -> None:
    with pytest.raises(EnvironmentMissing, match="no tables yet") as caught:
        open_store(empty_url)
    assert caught.value.hint == "run 'ballyhoo db upgrade'"


def test_database_at_another_revision_is_refused_even_when_it_may_be_created(
    empty_url: str,
) -> None:
    engine = open_engine(empty_url)
    upgrade_engine(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0003'"))
    engine.dispose()
    with pytest.raises(EnvironmentMissing, match=f"is at revision 0003, not {HEAD}"):
        open_store(empty_url, create=True)


def test_failed_migration_leaves_no_table_behind(empty_url: str) -> None:
    engine = open_engine(empty_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE runs (id INTEGER)"))
    with pytest.raises(DBAPIError):
        upgrade_engine(engine)
    assert read_revision(engine) is None
    engine.dispose()


@pytest.mark.parametrize("change", ["UPDATE audit SET actor = 'x'", "DELETE FROM audit"])
def test_audit_log_cannot_be_changed(store: Store, change: str) -> None:
    row = {"at": 1, "actor": "a", "action": "customer.erase", "subject": "1"}
    with store.begin() as connection:
        connection.execute(insert(audit).values(**row))
    with (
        pytest.raises(DBAPIError, match="the audit log cannot be changed"),
        store.begin() as connection,
    ):
        connection.execute(text(change))


def test_sqlite_refuses_to_replace_a_row_of_the_audit_log(store: Store) -> None:
    if store.dialect != "sqlite":
        return
    replace = (
        "INSERT OR REPLACE INTO audit (id, at, actor, action, subject) VALUES (1, 1, 'a', 'b', '1')"
    )
    with store.begin() as connection:
        connection.execute(text(replace))
    with (
        pytest.raises(DBAPIError, match="the audit log cannot be changed"),
        store.begin() as connection,
    ):
        connection.execute(text(replace))
