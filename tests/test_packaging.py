"""The package as others get it: wheel, sdist and editable install."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LEFT_OVERS = shutil.ignore_patterns(".*", "*.egg-info", "__pycache__")
pytestmark = pytest.mark.installs


def python(
    *arguments: str, folder: Path, path: Path | None = None
) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(path) if path else "", "PYTHONSAFEPATH": "1"}
    return subprocess.run(
        [sys.executable, *arguments], cwd=folder, env=environment, capture_output=True, text=True
    )


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the sdist, and the wheel from the sdist, as an index would get them.

    From a copy: a build looks at every file, and others come and go here meanwhile.
    """
    folder = tmp_path_factory.mktemp("dist")
    tree = tmp_path_factory.mktemp("tree") / "ballyhoo"
    shutil.copytree(ROOT, tree, symlinks=True, ignore=LEFT_OVERS)
    done = python(
        "-m", "build", "--no-isolation", "--outdir", str(folder), str(tree), folder=folder
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="module")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Install the wheel into an empty folder."""
    folder = tmp_path_factory.mktemp("site")
    wheel = next(built.glob("*.whl"))
    done = python(
        "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(folder), str(wheel),
        folder=folder,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folder


def test_the_wheel_holds_the_package_and_nothing_at_the_top(built: Path) -> None:
    names = zipfile.ZipFile(next(built.glob("*.whl"))).namelist()
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"ballyhoo"}
    assert "ballyhoo/py.typed" in names
    assert "ballyhoo/core/hooks.py" in names
    assert "ballyhoo/plugins/outbox/__init__.py" in names
    assert "ballyhoo/core/starter/hello.yaml" in names
    assert "ballyhoo/core/starter/hello.test.yaml" in names
    assert "ballyhoo/campaigns/two-subjects.test.yaml" in names
    assert "ballyhoo/core/starter/letter.txt.j2" in names
    assert "ballyhoo/core/starter/sample_shop/articles.yaml" in names
    assert "ballyhoo/core/starter/sample_shop/ballyhoo.toml.j2" in names
    assert "ballyhoo/campaigns/win-back.yaml" in names
    assert "ballyhoo/core/scaffold/templates/deliver/plugin.py.j2" in names
    for name in ("model.safetensors", "tokenizer.json", "README.md"):
        assert f"ballyhoo/plugins/llm_copy/demo_model/{name}" in names
    assert not [name for name in names if "/tests/" in name]
    assert len(names) == len(set(names))


def test_the_sdist_holds_each_file_once(built: Path) -> None:
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        names = archive.getnames()
    assert len([name for name in names if name.endswith("core/hooks.py")]) == 1
    assert any(name.endswith("/LICENSE") for name in names)


def test_the_installed_package_works_without_the_repository(
    installed: Path, tmp_path: Path
) -> None:
    where = python(
        "-c", "import ballyhoo; print(ballyhoo.__file__)", folder=tmp_path, path=installed
    )
    assert Path(where.stdout.strip()).is_relative_to(installed)
    run = "from ballyhoo.core.cli import main; import sys; main(sys.argv[1:])"
    made = python("-c", run, "init", "shop", folder=tmp_path, path=installed)
    assert made.returncode == 0, made.stderr
    checked = python(
        "-c", run, "check", "campaigns/hello.yaml", folder=tmp_path / "shop", path=installed
    )
    assert checked.stdout == "campaigns/hello.yaml: ok\n", checked.stderr


@pytest.mark.parametrize("name", ["core", "plugins", "workers", "campaigns"])
def test_no_folder_of_the_root_becomes_a_package_of_its_own(
    installed: Path, tmp_path: Path, name: str
) -> None:
    for path in (installed, None):  # the wheel, and the editable install that runs the tests
        done = python("-c", f"import {name}", folder=tmp_path, path=path)
        assert f"No module named '{name}'" in done.stderr
