"""Reads CSV of any usual dialect and encoding, as a stream."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import IO, Any

from ..errors import DataError
from .encoding import SURROGATE, Encoding, detect_encoding, open_bytes
from .source import CHUNK_ROWS, NOTHING_NESTED, Nested

DELIMITERS = ",;\t|"
MAX_FIELD_CHARACTERS = 4 * 1024 * 1024
SAMPLE_CHARACTERS = 64 * 1024
REJECT_COLUMNS = ("line", "column", "reason")
"""The first columns of a rejects file; they are left out when it is imported again."""


class CsvChunk:
    """Some rows of a CSV file, every one with as many fields as the header."""

    def __init__(
        self,
        header: dict[str, int],
        rows: list[list[str]],
        lines: list[int],
        damaged: dict[int, str],
    ) -> None:
        self.lines: Sequence[int] = lines
        self.damaged = damaged
        self._header = header
        self._rows = rows
        self._columns: list[tuple[str, ...]] | None = None

    def __len__(self) -> int:
        return len(self._rows)

    def column(self, name: str) -> Sequence[Any]:
        """Return the values of one column."""
        index = self._header.get(name)
        if index is None:
            return [None] * len(self._rows)
        if self._columns is None:
            self._columns = list(zip(*self._rows, strict=False))
        return self._columns[index]

    def row(self, index: int) -> Sequence[Any]:
        """Return one row as it was."""
        return self._rows[index]


class CsvSource:
    """A CSV file.

    Args:
        path: The file, plain or gzip.
        encoding: What the map says of it; found out when None.
        delimiter: What stands between fields; found out when None.

    Raises:
        DataError: It is empty, or has no header.
    """

    nested: Nested = NOTHING_NESTED

    def __init__(
        self, path: Path, *, encoding: str | None = None, delimiter: str | None = None
    ) -> None:
        self.path = path
        self.name = path.name
        self.size = path.stat().st_size
        self.done = 0
        self.encoding: Encoding = detect_encoding(path, declared=encoding)
        self.notes = [self.encoding.note] if self.encoding.note else []
        self._dialect, self._first_line = self._find_dialect(delimiter)
        with self._open() as text:
            header = next(iter(csv.reader(text, **self._dialect)), None)
        if not header or not any(field.strip() for field in header):
            raise DataError(f"{path.name} is empty", hint="the first line must name the columns")
        self.is_rejects = tuple(header[:3]) == REJECT_COLUMNS and len(header) > 3
        self._skip = 3 if self.is_rejects else 0
        self.header = _name_columns(header[self._skip :])

    @property
    def raw_header(self) -> tuple[str, ...]:
        """The columns as the file names them."""
        return self.header

    def chunks(self) -> Iterator[CsvChunk]:
        """Yield the rows; blank lines are passed over."""
        header = {name: index for index, name in enumerate(self.header)}
        with self._open() as text:
            reader = csv.reader(text, **self._dialect)
            next(reader)
            width, skip = len(self.header), self._skip
            while True:
                rows, lines, ended = self._read(reader)
                if rows:
                    if skip:
                        rows = [row[skip:] for row in rows]
                    damaged = {} if set(map(len, rows)) == {width} else _mend(rows, width)
                    if self.encoding.damaged:
                        _find_damage(rows, damaged)
                    yield CsvChunk(header, rows, lines, damaged)
                if ended:
                    return

    def _read(self, reader: Any) -> tuple[list[list[str]], list[int], bool]:
        before = reader.line_num + self._first_line
        try:
            rows = list(islice(reader, CHUNK_ROWS))
        except csv.Error as error:
            raise DataError(
                f"{self.name}: cannot be read on after line {before}: {error}",
                hint="a quote that is opened and never closed is the usual cause",
            ) from None
        except UnicodeError as error:
            raise DataError(
                f"{self.name}: not {self.encoding.name} after line {before}",
                hint="say `encoding:` in the map",
            ) from error
        after = reader.line_num + self._first_line
        ended = len(rows) < CHUNK_ROWS
        if after - before == len(rows):
            lines = list(range(before + 1, after + 1))
        else:
            lines = _count_lines(rows, before)
        if not all(rows):
            lines = [line for line, row in zip(lines, rows, strict=True) if row]
            rows = [row for row in rows if row]
        return rows, lines, ended

    def _open(self) -> IO[str]:
        csv.field_size_limit(MAX_FIELD_CHARACTERS)
        raw = open_bytes(self.path)
        errors = "surrogateescape" if self.encoding.damaged else "strict"
        counted = io.BufferedReader(_Counting(raw, self), 1 << 18)
        text = io.TextIOWrapper(counted, self.encoding.name, errors, newline="")
        for _ in range(self._first_line if hasattr(self, "_first_line") else 0):
            text.readline()
        return text

    def _find_dialect(self, delimiter: str | None) -> tuple[dict[str, Any], int]:
        with self._open() as text:
            sample = text.read(SAMPLE_CHARACTERS)
        first_line = 0
        if sample[:4].lower() == "sep=" and "\n" in sample:
            delimiter = delimiter or sample[4]
            sample = sample.partition("\n")[2]
            first_line = 1
        dialect: dict[str, Any] = {"delimiter": delimiter or _find_delimiter(sample)}
        if '\\"' in sample and '""' not in sample.replace(f'{dialect["delimiter"]}""', ""):
            dialect |= {"escapechar": "\\", "doublequote": False}
        return dialect, first_line


class _Counting(io.RawIOBase):
    """Passes bytes on and keeps the source's `done` right."""

    def __init__(self, raw: Any, source: CsvSource) -> None:
        self._raw = raw
        self._source = source
        self._plain: Any = getattr(raw, "fileobj", None) or raw

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        count: int = self._raw.readinto(buffer)
        self._source.done = self._plain.tell()
        return count

    def close(self) -> None:
        if not self.closed:
            self._raw.close()
        super().close()


