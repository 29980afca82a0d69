from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from ballyhoo.core.cli import main
from ballyhoo.core.store.engine import open_engine, open_store
from ballyhoo.core.store.rows import CustomerRow, EventRow
from ballyhoo.core.store.writers import open_writer

KEY = "a suppression key of tests"


@pytest.fixture
def workspace(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "ballyhoo.toml").write_text("")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BALLYHOO_DATABASE_URL", database_url)
    monkeypatch.setenv("BALLYHOO_SUPPRESSION_KEY", KEY)
    return tmp_path


@pytest.fixture
def shop(workspace: Path, database_url: str) -> Path:
    with open_store(database_url, suppression_key=KEY) as store:
        with open_writer(store, "customers") as writer:
            row = CustomerRow("ada@x.example", "ada@x.example", None, "Ada", traits='{"tier":"a"}')
            writer.write([row])
        with open_writer(store, "events") as writer:
            writer.write([EventRow("1", "view", 1000, "ada@x.example")])
    return workspace


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    out, err = capsys.readouterr()
    return int(str(stopped.value.code)), out, err


def run_json(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any]:
    code, out, _ = run(capsys, *arguments, "--json")
    return code, json.loads(out)


def test_status_counts_what_is_in_the_database(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, answer = run_json(capsys, "db", "status")
    assert code == 0
    assert answer["ok"] is True
    assert (answer["rows"]["customers"], answer["rows"]["events"]) == (1, 1)


def test_other_revision_is_exit_code_3_until_it_is_upgraded(
    workspace: Path, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    engine = open_engine(database_url)
    with engine.begin() as connection:
        for table in (
            "replies",
            "propensities",
            "lessons",
            "copies",
            "links",
            "preferences",
            "declined_topics",
            "assets",
            "listeners",
            "message_events",
            "messages",
            "batches",
            "runs",
            "audit",
            "owners",
            "rates",
        ):
            connection.execute(text(f"DROP TABLE {table}"))
        connection.execute(text("ALTER TABLE articles DROP COLUMN audience"))
        connection.execute(text("ALTER TABLE enquiries DROP COLUMN intent"))
        connection.execute(text("DROP INDEX ix_enquiries_conversation"))
        if engine.dialect.name == "postgresql":
            connection.execute(text("DROP FUNCTION refuse_audit_change"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0003'"))
    engine.dispose()
    code, answer = run_json(capsys, "db", "status")
    assert (code, answer["ok"], answer["revision"]) == (3, False, "0003")
    code, _, said = run(capsys, "prune")
    assert code == 3
    assert "run 'ballyhoo db upgrade'" in said
    code, answer = run_json(capsys, "db", "upgrade")
    assert (code, answer["before"]) == (0, "0003")
    assert run_json(capsys, "db", "status")[0] == 0
    code, out, _ = run(capsys, "db", "upgrade")
    assert code == 0
    assert "already" in out


def test_new_workspace_makes_its_own_sqlite_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ballyhoo.toml").write_text("")
    code, out, _ = run(capsys, "prune")
    assert (code, out) == (0, "removed 0 bodies, 0 events, 0 enquiries, 0 artifacts\n")
    assert (tmp_path / "ballyhoo.db").is_file()


def test_wrong_suppression_key_is_exit_code_3(
    shop: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("BALLYHOO_SUPPRESSION_KEY", "another")
    code, _, said = run(capsys, "prune")
    assert code == 3
    assert "another suppression key" in said


def test_shown_customer_has_identity_profile_and_counts(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run(capsys, "customer", "show", "ada@x.example")
    assert code == 0
    assert "first_name: Ada" in out
    assert "views: 0" in out
    assert "events: 1" in out


def test_export_writes_a_file_that_only_its_owner_can_read(
    shop: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run(capsys, "customer", "export", "ada@x.example", "--out", "ada.json")
    assert (code, out) == (0, "")
    assert json.loads(Path("ada.json").read_text())["customer"]["first_name"] == "Ada"
    assert Path("ada.json").stat().st_mode & 0o077 == 0


def test_erasing_asks_first_and_then_the_customer_is_unknown(
    shop: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("click.confirm", refuse)
    assert run(capsys, "customer", "erase", "ada@x.example")[0] == 130
    code, answer = run_json(capsys, "customer", "erase", "ada@x.example", "--yes")
    assert (code, answer["erased"], answer["emptied"]["events"]) == (0, True, 1)
    code, _, said = run(capsys, "customer", "show", "ada@x.example")
    assert code == 2
    assert "no customer with this id" in said
    assert "ada" not in said


def refuse(*_: Any, **__: Any) -> bool:
    import click

    raise click.Abort


def test_retention_of_the_workspace_prunes(shop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (shop / "ballyhoo.toml").write_text("[retention]\nevents_days = 30\n")
    code, answer = run_json(capsys, "prune")
    assert (code, answer) == (0, {"bodies": 0, "events": 1, "enquiries": 0, "artifacts": 0})
