"""Reads the rejects of a JSON file, which stand as JSON in a column of a CSV file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from .csv_reader import CsvSource
from .json_reader import HEADER_ROWS, RAW_COLUMN, JsonChunk, find_names


class JsonRejectsSource:
    """A rejects file whose rows are JSON objects.

    Args:
        source: The CSV file.
    """

    raw_header = (RAW_COLUMN,)

    def __init__(self, source: CsvSource) -> None:
        self._source = source
        self.path = source.path
        self.name = source.name
        self.notes = source.notes
        self.size = source.size
        first = next(iter(self.chunks()), None)
        self.header, self.nested = find_names([] if first is None else first.rows[:HEADER_ROWS])

    @property
    def done(self) -> int:
        """How many bytes were read so far."""
        return self._source.done

    def chunks(self) -> Iterator[JsonChunk]:
        """Yield the objects."""
        for chunk in self._source.chunks():
            rows: list[Any] = []
            damaged = dict(chunk.damaged)
            for index, text in enumerate(chunk.column(RAW_COLUMN)):
                try:
                    value = json.loads(text)
                except ValueError as error:
                    value, damaged[index] = None, f"is not JSON: {error}"
                if not isinstance(value, dict):
                    damaged.setdefault(index, "is not a JSON object")
                    value = {RAW_COLUMN: text}
                rows.append(value)
            yield JsonChunk(rows, list(chunk.lines), damaged)
