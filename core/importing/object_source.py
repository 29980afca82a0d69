"""Reads the objects of one request as the rows of a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ..errors import DataError
from .json_reader import RAW_COLUMN, JsonChunk, find_names

MOST_NAMES = 500


class ObjectChunk(JsonChunk):
    """Objects whose rejects are told by their number, and never written out."""

    def row(self, index: int) -> Sequence[Any]:
        """Return nothing: whoever told the object has it."""
        return ()


class ObjectSource:
    """JSON values that are in memory; the line of each is its number, from 0.

    Args:
        values: The values; one that is no object is a row that cannot be used.

    Raises:
        DataError: They have more names than anybody's objects have.
    """

    name = "the request"
    raw_header = (RAW_COLUMN,)
    size = 0
    done = 0

    def __init__(self, values: Sequence[Any]) -> None:
        self.notes: list[str] = []
        self._rows = [value if isinstance(value, dict) else {} for value in values]
        self._damaged = {
            index: "is not a JSON object"
            for index, value in enumerate(values)
            if not isinstance(value, dict)
        }
        self.header, self.nested = find_names(self._rows)
        if len(self.header) + sum(map(len, self.nested.values())) > MOST_NAMES:
            raise DataError(f"the objects have more than {MOST_NAMES} names")

    def chunks(self) -> Iterator[ObjectChunk]:
        """Yield all of them."""
        yield ObjectChunk(self._rows, list(range(len(self._rows))), dict(self._damaged))
