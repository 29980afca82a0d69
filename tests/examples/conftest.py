from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parents[2] / "examples"
LEFT_OVERS = shutil.ignore_patterns("build", "dist", "*.egg-info", "__pycache__", ".*")


@dataclass(frozen=True)
class Installed:
    """The examples as a user gets them: installed from wheels, away from their sources.

    Attributes:
        wheels: The folder with the wheels.
        site: The folder that they are installed into.
        projects: Copies of the projects without `src`, for their tests and recipes.
    """

    wheels: Path
    site: Path
    projects: Path

    def run(self, *arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
        """Run a Python that sees what is installed."""
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(self.site)},
            capture_output=True,
            text=True,
        )

    def recipe(self, project: str) -> Path:
        """Return the recipe of a project."""
        (path,) = (self.projects / project / "campaigns").iterdir()
        return path


@pytest.fixture(scope="session")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """Build a wheel of each example, and install the wheels into an empty folder."""
    projects, wheels, site = (
        tmp_path_factory.mktemp(name) for name in ("projects", "wheels", "site")
    )
    for project in sorted(EXAMPLES.glob("*/pyproject.toml")):
        folder = project.parent
        shutil.copytree(folder, projects / folder.name, ignore=LEFT_OVERS)
    installed = Installed(wheels, site, projects)
    pip = ("-m", "pip", "--disable-pip-version-check")
    offline = ("--quiet", "--no-deps", "--no-index")
    folders = [str(one) for one in sorted(projects.iterdir())]
    done = installed.run(
        *pip, "wheel", *offline, "--no-build-isolation", "--wheel-dir", str(wheels), *folders,
        folder=projects,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    built = [str(one) for one in sorted(wheels.glob("*.whl"))]
    done = installed.run(*pip, "install", *offline, "--target", str(site), *built, folder=projects)
    assert done.returncode == 0, done.stdout + done.stderr
    for folder in projects.iterdir():
        shutil.rmtree(folder / "src")
    return installed


@pytest.fixture
def importable(installed: Installed, monkeypatch: pytest.MonkeyPatch) -> Installed:
    """Let this process import what is installed, for one test."""
    monkeypatch.syspath_prepend(str(installed.site))
    return installed
