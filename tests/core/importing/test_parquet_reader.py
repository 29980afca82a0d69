from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ballyhoo.core.errors import DataError, EnvironmentMissing
from ballyhoo.core.importing.parquet_reader import ParquetSource


@pytest.fixture
def write_parquet(tmp_path: Path) -> Any:
    """Write columns as Parquet and return the path."""
    pyarrow = pytest.importorskip("pyarrow")
    parquet = pytest.importorskip("pyarrow.parquet")

    def write(**columns: list[Any]) -> Path:
        path = tmp_path / "file.parquet"
        parquet.write_table(pyarrow.table(columns), path, row_group_size=2)
        return path

    return write


def test_rows_and_columns_over_several_row_groups(write_parquet: Any) -> None:
    source = ParquetSource(write_parquet(a=[1, 2, 3], b=["x", None, "z"]))
    assert source.header == ("a", "b")
    chunks = list(source.chunks())
    assert [list(chunk.row(at)) for chunk in chunks for at in range(len(chunk))] == [
        [1, "x"], [2, None], [3, "z"],
    ]  # fmt: skip
    assert [line for chunk in chunks for line in chunk.lines] == [1, 2, 3]
    assert [value for chunk in chunks for value in chunk.column("nothing")] == [None] * 3


def test_times_and_floats_of_parquet_are_imported(
    importing: Any, write_parquet: Any, counted: Any
) -> None:
    moments = [datetime(2026, 1, 1, 12, tzinfo=UTC), None]
    path = write_parquet(
        id=["e1", "e2"], type=["view", "view"], at=moments, value=[4.5, float("nan")]
    )
    report = importing("events", path)
    assert counted(report) == (2, 1, 0, 0, 1)
    assert importing.query("SELECT at, value FROM events") == [(1767268800000, 450)]


def test_without_pyarrow_the_way_out_is_said(
    write_parquet: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_parquet(a=[1])
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(EnvironmentMissing, match="pyarrow is not installed") as caught:
        ParquetSource(path)
    assert "ballyhoo[parquet]" in str(caught.value.hint)


def test_file_that_only_begins_like_parquet_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    path = tmp_path / "file.parquet"
    path.write_bytes(b"PAR1 but no more")
    with pytest.raises(DataError, match="is not Parquet"):
        ParquetSource(path)
