"""What was trained is found by whoever has the same plugin and options, whole or not at all."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from threading import Barrier, Event

import pytest

from ballyhoo import EnvironmentMissing, Options
from ballyhoo.core.artifact_manifest import MANIFEST
from ballyhoo.core.artifact_place import DAYS_OF_DRAFTS, FolderPlace
from ballyhoo.core.artifacts import KeptArtifacts, choose_artifact_place

MONDAY = datetime(2026, 6, 1, 8, 30, tzinfo=UTC)


class Ranking(Options):
    top: int = 3


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "artifacts"


def open_artifacts(place: Path, **other: object) -> KeptArtifacts:
    given = {
        "plugin": "ranker", "version": "1.2", "options": Ranking(), "stage": "recommend",
        "data_time": MONDAY,
    }  # fmt: skip
    return KeptArtifacts(place, **{**given, **other})  # type: ignore[arg-type]


def write(artifacts: KeptArtifacts, text: str) -> None:
    with artifacts.write() as folder:
        (folder / "deep").mkdir()
        (folder / "deep/model").write_text(text)


def read(artifacts: KeptArtifacts) -> str:
    return (artifacts.read() / "deep/model").read_text()


def test_nothing_trained_says_what_to_do(place: Path) -> None:
    artifacts = open_artifacts(place)
    assert not artifacts.has_artifact()
    with pytest.raises(
        EnvironmentMissing, match="nothing was trained yet for recommend by"
    ) as said:
        artifacts.read()
    assert said.value.hint == "train it first: ballyhoo train RECIPE"
    assert not place.exists()


def test_artifact_is_read_as_it_was_written_by_another_object(place: Path) -> None:
    write(open_artifacts(place), "one")
    artifacts = open_artifacts(place, data_time=MONDAY + timedelta(days=9))
    assert artifacts.has_artifact()
    assert read(artifacts) == "one"


@pytest.mark.parametrize(
    "other",
    [
        {"plugin": "ranker2"},
        {"version": "1.3"},
        {"version": ""},
        {"options": Ranking(top=4)},
        {"options": None},
        {"stage": "generate"},
    ],
)
def test_another_plugin_version_option_or_stage_has_its_own(
    place: Path, other: dict[str, object]
) -> None:
    write(open_artifacts(place), "one")
    assert not open_artifacts(place, **other).has_artifact()
    write(open_artifacts(place, **other), "two")
    assert read(open_artifacts(place)) == "one"
    assert read(open_artifacts(place, **other)) == "two"


def test_what_does_not_fit_is_told_from_what_is_not_there(place: Path) -> None:
    write(open_artifacts(place), "one")
    with pytest.raises(EnvironmentMissing) as said:
        open_artifacts(place, version="1.3").read()
    assert said.value.hint == (
        "what was trained before is for another version or other options; "
        "train it first: ballyhoo train RECIPE"
    )


def test_newest_data_is_read_whatever_was_written_last(place: Path) -> None:
    write(open_artifacts(place, data_time=datetime(999, 1, 1, tzinfo=UTC)), "of long ago")
    assert read(open_artifacts(place)) == "of long ago"
    write(open_artifacts(place, data_time=MONDAY), "of monday")
    write(open_artifacts(place, data_time=MONDAY - timedelta(days=1)), "of sunday")
    assert read(open_artifacts(place)) == "of monday"
    an_hour_later = datetime(2026, 6, 1, 4, 30, tzinfo=timezone(timedelta(hours=-5)))
    write(open_artifacts(place, data_time=an_hour_later), "of an hour later")
    assert read(open_artifacts(place)) == "of an hour later"


def test_of_the_same_data_the_last_one_is_read_and_the_others_stay(place: Path) -> None:
    artifacts = open_artifacts(place)
    for number in range(12):
        older = artifacts.read() if number else None
        write(artifacts, str(number))
        assert read(artifacts) == str(number)
        assert older is None or (older / "deep/model").read_text() == str(number - 1)


def test_half_an_artifact_is_not_seen(place: Path) -> None:
    artifacts = open_artifacts(place)
    with artifacts.write() as folder:
        assert list(folder.iterdir()) == []
        (folder / "model").write_text("half")
        assert not artifacts.has_artifact()
        with pytest.raises(EnvironmentMissing):
            open_artifacts(place).read()
    assert artifacts.has_artifact()


def test_error_publishes_nothing_and_leaves_no_trace(place: Path) -> None:
    artifacts = open_artifacts(place)

    def fail_half_way() -> None:
        with artifacts.write() as folder:
            (folder / "model").write_text("half a")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    assert not artifacts.has_artifact()
    assert list((place / artifacts.key).iterdir()) == []


def test_process_that_is_killed_while_it_writes_publishes_nothing(place: Path) -> None:
    code = """
        import os, signal, sys
        from datetime import UTC, datetime
        from pathlib import Path
        from ballyhoo.core.artifacts import KeptArtifacts

        artifacts = KeptArtifacts(
            Path(sys.argv[1]), plugin="ranker", version="1.2", options=None, stage="recommend",
            data_time=datetime(2026, 6, 1, tzinfo=UTC),
        )
        with artifacts.write() as folder:
            (folder / "model").write_text("half a")
            os.kill(os.getpid(), signal.SIGKILL)
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code), str(place)], check=False)
    assert done.returncode == -9
    artifacts = open_artifacts(place, options=None)
    assert not artifacts.has_artifact()
    (left,) = (place / artifacts.key).iterdir()
    write(artifacts, "whole")
    assert read(artifacts) == "whole"
    assert left.exists()  # it could be somebody who is still at it
    long_ago = time.time() - (DAYS_OF_DRAFTS + 1) * 86_400
    os.utime(left, (long_ago, long_ago))
    write(artifacts, "again")
    assert not left.exists()