def _find_delimiter(sample: str) -> str:
    """Return the delimiter by which the first rows have the most fields, and equally many."""
    best, best_score = ",", (0.0, 0)
    for delimiter in DELIMITERS:
        try:
            rows = list(islice(csv.reader(io.StringIO(sample), delimiter=delimiter), 20))
        except csv.Error:
            continue
        rows = [row for row in rows if row]
        if not rows or len(rows[0]) < 2:
            continue
        if len(rows) > 2 and len(sample) >= SAMPLE_CHARACTERS:
            rows.pop()
        alike = sum(len(row) == len(rows[0]) for row in rows) / len(rows)
        score = (round(alike, 2), len(rows[0]))
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _name_columns(header: list[str]) -> tuple[str, ...]:
    """Give every column a name of its own."""
    names: list[str] = []
    for index, field in enumerate(header, start=1):
        name = field.strip() or f"column {index}"
        count = sum(other == name or other.startswith(f"{name} (") for other in names)
        names.append(f"{name} ({count + 1})" if count and name in names else name)
    return tuple(names)


def _count_lines(rows: list[list[str]], before: int) -> list[int]:
    lines, line = [], before
    for row in rows:
        lines.append(line + 1)
        line += 1 + sum(field.count("\n") or field.count("\r") for field in row)
    return lines


def _mend(rows: list[list[str]], width: int) -> dict[int, str]:
    """Make every row as wide as the header, in place; return what is wrong by index."""
    damaged: dict[int, str] = {}
    for index, row in enumerate(rows):
        if len(row) == width:
            continue
        surplus = row[width:]
        if len(row) < width or any(surplus):
            damaged[index] = f"has {len(row)} fields, the header has {width}"
            if any("\n" in field for field in row):
                damaged[index] += "; a quote may not be closed"
        rows[index] = row[:width] + [""] * (width - len(row))
    return damaged


def _find_damage(rows: list[list[str]], damaged: dict[int, str]) -> None:
    for index, row in enumerate(rows):
        if any(SURROGATE.search(field) for field in row):
            damaged[index] = "has bytes that are not UTF-8"
            rows[index] = [SURROGATE.sub("\ufffd", field) for field in row]
