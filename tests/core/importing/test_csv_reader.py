from __future__ import annotations

import csv
import gzip
import io
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballyhoo.core.errors import DataError
from ballyhoo.core.importing.csv_reader import CsvSource

ROWS = [["sku", "title", "note"], ["a-1", "Müller, Größe 5", 'a "quoted" word'], ["b", "x", "1\n2"]]


def write_csv(rows: list[list[str]], delimiter: str = ",") -> str:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue()


def read_all(source: CsvSource) -> list[list[Any]]:
    rows: list[list[Any]] = []
    for chunk in source.chunks():
        assert not chunk.damaged
        rows += [list(chunk.row(index)) for index in range(len(chunk))]
    return rows


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("packed", [False, True])
def test_every_usual_dialect_and_encoding_reads_the_same(
    tmp_path: Path, delimiter: str, encoding: str, packed: bool
) -> None:
    content = write_csv(ROWS, delimiter).encode(encoding)
    path = tmp_path / "file.csv"
    path.write_bytes(gzip.compress(content) if packed else content)
    source = CsvSource(path)
    assert [list(source.header), *read_all(source)] == ROWS


def test_lines_are_those_of_the_file_where_each_row_begins(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text('a,b\n1,"x\ny\nz"\n\n2,b\n3,c\n')
    (chunk,) = CsvSource(path).chunks()
    assert list(chunk.lines) == [2, 6, 7]


def test_first_line_sep_names_the_delimiter(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text("sep=;\na;b\n1;2\n")
    source = CsvSource(path)
    assert source.header == ("a", "b")
    (chunk,) = source.chunks()
    assert (list(chunk.lines), list(chunk.column("b"))) == ([3], ["2"])


def test_backslash_before_a_quote_is_understood(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text('a,b\n"5\\" pipe","x, y"\n')
    assert read_all(CsvSource(path)) == [['5" pipe', "x, y"]]


def test_rows_that_do_not_fit_the_header_are_damaged_and_not_guessed(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text("a,b,c\n1,2\n1,2,3,4\n1,2,3,\n1,2,3\n")
    (chunk,) = CsvSource(path).chunks()
    assert chunk.damaged == {
        0: "has 2 fields, the header has 3",
        1: "has 4 fields, the header has 3",
    }


def test_a_few_broken_bytes_do_not_spoil_the_other_rows(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes("a,b\nGrüße,ä\nx,".encode() + b"\xff\ny,\xc3\xb6\n")
    (chunk,) = CsvSource(path).chunks()
    assert chunk.damaged == {1: "has bytes that are not UTF-8"}
    assert list(chunk.column("b"))[2] == "ö"


def test_windows_text_is_read_as_such_and_said(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes("a,b\n€,ß\n".encode("cp1252"))
    source = CsvSource(path)
    assert read_all(source) == [["€", "ß"]]
    assert source.notes == ["read as Windows-1252, because it is not UTF-8"]


def test_quote_that_is_never_closed_is_an_error_that_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "file.csv"
    path.write_text('a,b\n1,2\n3,"' + "x" * (5 * 1024 * 1024))
    with pytest.raises(DataError, match="after line") as caught:
        list(CsvSource(path).chunks())
    assert "never closed" in str(caught.value.hint)


def test_cut_off_gzip_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "file.csv.gz"
    path.write_bytes(gzip.compress(b"a,b\n" + b"1,2\n" * 10_000)[:-20])
    with pytest.raises(DataError, match="cannot be unpacked"):
        CsvSource(path)


TEXT = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00"), max_size=8)


@given(
    rows=st.lists(st.lists(TEXT, min_size=2, max_size=2).filter(any), min_size=1, max_size=6),
    delimiter=st.sampled_from(",;\t|"),
)
def test_what_was_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], delimiter: str
) -> None:
    path = tmp_path_factory.mktemp("csv") / "file.csv"
    path.write_bytes(write_csv([["one", "two"], *rows], delimiter).encode())
    source = CsvSource(path, delimiter=delimiter, encoding="utf-8")
    assert read_all(source) == rows