def test_several_who_write_at_the_same_time_all_publish(place: Path) -> None:
    barrier = Barrier(6)

    def work(number: int) -> None:
        with open_artifacts(place).write() as folder:
            (folder / "model").write_text(str(number))
            barrier.wait(timeout=30)

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(work, range(6)))
    published = list((place / open_artifacts(place).key).iterdir())
    assert sorted((one / "model").read_text() for one in published) == list("012345")


def test_reader_sees_whole_artifacts_while_others_write(place: Path) -> None:
    parts = [f"part {number}" for number in range(8)]
    is_over = Event()

    def keep_reading() -> int:
        seen = 0
        while not (is_over.is_set() and seen):
            if open_artifacts(place).has_artifact():
                there = sorted(one.name for one in open_artifacts(place).read().iterdir())
                assert there == [MANIFEST, *parts]
                seen += 1
        return seen

    with ThreadPoolExecutor(2) as pool:
        reading = [pool.submit(keep_reading) for _ in range(2)]
        try:
            for _ in range(10):
                with open_artifacts(place).write() as folder:
                    for name in parts:
                        (folder / name).write_text(name)
        finally:
            is_over.set()
        assert all(one.result() > 0 for one in reading)


def test_names_of_plugins_and_versions_stay_inside_of_the_place(place: Path) -> None:
    for name, version in (("../../up", "1"), ("a", "../../../.."), ("a", ".."), ("a", "1.0+l/x")):
        artifacts = open_artifacts(place, plugin=name, version=version)
        write(artifacts, "inside")
        assert artifacts.read().resolve().is_relative_to(place.resolve())


def test_artifact_can_be_read_by_whom_the_folder_lets_in(place: Path) -> None:
    write(open_artifacts(place), "one")
    (place / "probe").mkdir()
    assert open_artifacts(place).read().stat().st_mode == (place / "probe").stat().st_mode


def test_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "artifacts").write_text("a file")
    with (
        pytest.raises(EnvironmentMissing, match="cannot be written: Not a directory") as said,
        open_artifacts(tmp_path / "artifacts").write(),
    ):
        pass
    assert "artifact_place" in (said.value.hint or "")


def test_time_without_a_zone_is_refused(place: Path) -> None:
    with pytest.raises(ValueError, match="has no time zone"):
        open_artifacts(place, data_time=datetime(2026, 6, 1))


def test_place_is_in_the_workspace_unless_it_is_set(tmp_path: Path) -> None:
    def choose(setting: str) -> Path:
        place = choose_artifact_place(setting, tmp_path)
        assert isinstance(place, FolderPlace)
        return place.root

    assert choose("") == tmp_path / ".ballyhoo/artifacts"
    assert choose("shared/models") == tmp_path / "shared/models"
    assert choose("/srv/ballyhoo") == choose("file:///srv/ballyhoo") == Path("/srv/ballyhoo")
    assert choose("~/models") == Path.home() / "models"
