from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from . import programs
from .programs import FULL_TESTS, PACKAGES, find_program

ROOT = Path(__file__).parent.parent


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine with one empty folder of programs."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(programs, "PLACES", ())
    monkeypatch.delenv(FULL_TESTS, raising=False)
    return tmp_path


def put_program(folder: Path, name: str) -> Path:
    path = folder / name
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize("name", ["chromium", "google-chrome"])
def test_a_program_is_found_by_each_of_its_names(bare: Path, name: str) -> None:
    path = put_program(bare, name)
    assert find_program("chromium") == str(path)


def test_a_program_is_found_where_daemons_are(
    bare: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "sbin"
    place.mkdir()
    path = put_program(place, "smtp-sink")
    monkeypatch.setattr(programs, "PLACES", (str(place),))
    assert find_program("smtp-sink") == str(path)


def test_a_test_without_its_program_is_not_run_and_says_which(bare: Path) -> None:
    with pytest.raises(pytest.skip.Exception, match="no chromium: install the package chromium"):
        find_program("chromium")


def test_a_test_without_its_program_fails_where_all_must_be_there(
    bare: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(FULL_TESTS, "1")
    with pytest.raises(pytest.fail.Exception, match="no smtp-sink: install the package postfix"):
        find_program("smtp-sink")


def test_make_installs_what_is_lacking_and_says_that_all_must_be_there() -> None:
    done = subprocess.run(
        ["make", "--dry-run", "test-full"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert f"{FULL_TESTS}=1" in done.stdout
    for program, package in PACKAGES.items():
        assert program == "smtp-source" or program in done.stdout
        assert package in done.stdout
