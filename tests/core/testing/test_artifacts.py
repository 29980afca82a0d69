"""Artifacts are published whole, newest first, or not at all."""

from __future__ import annotations

import pytest

from ballyhoo import EnvironmentMissing
from ballyhoo.testing import FakeArtifacts


@pytest.fixture
def artifacts(tmp_path):
    return FakeArtifacts(tmp_path / "artifacts")


def write(artifacts, text):
    with artifacts.write() as folder:
        (folder / "model").write_text(text)


def test_nothing_trained_says_what_to_do(artifacts):
    with pytest.raises(EnvironmentMissing, match="nothing was trained yet") as raised:
        artifacts.read()
    assert raised.value.hint == "train it first: ballyhoo train RECIPE"


def test_artifact_is_read_as_it_was_written(artifacts):
    write(artifacts, "one")
    assert (artifacts.read() / "model").read_text() == "one"


def test_newest_artifact_is_read_and_older_ones_stay(artifacts):
    for number in range(12):
        older = artifacts.read() if number else None
        write(artifacts, str(number))
        assert (artifacts.read() / "model").read_text() == str(number)
        assert older is None or (older / "model").read_text() == str(number - 1)


def test_folder_to_fill_is_empty_and_not_yet_readable(artifacts):
    write(artifacts, "old")
    with artifacts.write() as folder:
        assert list(folder.iterdir()) == []
        (folder / "model").write_text("new")
        assert (artifacts.read() / "model").read_text() == "old"
    assert (artifacts.read() / "model").read_text() == "new"


def test_error_publishes_nothing_and_leaves_no_trace(artifacts):
    def fail_half_way():
        with artifacts.write() as folder:
            (folder / "model").write_text("half a")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    with pytest.raises(EnvironmentMissing):
        artifacts.read()
    assert list(artifacts.folder.iterdir()) == []


def test_two_who_write_at_the_same_time_both_publish(artifacts):
    with artifacts.write() as one, artifacts.write() as two:
        (one / "model").write_text("one")
        (two / "model").write_text("two")
    assert len(list(artifacts.folder.iterdir())) == 2
    assert (artifacts.read() / "model").read_text() == "one"


def test_number_that_somebody_else_took_is_passed_over(artifacts, monkeypatch):
    write(artifacts, "one")
    monkeypatch.setattr(artifacts, "_numbers", list)
    write(artifacts, "two")
    monkeypatch.undo()
    assert (artifacts.read() / "model").read_text() == "two"
