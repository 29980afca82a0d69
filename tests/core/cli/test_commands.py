from __future__ import annotations

import errno
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import click
import pytest
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError

from ballyhoo.core.cli import commands, make_cli
from ballyhoo.core.cli.commands import BUILT_IN
from ballyhoo.core.cli.failures import report_failure

HEAVY = {
    *("torch", "transformers", "surprise", "pandas", "sqlalchemy", "celery", "jinja2"),
    *("numpy", "scipy", "sklearn", "fsspec"),
}
PROBE = """
import sys
from ballyhoo.core.cli import main
try:
    main(sys.argv[1:])
except SystemExit as stop:
    print("code", stop.code or 0)
print("loaded", *sorted(sys.modules))
"""
RECIPE = """\
campaign: light
segment: {plugin: list_segment, customers: [C-1]}
deliver: {plugin: outbox, fields: {subject: "Hello", body: "Come and look."}}
"""
CONDITION = RECIPE.replace("plugin: list_segment, customers: [C-1]", "where: bought(days => 3)")


def loaded_by(arguments: list[str], folder: Path) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", PROBE, *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "code 0" in done.stdout.splitlines()[-2]
    return set(done.stdout.splitlines()[-1].split()[1:])


def test_help_loads_nothing_heavy(tmp_path: Path) -> None:
    loaded = loaded_by(["--help"], tmp_path)
    assert not HEAVY & loaded
    assert "pydantic" not in loaded


@pytest.mark.parametrize("recipe", [RECIPE, CONDITION], ids=["list", "condition"])
def test_check_loads_nothing_heavy(tmp_path: Path, recipe: str) -> None:
    (tmp_path / "a.yaml").write_text(recipe)
    loaded = loaded_by(["check", "a.yaml"], tmp_path)
    assert "ballyhoo.plugins.outbox" in loaded
    assert ("ballyhoo.core.conditions.parser" in loaded) == (recipe is CONDITION)
    assert not HEAVY & loaded


@pytest.mark.parametrize("name", list(BUILT_IN))
def test_the_list_of_commands_says_what_each_says_itself(name: str) -> None:
    cli = make_cli()
    with click.Context(cli) as context:
        command = cli.get_command(context, name)
        assert command is not None
        assert command.get_short_help_str(limit=200) == BUILT_IN[name]


def test_a_misspelt_command_names_the_nearest(run: Callable[..., Any]) -> None:
    answer = run("chekc")
    assert answer.code == 2
    assert "Error: no such command 'chekc'; did you mean 'check'?" in answer.err


def test_a_plugin_adds_a_command_by_an_entry_point(
    run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    point = EntryPoint("shout", "shouting:command", commands.GROUP)
    module = type(sys)("shouting")
    module.command = click.Command("shout", callback=lambda: click.echo("HELLO"))  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "shouting", module)
    monkeypatch.setattr(commands, "find_registered", lambda: {"shout": point})
    assert run("shout").out == "HELLO\n"
    assert "shout" in run("--help").out
    assert "(from shouting)" in run("--help").out


def test_version_is_said(run: Callable[..., Any]) -> None:
    assert run("--version").out.startswith("ballyhoo 0.")


def test_no_traceback_reaches_a_user_but_with_debug(
    run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    from ballyhoo.core.cli import check

    def fail(*arguments: object, **named: object) -> None:
        raise KeyError("a bug")

    monkeypatch.setattr(check, "check_recipe", fail)
    Path("a.yaml").write_text(RECIPE)
    answer = run("check", "a.yaml")
    assert answer.code == 70
    assert "Traceback" not in answer.err
    assert "Ballyhoo itself failed (KeyError)" in answer.err
    with pytest.raises(KeyError):
        run("--debug", "check", "a.yaml")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full, which is a full disk")
def test_a_full_disk_is_said_and_is_no_bug(run: Callable[..., Any]) -> None:
    answer = run("schema", "--out", "/dev/full")
    assert answer.code == 3
    assert answer.err == (
        "Error: there is no space left on the disk\n  make room, and run it again\n"
    )


@pytest.mark.parametrize(
    "full",
    [
        OSError(errno.ENOSPC, "No space left on device", "a.csv"),
        OSError(errno.EDQUOT, "Disk quota exceeded", "a.csv"),
    ],
)
def test_the_file_that_had_no_room_is_named(
    full: OSError, capsys: pytest.CaptureFixture[str]
) -> None:
    assert report_failure(full) == 3
    assert capsys.readouterr().err.startswith("Error: a.csv: there is no space left on the disk\n")


def test_a_database_that_had_no_room_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    engine = create_engine(f"sqlite:///{tmp_path}/small.db")
    with engine.begin() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 2")
        with pytest.raises(OperationalError) as full:
            connection.exec_driver_sql("CREATE TABLE big AS SELECT zeroblob(1000000) AS many")
    engine.dispose()
    assert report_failure(full.value) == 3
    assert "no space left on the disk" in capsys.readouterr().err


def test_settings_that_are_wrong_stop_a_command_with_2(run: Callable[..., Any]) -> None:
    Path("ballyhoo.toml").write_text("basee_url = 'x'")
    answer = run("plugins")
    assert answer.code == 2
    assert answer.err == (
        "Error: ballyhoo.toml: basee_url: unknown setting; did you mean 'base_url'?\n"
    )
