"""The values of some rows after a map was applied: one list for each field, and what is bad."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from .source import Chunk


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a record comes from: a line of the file, and the row as it was."""

    line: int
    row: Sequence[Any]


@dataclass(frozen=True, slots=True)
class Reject:
    """One row that is not taken: where it stands, in which column, why."""

    origin: Origin
    column: str
    reason: str


@dataclass(slots=True)
class Cells:
    """Some rows, read by a map.

    Attributes:
        chunk: The rows as they were.
        positions: Which rows of the chunk the map takes; None when all.
        columns: Values by field, as long as there are rows taken; None where empty.
        bad: Per index of a row (of those taken) the column and what is wrong in it; the first.
    """

    chunk: Chunk
    positions: list[int] | None
    columns: dict[str, list[Any]] = field(default_factory=dict)
    bad: dict[int, tuple[str, str]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.chunk) if self.positions is None else len(self.positions)

    def get(self, name: str) -> list[Any]:
        """Return the values of a field; None for every row when the map does not have it."""
        column = self.columns.get(name)
        return [None] * len(self) if column is None else column

    def origin(self, index: int) -> Origin:
        """Return where a row comes from."""
        position = index if self.positions is None else self.positions[index]
        return Origin(self.chunk.lines[position], self.chunk.row(position))

    def refuse(self, index: int, column: str, reason: str) -> None:
        """Say what is wrong with a row; the first thing said stays."""
        self.bad.setdefault(index, (column, reason))
