"""What the commands say where there is no ballyhoo.toml."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]
RECIPE = """\
campaign: spring
segment: {where: orders > 1}
deliver: {plugin: outbox, fields: {subject: Hello, body: Come and look.}}
"""


@pytest.mark.parametrize(
    "command",
    [
        "segment r.yaml",
        "import customers c.csv",
        "schema",
        "customer show C-1",
        "customer export C-1",
        "customer erase C-1 --yes",
        "db status",
        "db upgrade",
        "prune",
    ],
)
def test_a_command_that_needs_a_workspace_says_so_and_makes_none(run: Run, command: str) -> None:
    Path("r.yaml").write_text(RECIPE)
    Path("c.csv").write_text("id,email\nC-1,ada@customers.example\n")
    answer = run(*command.split())
    assert answer.code == 3
    assert answer.out == ""
    assert answer.err == (
        f"Error: {Path.cwd()} is in no workspace: there is no ballyhoo.toml\n"
        "  go into one, name it by --workspace DIR, or let 'ballyhoo init DIR' make it\n"
    )
    assert sorted(path.name for path in Path().iterdir()) == ["c.csv", "r.yaml"]


def test_a_folder_that_is_named_is_no_workspace_either(run: Run) -> None:
    Path("shop").mkdir()
    answer = run("--workspace", "shop", "prune")
    assert answer.code == 3
    assert f"{Path.cwd() / 'shop'} is in no workspace" in answer.err


@pytest.mark.parametrize(
    "command", ["check r.yaml", "plugins", "schema --json", "schema --out s.json"]
)
def test_a_command_that_needs_none_works(run: Run, command: str) -> None:
    Path("r.yaml").write_text(RECIPE)
    assert run(*command.split()).code == 0


def test_a_database_that_is_named_needs_none(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BALLYHOO_DATABASE_URL", f"sqlite:///{Path.cwd()}/shop.db")
    assert run("db", "upgrade").code == 0
    Path("r.yaml").write_text(RECIPE)
    assert run("segment", "r.yaml").out.startswith("spring: 0 customers of 0\n")
