from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
PROJECTS = {"ballyhoo-bestsellers": "bestsellers", "ballyhoo-sms": "sms"}
COMMAND = "from ballyhoo.core.cli import main; import sys; main(sys.argv[1:])"
pytestmark = pytest.mark.installs


def test_every_example_is_looked_at(installed: Any) -> None:
    assert sorted(one.name for one in installed.projects.iterdir()) == sorted(PROJECTS)


@pytest.mark.parametrize("project", PROJECTS)
def test_a_wheel_holds_its_package_and_nothing_else(installed: Any, project: str) -> None:
    package = project.replace("-", "_")
    (wheel,) = installed.wheels.glob(f"{package}-*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {package}
    assert f"{package}/py.typed" in names


@pytest.mark.parametrize("project", PROJECTS)
def test_an_example_passes_its_own_tests(installed: Any, project: str) -> None:
    done = installed.run(
        "-m", "pytest", "-q", "-p", "no:cacheprovider", folder=installed.projects / project
    )
    assert done.returncode == 0, done.stdout + done.stderr
    last = done.stdout.strip().splitlines()[-1]
    assert " passed in " in last
    assert not [word for word in ("skipped", "xfailed", "deselected", "warning") if word in last]


def test_the_examples_pass_mypy() -> None:
    sources = [str(path) for path in EXAMPLES.glob("*/src/*")]
    tests = [str(path) for path in EXAMPLES.glob("*/tests/*.py")]
    paths = [str(EXAMPLES.parent / "src"), *map(str, EXAMPLES.glob("*/src"))]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", *sources, *tests],
        cwd=EXAMPLES.parent,
        env={**os.environ, "MYPYPATH": os.pathsep.join(paths)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(sources) == len(PROJECTS)


def test_the_examples_are_listed_with_their_options_and_settings(installed: Any) -> None:
    done = installed.run("-c", COMMAND, "plugins", "--json", folder=installed.projects)
    listed = {one["name"]: one for one in json.loads(done.stdout)}
    sms, bestsellers = listed["sms"], listed["bestsellers"]
    assert (sms["error"], bestsellers["error"]) == (None, None)
    assert sms["hooks"] == ["render", "deliver", "channel", "register_routes"]
    assert set(sms["settings"]) == {"gateway_url", "key", "webhook_secret", "timeout_seconds"}
    assert bestsellers["hooks"] == ["recommend", "train"]
    assert {"top", "half_life"} < set(bestsellers["options"]["recommend"])


@pytest.mark.parametrize(("project", "plugin"), PROJECTS.items())
def test_a_recipe_is_right_with_the_plugin_and_wrong_without_it(
    installed: Any, tmp_path: Path, project: str, plugin: str
) -> None:
    recipe = str(installed.recipe(project))
    done = installed.run("-c", COMMAND, "check", recipe, folder=tmp_path)
    assert (done.returncode, done.stdout) == (0, f"{recipe}: ok\n")
    alone = type(installed)(installed.wheels, tmp_path, installed.projects)
    done = alone.run("-c", COMMAND, "check", recipe, folder=tmp_path)
    assert done.returncode == 2
    assert f"unknown plugin '{plugin}'" in done.stdout


def test_a_misspelt_option_of_a_plugin_is_found_in_its_line(installed: Any, tmp_path: Path) -> None:
    recipe = tmp_path / "texts.yaml"
    text = installed.recipe("ballyhoo-sms").read_text()
    recipe.write_text(text.replace("max_segments: 1", "max_segment: 1"))
    done = installed.run("-c", COMMAND, "check", "texts.yaml", folder=tmp_path)
    assert done.returncode == 2
    assert done.stdout == (
        "texts.yaml:11:3: deliver: unknown key 'max_segment'; did you mean 'max_segments'?\n"
    )
