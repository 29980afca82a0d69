from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine

from ballyhoo.core.cli import make_cli

KEY = "a suppression key of tests"


@pytest.fixture
def run(database_url: str, tmp_path: Path) -> Any:
    """Run the real command line in a workspace with a database of its own."""
    (tmp_path / "ballyhoo.toml").write_text("")
    environment = os.environ | {
        "BALLYHOO_DATABASE_URL": database_url,
        "BALLYHOO_SUPPRESSION_KEY": KEY,
        "BALLYHOO_WORKSPACE": str(tmp_path),
    }
    program = [sys.executable, "-c", "from ballyhoo.core.cli import main; main()"]

    def start(*arguments: str, wait: bool = True, stderr: int = subprocess.PIPE) -> Any:
        process = subprocess.Popen(
            [*program, "import", *arguments],
            env=environment,
            cwd=tmp_path,
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
        )
        if not wait:
            return process
        output, errors = process.communicate(timeout=120)
        return process.returncode, output, errors

    return start


def test_import_is_a_command() -> None:
    assert "import" in make_cli().list_commands(None)  # type: ignore[arg-type]


def test_counts_codes_and_json(run: Any, tmp_path: Path) -> None:
    path = tmp_path / "customers.csv"
    path.write_text("id,email\n1,ada@example.com\n2,broken\n")
    code, output, errors = run("customers", "customers.csv", "--json")
    answer = json.loads(output)
    assert code == 1
    assert errors == ""
    assert {key: answer[key] for key in ("read", "new", "updated", "unchanged", "rejected")} == {
        "read": 2, "new": 1, "updated": 0, "unchanged": 0, "rejected": 1,
    }  # fmt: skip
    assert answer["rejects_file"] == "customers.csv.rejects.csv"
    code, output, errors = run("customers", "customers.csv", "--strict", "--json")
    assert code == 2
    answer = json.loads(output)
    assert (answer["read"], answer["rejected"], answer["new"]) == (2, 2, 0)
    assert "1 of 2 customers are wrong; nothing was stored" in errors
    path.write_text("id,email\n1,ada@example.com\n")
    assert run("customers", "customers.csv") == (
        0, "1 customer read: 0 new, 0 updated, 1 unchanged, 0 rejected\n", ""
    )  # fmt: skip


def test_file_that_is_not_there_and_wrong_map_are_usage_errors(run: Any, tmp_path: Path) -> None:
    code, _, errors = run("customers", "nothing.csv")
    assert (code, errors) == (2, "Error: there is no file nothing.csv\n")
    (tmp_path / "c.csv").write_text("id\n1\n")
    (tmp_path / "m.yaml").write_text("map: m\ncustomers:\n  fields: {kye: id}\n")
    code, _, errors = run("customers", "c.csv", "--map", "m.yaml")
    assert code == 2
    assert "m.yaml:3:12: customers.fields: customers have no field 'kye'" in errors


def test_terminal_shows_progress_and_the_answer_stays_clean(run: Any, tmp_path: Path) -> None:
    (tmp_path / "customers.csv").write_text("id,email\n1,ada@example.com\n")
    ours, theirs = os.openpty()
    try:
        process = run("customers", "customers.csv", "--json", wait=False, stderr=theirs)
        output, _ = process.communicate(timeout=120)
        shown = os.read(ours, 100_000).decode()
    finally:
        os.close(theirs)
        os.close(ours)
    assert json.loads(output)["new"] == 1
    assert "1 rows" in shown


def test_import_that_is_killed_can_simply_be_run_again(
    run: Any, database_url: str, tmp_path: Path
) -> None:
    people = 2_000
    (tmp_path / "customers.csv").write_text(
        "id,email\n" + "".join(f"{n},c{n}@example.com\n" for n in range(people))
    )
    events = 60_000
    (tmp_path / "events.csv").write_text(
        "type,at,customer\n"
        + "".join(f"view,2026-01-01 10:{n % 60:02}:00,{n % people}\n" for n in range(events))
    )
    assert run("customers", "customers.csv")[0] == 0
    process = run("events", "events.csv", "--json", wait=False)
    wait_for_an_event(database_url)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    code, output, _ = run("events", "events.csv", "--json")
    first = json.loads(output)
    assert code == 0
    assert first["new"] + first["unchanged"] == first["read"] == events
    assert 0 < first["unchanged"] < events
    code, output, _ = run("events", "events.csv", "--json")
    again = json.loads(output)
    assert (again["new"], again["unchanged"]) == (0, events)


def wait_for_an_event(database_url: str) -> None:
    """Return when the first events are stored."""
    engine = create_engine(database_url)
    until = time.monotonic() + 100
    with engine.connect() as connection:
        while time.monotonic() < until:
            found = connection.exec_driver_sql("SELECT 1 FROM events LIMIT 1").first()
            connection.rollback()
            if found:
                break
    engine.dispose()
