"""Reads Parquet, batch by batch and only the columns that are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from ..errors import DataError, EnvironmentMissing
from .source import CHUNK_ROWS, NOTHING_NESTED, Nested


class ParquetChunk:
    """Some rows of a Parquet file."""

    def __init__(self, batch: Any, first: int) -> None:
        self.lines: Sequence[int] = range(first, first + batch.num_rows)
        self.damaged: dict[int, str] = {}
        self._batch = batch
        self._names = {name: index for index, name in enumerate(batch.schema.names)}
        self._columns: dict[int, list[Any]] = {}
        self._rows: list[tuple[Any, ...]] | None = None

    def __len__(self) -> int:
        return int(self._batch.num_rows)

    def column(self, name: str) -> Sequence[Any]:
        """Return the values of one column."""
        index = self._names.get(name)
        if index is None:
            return [None] * len(self)
        values = self._columns.get(index)
        if values is None:
            values = self._columns[index] = self._batch.column(index).to_pylist()
        return values

    def row(self, index: int) -> Sequence[Any]:
        """Return one row as it was."""
        if self._rows is None:
            self._rows = list(zip(*(self.column(name) for name in self._names), strict=True))
        return self._rows[index]


class ParquetSource:
    """A Parquet file; the line of a row is its number, from 1.

    Raises:
        EnvironmentMissing: pyarrow is not installed.
        DataError: It is not Parquet.
    """

    nested: Nested = NOTHING_NESTED

    def __init__(self, path: Path) -> None:
        try:
            from pyarrow import ArrowException, parquet
        except ImportError:
            raise EnvironmentMissing(
                f"{path.name} is Parquet, and pyarrow is not installed",
                hint="pip install 'ballyhoo[parquet]', or export the file as CSV",
            ) from None
        try:
            with parquet.ParquetFile(path) as file:
                self.header: tuple[str, ...] = tuple(file.schema_arrow.names)
                self._rows = int(file.metadata.num_rows)
        except ArrowException as error:
            raise DataError(
                f"{path.name} is not Parquet: {error}", hint="export it again"
            ) from None
        self.path = path
        self.name = path.name
        self.size = path.stat().st_size
        self.done = 0
        self.notes: list[str] = []

    @property
    def raw_header(self) -> tuple[str, ...]:
        """The columns as the file names them."""
        return self.header

    def chunks(self) -> Iterator[ParquetChunk]:
        """Yield the rows."""
        from pyarrow import parquet

        first = 1
        with parquet.ParquetFile(self.path) as file:
            for batch in file.iter_batches(batch_size=CHUNK_ROWS, use_threads=False):
                yield ParquetChunk(batch, first)
                first += batch.num_rows
                self.done = self.size * (first - 1) // max(1, self._rows)
