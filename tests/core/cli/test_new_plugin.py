from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from ballyhoo import Customer, tables
from ballyhoo.core.campaign import load_campaign
from ballyhoo.core.cli import main
from ballyhoo.core.plugin_loading import load_plugins
from ballyhoo.core.scaffold import KITS
from ballyhoo.core.store.engine import open_store
from ballyhoo.testing import (
    SAMPLE_NOW,
    FakeStore,
    SimulatedClock,
    rehearse,
    sample_customers,
    sample_events,
    sample_products,
)

Run = Callable[..., Any]
FEWEST_TESTS = 5


def test_it_says_what_it_made_and_what_to_type_next(run: Run) -> None:
    answer = run("new-plugin", "acme-tips", "--hook", "segment", "--out", "plugins here")
    assert answer.code == 0
    assert "  plugins here/acme-tips/src/acme_tips/__init__.py\n" in answer.out
    assert answer.out.endswith(
        "Next:\n"
        "  pip install -e './plugins here/acme-tips[test]'\n"
        "  pytest 'plugins here/acme-tips'\n"
        "  ballyhoo check 'plugins here/acme-tips/campaigns/try-acme-tips.yaml'\n"
    )
    assert Path("plugins here/acme-tips/src/acme_tips/__init__.py").is_file()


def test_a_recommender_is_made_here_when_nothing_else_is_said(run: Run) -> None:
    assert run("new-plugin", "acme-tips").code == 0
    assert "def recommend(" in Path("acme-tips/src/acme_tips/__init__.py").read_text()


def test_an_existing_folder_is_refused_with_what_to_do(run: Run) -> None:
    Path("acme").mkdir()
    answer = run("new-plugin", "acme")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err == (
        "Error: acme is there already; nothing was written\n"
        "  choose another name, or name another folder by --out\n"
    )


@pytest.mark.parametrize("arguments", [["json"], ["Acme"], ["acme", "--hook", "deliverr"], []])
def test_bad_input_is_exit_code_2_and_writes_nothing(run: Run, arguments: list[str]) -> None:
    assert run("new-plugin", *arguments).code == 2
    assert list(Path().iterdir()) == []


@dataclass(frozen=True)
class Installed:
    """All skeletons in one folder, and that folder on the path of whatever is run."""

    projects: Path
    site: Path

    def run(self, *arguments: str, folder: Path | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", *arguments],
            cwd=folder or self.projects,
            env={**os.environ, "PYTHONPATH": str(self.site)},
            capture_output=True,
            text=True,
        )


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Write a skeleton for each hook, and install all of them by one pip."""
    projects, site = (tmp_path_factory.mktemp(name) for name in ("projects", "site"))
    for hook in KITS:
        with pytest.raises(SystemExit) as stop:
            main(["new-plugin", f"acme-{hook}", "--hook", hook, "--out", str(projects)])
        assert stop.value.code == 0
    installed = Installed(projects, site)
    done = installed.run(
        "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--no-index",
        "--disable-pip-version-check", "--target", str(site), *map(str, projects.iterdir()),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return installed


@pytest.fixture(scope="module")
def tested(installed: Installed, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[str]]:
    """How each test of each skeleton ended, by the skeleton's hook; all of them in one pytest."""
    report = tmp_path_factory.mktemp("report") / "report.xml"
    config = installed.projects / "acme-recommend" / "pyproject.toml"
    done = installed.run(
        "pytest", "-q", "-c", str(config), "--rootdir", str(installed.projects),
        "-p", "no:cacheprovider", "--junitxml", str(report),
        *(f"acme-{hook}/tests" for hook in KITS),
    )  # fmt: skip
    assert report.exists(), done.stdout + done.stderr
    ended: dict[str, list[str]] = {hook: [] for hook in KITS}
    for case in ElementTree.parse(report).iter("testcase"):
        hook = case.attrib["classname"].split(".")[0].removeprefix("acme-")
        ended[hook] += [f"{case.attrib['name']}: {one.tag}: {one.text}" for one in case] or ["ok"]
    return ended


@pytest.mark.installs
@pytest.mark.parametrize("hook", KITS)
def test_a_skeleton_passes_its_own_tests(tested: dict[str, list[str]], hook: str) -> None:
    assert len(tested[hook]) > FEWEST_TESTS
    assert [ended for ended in tested[hook] if ended != "ok"] == []


@pytest.mark.installs
def test_the_next_command_that_it_prints_runs_the_tests(installed: Installed) -> None:
    done = installed.run("pytest", "acme-recommend")
    assert done.returncode == 0, done.stdout
    assert "rootdir: " + str(installed.projects / "acme-recommend") in done.stdout
    assert "skipped" not in done.stdout


@pytest.mark.installs
def test_every_skeleton_is_an_installed_plugin(installed: Installed) -> None:
    listed = {one["name"]: one for one in json.loads(ballyhoo(installed, "plugins", "--json"))}
    for hook in KITS:
        record = listed[f"acme_{hook}"]
        assert record["error"] is None
        assert (record["origin"], record["version"]) == (f"acme-{hook}", "0.1.0")
        assert {hook, f"register_{hook}"} & set(record["hooks"])


@pytest.mark.installs
@pytest.mark.parametrize("hook", KITS)
def test_a_skeleton_can_be_named_in_its_recipe(installed: Installed, hook: str) -> None:
    recipe = f"acme-{hook}/campaigns/try-acme-{hook}.yaml"
    assert ballyhoo(installed, "check", recipe) == f"{recipe}: ok\n"
    is_named = f"acme_{hook}" in (installed.projects / recipe).read_text()
    assert is_named == (hook not in ("feedback", "functions", "routes"))


@pytest.mark.installs
@pytest.mark.parametrize("hook", [hook for hook in KITS if hook != "respond"])
def test_the_recipe_of_a_skeleton_sends_messages(
    installed: Installed, hook: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(installed.site))
    registry = load_plugins(folder=tmp_path)
    recipe = installed.projects / f"acme-{hook}" / "campaigns" / f"try-acme-{hook}.yaml"
    customers = sample_customers(10)
    store = FakeStore(customers, sample_products(), sample_events(), keys={"C-1": 1, "C-2": 2})
    if hook == "functions":  # it is about a database
        fill_database(tmp_path, customers)
    played = rehearse(
        load_campaign(recipe, registry=registry, workspace=tmp_path),
        registry=registry,
        store=None if hook == "functions" else store,
        people={one.id: {"email": f"reader-{one.id}@example.com"} for one in customers},
        workspace=tmp_path,
        clock=SimulatedClock(SAMPLE_NOW),
    )
    wanted = [one.id for one in customers if one.country in ("DE", "AT")]
    assert sorted(played.states) == (wanted if hook in ("segment", "functions") else [1, 2])
    assert set(played.states.values()) == {"sent"}
    assert (played.skipped, played.breaches) == ({}, [])
    assert all(bool(one.products) == (hook == "recommend") for one in played.messages.values())


def fill_database(workspace: Path, customers: list[Customer]) -> None:
    """Make a workspace whose database has these customers in it."""
    (workspace / "ballyhoo.toml").write_text("")
    with open_store(f"sqlite:///{workspace}/ballyhoo.db", create=True) as store:
        rows = [{"id": one.id, "country": one.country} for one in customers]
        with store.begin() as connection:
            connection.execute(tables.customers.insert(), rows)


def ballyhoo(installed: Installed, *arguments: str) -> str:
    code = f"from ballyhoo.core.cli import main; main({arguments!r})"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=installed.projects,
        env={**os.environ, "PYTHONPATH": str(installed.site)},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return done.stdout
