from __future__ import annotations

import errno
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import ballyhoo.testing
from ballyhoo.core.errors import BallyhooError
from ballyhoo.core.hooks import STAGE_HOOKS
from ballyhoo.core.registry import hook_names
from ballyhoo.core.scaffold import KITS, write_plugin

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def skeletons(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One skeleton for each hook; a short and a long name, since lines depend on it."""
    folder = tmp_path_factory.mktemp("skeletons")
    for hook in KITS:
        write_plugin(f"x-{hook}", hook=hook, folder=folder)
        write_plugin(f"quite-a-long-name-{hook}-for-acme", hook=hook, folder=folder)
    return folder


def run(*arguments: str, **variables: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", *arguments],
        cwd=ROOT,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_every_hook_that_an_author_begins_with_has_a_skeleton_and_a_kit() -> None:
    begun = {*STAGE_HOOKS, "feedback", "register_functions", "register_routes"}
    assert begun <= set(hook_names())
    assert {name.removeprefix("register_") for name in begun} == set(KITS)
    assert all(kit in ballyhoo.testing.__all__ for kit in KITS.values())


def test_paths_of_all_files_are_answered(tmp_path: Path) -> None:
    written = write_plugin("acme-sms", hook="deliver", folder=tmp_path)
    there = {path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file()}
    assert set(written) == there
    assert {str(path) for path in written} == {
        "acme-sms/.gitignore",
        "acme-sms/README.md",
        "acme-sms/campaigns/try-acme-sms.yaml",
        "acme-sms/pyproject.toml",
        "acme-sms/src/acme_sms/__init__.py",
        "acme-sms/src/acme_sms/py.typed",
        "acme-sms/tests/test_acme_sms.py",
    }


def test_project_is_a_plugin_by_its_entry_point(tmp_path: Path) -> None:
    write_plugin("acme-sms", hook="deliver", folder=tmp_path)
    project = tomllib.loads((tmp_path / "acme-sms/pyproject.toml").read_text())["project"]
    assert project["name"] == "acme-sms"
    assert project["entry-points"] == {"ballyhoo": {"acme_sms": "acme_sms"}}
    assert [one.partition(">")[0] for one in project["dependencies"]] == ["ballyhoo"]
    assert [one.partition(">")[0] for one in project["optional-dependencies"]["test"]] == ["pytest"]


@pytest.mark.parametrize("kind", ["folder", "file", "dangling link"])
def test_what_is_there_already_stays_as_it_is(tmp_path: Path, kind: str) -> None:
    place = tmp_path / "acme"
    if kind == "folder":
        place.mkdir()
    elif kind == "file":
        place.touch()
    else:
        place.symlink_to(tmp_path / "nowhere")
    with pytest.raises(BallyhooError, match="is there already; nothing was written"):
        write_plugin("acme", hook="segment", folder=tmp_path)
    assert list(tmp_path.iterdir()) == [place]
    assert kind != "folder" or not list(place.iterdir())


def test_nothing_is_left_when_writing_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_text = Path.write_text

    def fill_up(self: Path, text: str, encoding: str) -> int:
        if self.suffix == ".yaml":
            raise OSError(errno.ENOSPC, "No space left on device")
        return write_text(self, text, encoding=encoding)

    monkeypatch.setattr(Path, "write_text", fill_up)
    with pytest.raises(OSError, match="No space"):
        write_plugin("acme", hook="segment", folder=tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_skeletons_are_held_to_our_own_rules(skeletons: Path) -> None:
    ours = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["ruff"]
    for path in skeletons.glob("*/pyproject.toml"):
        theirs = tomllib.loads(path.read_text())["tool"]["ruff"]
        assert theirs["line-length"] == ours["line-length"]
        assert theirs["lint"]["select"] == ours["lint"]["select"]
        assert set(theirs["lint"]["ignore"]) <= set(ours["lint"]["ignore"])


def test_skeletons_pass_ruff(skeletons: Path) -> None:
    run("ruff", "check", "--no-cache", str(skeletons))
    run("ruff", "format", "--check", "--no-cache", str(skeletons))


def test_skeletons_pass_mypy(skeletons: Path) -> None:
    files = map(str, [*skeletons.glob("x-*/src/*/*.py"), *skeletons.glob("x-*/tests/*.py")])
    paths = os.pathsep.join(map(str, [ROOT / "src", *skeletons.glob("x-*/src")]))
    out = run("mypy", "--strict", "--warn-unreachable", *files, MYPYPATH=paths)
    assert f"no issues found in {2 * len(KITS)} source files" in out
