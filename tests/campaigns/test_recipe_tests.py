"""The recipes that ship are tested as a user would: by the files of tests beside them."""

from __future__ import annotations

from pathlib import Path

import pytest

from ballyhoo.core.recipe_tests.running import find_test_files, read_suites, run_suites
from ballyhoo.core.workspace import Workspace

ROOT = Path(__file__).parents[2]
RECIPES = sorted(
    path for path in (ROOT / "campaigns").glob("*.yaml") if not path.name.endswith(".test.yaml")
)


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda path: path.name)
def test_the_tests_of_a_recipe_pass(recipe: Path, tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    suites, mistakes = read_suites(workspace, find_test_files([recipe]))
    assert mistakes == []
    results = list(run_suites(workspace, suites))
    assert len(results) >= 3
    assert [f"{one.file}:{one.line}: {one.failures}" for one in results if not one.ok] == []
    assert list(tmp_path.iterdir()) == []
