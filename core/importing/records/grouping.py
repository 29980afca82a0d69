"""Puts the rows of one key together: those that follow each other, or wherever they stand."""

from __future__ import annotations

import pickle
import sqlite3
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..cells import Cells, Origin, Reject
from ..csv_reader import CsvChunk
from ..json_reader import JsonChunk
from ..mapper import Mapper
from ..source import CHUNK_ROWS, Chunk, Source


@dataclass(slots=True)
class Group:
    """The rows of one key.

    Attributes:
        names: The fields, in the order of the rows' values.
        rows: The values of each row.
        origins: Where each row comes from.
        bad: What is wrong, as index of the row, column and reason.
    """

    names: dict[str, int]
    rows: list[tuple[Any, ...]] = field(default_factory=list)
    origins: list[Origin] = field(default_factory=list)
    bad: list[tuple[int, str, str]] = field(default_factory=list)

    def first(self, name: str) -> Any:
        """Return the first value of a field that is not empty."""
        at = self.names.get(name)
        if at is None:
            return None
        return next((row[at] for row in self.rows if row[at] is not None), None)

    def last(self, name: str) -> Any:
        """Return the last value of a field that is not empty."""
        at = self.names.get(name)
        if at is None:
            return None
        return next((row[at] for row in reversed(self.rows) if row[at] is not None), None)

    def rejects(self, place: str = "line") -> list[Reject]:
        """Return every row as refused; those that are right say to which `place` they belong."""
        reasons: dict[int, tuple[str, str]] = {}
        for index, column, reason in self.bad:
            reasons.setdefault(index, (column, reason))
        first = self.origins[self.bad[0][0]].line
        return [
            Reject(
                origin, *reasons.get(index, ("", f"belongs to {place} {first}, which is rejected"))
            )
            for index, origin in enumerate(self.origins)
        ]


def group_rows(stream: Iterator[Cells], key: str, *, alone: bool = False) -> Iterator[list[Group]]:
    """Yield groups of rows that follow each other and have the same key.

    Args:
        stream: The rows.
        key: The field that holds the key; rows without one stay alone.
        alone: Whether every row is a group of its own.

    Yields:
        About a chunk of groups at a time.
    """
    current: Group | None = None
    current_key: Any = None
    for cells in stream:
        names = {name: index for index, name in enumerate(cells.columns)}
        done: list[Group] = []
        keys, bad = cells.get(key), cells.bad
        for index, values in enumerate(zip(*cells.columns.values(), strict=True)):
            row_key = keys[index]
            if current is None or row_key is None or row_key != current_key or alone:
                if current is not None:
                    done.append(current)
                current, current_key = Group(names), row_key
            if index in bad:
                current.bad.append((len(current.rows), *bad[index]))
            current.rows.append(values)
            current.origins.append(cells.origin(index))
        if done:
            yield done
    if current is not None:
        yield [current]


class GatheredSource:
    """A file whose rows of one key follow each other, in the order in which keys first appear.

    The rows wait in a temporary file, so that memory stays flat.

    Args:
        source: The file.
        mapper: The map, for the key and for which rows are taken.
        key: The field that holds the key.
    """

    def __init__(self, source: Source, mapper: Mapper, key: str) -> None:
        self._source = source
        self._mapper = mapper
        self._key = key
        self.name = source.name
        self.header = source.header
        self.nested = source.nested
        self.notes = source.notes
        self.size = source.size
        self.left_out = 0

    @property
    def done(self) -> int:
        """How many bytes were read so far."""
        return self._source.done

    @property
    def raw_header(self) -> tuple[str, ...]:
        """The columns of a row as it was."""
        return self._source.raw_header

    def chunks(self) -> Iterator[Chunk]:
        """Yield the rows; those that the map leaves out are gone."""
        with tempfile.TemporaryDirectory(prefix="ballyhoo-") as folder:
            database = sqlite3.connect(Path(folder) / "rows", isolation_level=None)
            try:
                database.executescript(
                    "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-16000;"
                    "CREATE TABLE rows (number INTEGER PRIMARY KEY, key TEXT, line INTEGER,"
                    " damage TEXT, data BLOB);"
                )
                self._fill(database)
                yield from self._read(database)
            finally:
                database.close()

    def _fill(self, database: sqlite3.Connection) -> None:
        column = self._mapper.columns[self._key]
        self.left_out = 0
        database.execute("BEGIN")
        for chunk in self._source.chunks():
            positions = self._mapper.select(chunk)
            self.left_out += len(chunk) - len(positions)
            keys, bad = column.read(chunk, positions, {})
            database.executemany(
                "INSERT INTO rows (key, line, damage, data) VALUES (?, ?, ?, ?)",
                [
                    (
                        None if index in bad else key,
                        chunk.lines[position],
                        chunk.damaged.get(position),
                        pickle.dumps(_keep(chunk, position), pickle.HIGHEST_PROTOCOL),
                    )
                    for index, (key, position) in enumerate(zip(keys, positions, strict=True))
                ],
            )
        database.execute("CREATE INDEX by_key ON rows (key, number)")
        database.execute("COMMIT")

    def _read(self, database: sqlite3.Connection) -> Iterator[Chunk]:
        cursor = database.execute(
            "SELECT rows.line, rows.damage, rows.data FROM rows LEFT JOIN"
            " (SELECT key, MIN(number) AS first FROM rows WHERE key IS NOT NULL GROUP BY key)"
            " AS firsts ON firsts.key = rows.key"
            " ORDER BY COALESCE(firsts.first, rows.number), rows.number"
        )
        header = {name: index for index, name in enumerate(self.header)}
        while found := cursor.fetchmany(CHUNK_ROWS):
            lines = [line for line, _, _ in found]
            rows: list[Any] = [pickle.loads(data) for _, _, data in found]  # our own, of just now
            damaged = {index: row[1] for index, row in enumerate(found) if row[1] is not None}
            if rows and isinstance(rows[0], dict):
                yield JsonChunk(rows, lines, damaged)
            else:
                yield CsvChunk(header, rows, lines, damaged)


def _keep(chunk: Chunk, position: int) -> dict[str, Any] | Sequence[Any]:
    if isinstance(chunk, JsonChunk):
        kept: dict[str, Any] = chunk.rows[position]
        return kept
    return list(chunk.row(position))
