"""Artifacts at a URL: published whole, copied to each machine, refused when they are not whole."""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import fsspec
import pytest

from ballyhoo import ArtifactRefused, EnvironmentMissing
from ballyhoo.core.artifact_manifest import MANIFEST
from ballyhoo.core.artifact_place import DAYS_OF_DRAFTS
from ballyhoo.core.artifact_url import UrlPlace
from ballyhoo.core.artifacts import KeptArtifacts, choose_artifact_place

MONDAY = datetime(2026, 6, 1, 8, 30, tzinfo=UTC)


@pytest.fixture
def url() -> Iterator[str]:
    name = secrets.token_hex(4)
    yield f"memory://{name}/models"
    fsspec.filesystem("memory").rm(f"/{name}", recursive=True)


def open_on(machine: Path, url: str, **other: object) -> KeptArtifacts:
    place = choose_artifact_place(url, machine)
    assert isinstance(place, UrlPlace)
    given = {
        "plugin": "ranker", "version": "1.2", "options": None, "stage": "recommend",
        "data_time": MONDAY,
    }  # fmt: skip
    return KeptArtifacts(place, **{**given, **other})  # type: ignore[arg-type]


def write(artifacts: KeptArtifacts, text: str) -> None:
    with artifacts.write() as folder:
        (folder / "deep").mkdir()
        (folder / "deep/model").write_text(text)
        (folder / "note").write_text("beside it")


def list_remote(url: str) -> list[str]:
    system, root = fsspec.core.url_to_fs(url)
    return sorted(str(path) for path in system.find(root))


def test_another_machine_reads_what_one_has_written(tmp_path: Path, url: str) -> None:
    write(open_on(tmp_path / "one", url), "first")
    other = open_on(tmp_path / "two", url)
    assert other.has_artifact()
    folder = other.read()
    assert folder.is_relative_to(tmp_path / "two")
    assert (folder / "deep/model").read_text() == "first"
    assert (folder / "note").read_text() == "beside it"
    write(open_on(tmp_path / "two", url), "second")
    assert (open_on(tmp_path / "one", url).read() / "deep/model").read_text() == "second"


def test_copy_is_made_once_and_cannot_be_written(tmp_path: Path, url: str) -> None:
    write(open_on(tmp_path / "one", url), "first")
    folder = open_on(tmp_path / "two", url).read()
    assert open_on(tmp_path / "two", url).read() == folder
    modes = {path.stat().st_mode & 0o222 for path in folder.rglob("*") if path.is_file()}
    assert modes == {0}


def test_what_is_not_yet_whole_is_not_there(tmp_path: Path, url: str) -> None:
    one = open_on(tmp_path / "one", url)
    write(one, "first")
    system, root = fsspec.core.url_to_fs(url)
    name = one.find_newest()
    system.rm(f"{root}/{one.key}/{name}/{MANIFEST}")
    other = open_on(tmp_path / "two", url)
    assert not other.has_artifact()
    with pytest.raises(EnvironmentMissing, match="nothing was trained yet"):
        other.read()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (b"firs", "another length than when it was written"),
        (b"fir5t", "another content than when it was written"),
        (None, "the file deep/model is missing"),
    ],
)
def test_what_was_altered_at_the_url_is_refused(
    tmp_path: Path, url: str, change: bytes | None, said: str
) -> None:
    one = open_on(tmp_path / "one", url)
    write(one, "first")
    system, root = fsspec.core.url_to_fs(url)
    path = f"{root}/{one.key}/{one.find_newest()}/deep/model"
    if change is None:
        system.rm(path)
    else:
        system.pipe_file(path, change)
    other = open_on(tmp_path / "two", url)
    with pytest.raises(ArtifactRefused, match=said):
        other.read()
    problem = other.find_problem()
    assert problem is not None
    assert said in problem
    assert other.find_problem() == "nothing was trained yet"  # it was taken away
    assert not open_on(tmp_path / "three", url).has_artifact()


