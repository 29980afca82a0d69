from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from ballyhoo.core.errors import DataError
from ballyhoo.core.importing.json_reader import READ_CHARACTERS, JsonSource

ROWS: list[dict[str, Any]] = [
    {"id": number, "title": f"Größe {number} [x]", "size": {"width": number}, "tags": ["a", "]"]}
    for number in range(3)
]


def read_all(path: Path) -> list[Any]:
    return [row for chunk in JsonSource(path).chunks() for row in chunk.rows]


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    "text",
    [
        "\n".join(json.dumps(row) for row in ROWS),
        json.dumps(ROWS),
        json.dumps(ROWS, indent=2, ensure_ascii=False),
        json.dumps({"products": ROWS}, indent=1),
        json.dumps({"products": ROWS}),
    ],
    ids=["lines", "array", "indented", "wrapped", "wrapped in one line"],
)
def test_lines_and_arrays_read_the_same(tmp_path: Path, text: str, packed: bool) -> None:
    path = tmp_path / "file.json"
    path.write_bytes(gzip.compress(text.encode()) if packed else text.encode())
    assert read_all(path) == ROWS


def test_entries_longer_than_what_is_read_at_once_are_put_together(tmp_path: Path) -> None:
    rows = [{"id": number, "text": "é" * (READ_CHARACTERS + number)} for number in range(4)]
    path = tmp_path / "file.json"
    path.write_text(json.dumps(rows, ensure_ascii=False))
    assert read_all(path) == rows


def test_entries_of_an_array_know_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "file.json"
    path.write_text('[\n{"a": 1},\n{\n"a": 2},\n\n{"a": 3}]')
    (chunk,) = JsonSource(path).chunks()
    assert list(chunk.lines) == [2, 3, 6]


def test_dotted_column_looks_into_objects(tmp_path: Path) -> None:
    path = tmp_path / "file.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in ROWS))
    (chunk,) = JsonSource(path).chunks()
    assert list(chunk.column("size.width")) == [0, 1, 2]
    assert list(chunk.column("size.depth")) == [None] * 3


def test_line_that_is_not_json_is_damaged_and_the_others_are_read(tmp_path: Path) -> None:
    path = tmp_path / "file.jsonl"
    path.write_text('{"a": 1}\n{"a": \n[1]\n{"a": 2}\n')
    (chunk,) = JsonSource(path).chunks()
    assert sorted(chunk.damaged) == [1, 2]
    assert chunk.damaged[1].startswith("is not JSON")
    assert list(chunk.column("a")) == [1, None, None, 2]


def test_array_that_is_not_closed_is_an_error_that_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "file.json"
    path.write_text('[{"a": 1},\n{"a": 2}')
    with pytest.raises(DataError, match="broken at line 2"):
        read_all(path)
