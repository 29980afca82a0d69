from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

Run = Callable[..., Any]


def test_a_new_workspace_has_a_recipe_that_is_right(run: Run) -> None:
    answer = run("init", "shop")
    assert answer.code == 0
    assert "campaigns/hello.yaml" in answer.out
    checked = run("--workspace", "shop", "check", "shop/campaigns/hello.yaml")
    assert checked.out == "shop/campaigns/hello.yaml: ok\n"
    tested = run("--workspace", "shop", "test", "shop/campaigns")
    assert (tested.code, tested.out.splitlines()[-1]) == (0, "2 tests passed")
    assert run("--workspace", "shop", "doctor").code == 0
    schema = json.loads(Path("shop/campaigns/recipe.schema.json").read_text())
    assert "list_segment" in json.dumps(schema)
    assert "ballyhoo.local.toml" in Path("shop/.gitignore").read_text().splitlines()


def test_what_is_there_is_never_overwritten(run: Run) -> None:
    Path("shop/campaigns").mkdir(parents=True)
    Path("shop/campaigns/hello.yaml").write_text("mine")
    answer = run("init", "shop")
    assert answer.code == 2
    assert "shop has campaigns/hello.yaml already; nothing was written" in answer.err
    assert [path.name for path in Path("shop").iterdir()] == ["campaigns"]
    assert Path("shop/campaigns/hello.yaml").read_text() == "mine"


def test_a_folder_with_other_files_may_become_a_workspace(run: Run) -> None:
    Path("shop").mkdir()
    Path("shop/notes.txt").write_text("mine")
    assert run("init", "shop").code == 0
    assert Path("shop/notes.txt").read_text() == "mine"


def test_nothing_is_left_when_writing_fails(run: Run) -> None:
    link = Path("shop/campaigns/recipe.schema.json")
    link.parent.mkdir(parents=True)
    link.symlink_to("nowhere")  # it is not there, and yet no file can be made in its place
    answer = run("init", "shop")
    assert answer.code == 2
    assert answer.err == "Error: shop/campaigns/recipe.schema.json: File exists\n"
    assert [*Path("shop").rglob("*")] == [link.parent, link]


def test_a_file_in_the_way_is_said(run: Run) -> None:
    Path("shop").write_text("mine")
    answer = run("init", "shop")
    assert (answer.code, answer.err) == (2, "Error: shop is a file\n  name a folder\n")


def test_the_workspace_is_found_from_a_folder_below(run: Run, monkeypatch: Any) -> None:
    run("init", "shop")
    monkeypatch.chdir(Path("shop/campaigns"))
    assert run("check", "hello.yaml").out == "hello.yaml: ok\n"


def test_a_workspace_that_is_not_there_is_said(run: Run) -> None:
    answer = run("--workspace", "nowhere", "plugins")
    assert answer.code == 2
    assert answer.err.startswith("Error: the workspace nowhere is not a folder")


def test_a_workspace_with_the_sample_shop_has_files_to_import_and_recipes_that_are_right(
    run: Run,
) -> None:
    answer = run("init", "shop", "--demo", "--people", "60")
    assert answer.code == 0
    for line in answer.out.splitlines():
        if line.startswith("  ballyhoo import"):
            kind, file = line.split()[2:]
            imported = run("--workspace", "shop", "import", kind, f"shop/{file}", "--strict")
            assert imported.code == 0
    recipes = [str(path) for path in Path("shop/campaigns").glob("*.yaml")]
    assert len(recipes) >= 14
    assert run("--workspace", "shop", "check", *recipes).code == 0
    assert run("--workspace", "shop", "doctor").code == 0