def test_run_reads_its_own_though_newer_ones_are_there(tmp_path: Path, url: str) -> None:
    one = open_on(tmp_path / "one", url)
    write(one, "first")
    pinned = one.find_newest()
    write(open_on(tmp_path / "one", url, data_time=MONDAY + timedelta(days=1)), "second")
    other = open_on(tmp_path / "two", url, pinned=pinned)
    assert (other.read() / "deep/model").read_text() == "first"
    assert (open_on(tmp_path / "two", url).read() / "deep/model").read_text() == "second"


def test_copies_of_what_is_gone_at_the_url_go_too(tmp_path: Path, url: str) -> None:
    one = open_on(tmp_path / "one", url)
    write(one, "first")
    two = open_on(tmp_path / "two", url)
    old = two.read()
    name = one.find_newest()
    assert name is not None
    one.place.remove(one.key, name)
    write(open_on(tmp_path / "one", url), "second")
    assert (two.read() / "deep/model").read_text() == "second"
    assert not old.exists()


def test_what_was_half_copied_long_ago_is_removed(
    tmp_path: Path, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = open_on(tmp_path / "one", url)
    write(one, "first")
    system, root = fsspec.core.url_to_fs(url)
    system.rm(f"{root}/{one.key}/{one.find_newest()}/{MANIFEST}")
    write(one, "second")
    assert len(list_remote(url)) == 5  # it could be somebody who is still at it
    now = time.time_ns()
    later = now + (DAYS_OF_DRAFTS + 1) * 86_400 * 10**9
    monkeypatch.setattr("ballyhoo.core.artifact_url.time.time_ns", lambda: later)
    write(one, "third")
    assert (one.read() / "deep/model").read_text() == "third"
    assert len(list_remote(url)) == 6


def test_failure_publishes_nothing(tmp_path: Path, url: str) -> None:
    def fail_half_way() -> None:
        with open_on(tmp_path / "one", url).write() as folder:
            (folder / "model").write_text("half")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    assert not open_on(tmp_path / "one", url).has_artifact()
    assert list(tmp_path.rglob("model")) == []
    write(open_on(tmp_path / "one", url), "whole")


def test_url_that_nothing_can_open_is_said_without_the_url(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentMissing, match="the artifact_place nowhere://") as said:
        choose_artifact_place("nowhere://user:secret@host/models", tmp_path)
    assert "secret" not in str(said.value)
    assert "artifact_place in ballyhoo.toml" in (said.value.hint or "")


def test_damage_in_a_folder_is_found_after_it_was_read(tmp_path: Path) -> None:
    artifacts = KeptArtifacts(
        tmp_path, plugin="ranker", version="1", options=None, stage="recommend", data_time=MONDAY
    )
    write(artifacts, "first")
    path = artifacts.read() / "deep/model"
    path.chmod(0o644)
    path.write_text("fir5t")
    os.utime(path, (1, 1))
    with pytest.raises(ArtifactRefused, match="deep/model has another content"):
        artifacts.read()
    (path.parent / "more").write_text("x")
    with pytest.raises(ArtifactRefused, match="the file deep/more was added"):
        artifacts.read()
    (path.parent.parent / MANIFEST).chmod(0o644)
    (path.parent.parent / MANIFEST).write_text("{")
    with pytest.raises(ArtifactRefused, match=r"has no ballyhoo-manifest\.json that can be read"):
        artifacts.read()


def test_name_at_the_url_that_leads_out_of_the_folder_is_refused(tmp_path: Path, url: str) -> None:
    one = open_on(tmp_path / "one", url)
    write(one, "first")
    system, root = fsspec.core.url_to_fs(url)
    name = one.find_newest()
    assert name is not None
    system.store[f"{root}/{one.key}/{name}/../../../out"] = system.open(
        f"{root}/{one.key}/{name}/note"
    )
    with pytest.raises(EnvironmentMissing, match="cannot be read: OSError"):
        open_on(tmp_path / "two", url).read()
    assert list(tmp_path.rglob("out")) == []
