"""What every reader gives: a header and chunks of rows that can be asked for columns."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Protocol

Nested = Mapping[str, tuple[str, ...]]
"""Columns that hold more than one value; with no names where any of them is no mapping."""

NOTHING_NESTED: Nested = MappingProxyType({})

CHUNK_ROWS = 5_000
"""Rows that are in memory at once."""


class Chunk(Protocol):
    """Some consecutive rows of a file.

    Attributes:
        lines: Per row the line where it begins, from 1.
        damaged: Per index of a row that cannot be used as it stands, why.
    """

    lines: Sequence[int]
    damaged: dict[int, str]

    def __len__(self) -> int: ...

    def column(self, name: str) -> Sequence[Any]:
        """Return the values of a column in the order of the rows; None or "" where there is none.

        A name that the file does not have gives None for every row.
        """
        ...

    def row(self, index: int) -> Sequence[Any]:
        """Return one row as it was, in the order of the source's header."""
        ...


class Source(Protocol):
    """A file that can be read from its beginning as often as one likes.

    Attributes:
        name: What people call it.
        header: Its columns; for JSON those of the first rows.
        nested: Those of them that hold lists or mappings, with the names that the mappings have.
        notes: What the user must know of how it is read (an encoding that was guessed).
        size: Its bytes on disk.
    """

    name: str
    header: tuple[str, ...]
    nested: Nested
    notes: list[str]
    size: int

    @property
    def done(self) -> int:
        """How many bytes were read so far."""
        ...

    @property
    def raw_header(self) -> tuple[str, ...]:
        """The columns of `Chunk.row`; one column `row` when rows are nested."""
        ...

    def chunks(self) -> Iterator[Chunk]:
        """Yield the rows, from the first.

        Raises:
            DataError: The file cannot be read on.
        """
        ...
