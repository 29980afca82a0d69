"""Sorts rows into batches of about the same length, so that little is computed for padding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from .row import Row

if TYPE_CHECKING:
    from .prefix import Prefix


@dataclass(frozen=True, slots=True)
class Bucket:
    """The rows of one batch.

    Attributes:
        rows: The rows.
        start: How many tokens of each prompt are in the prefix.
    """

    rows: tuple[Row, ...]
    start: int
    suffixes: list[list[int]] = field(init=False)

    def __post_init__(self) -> None:
        suffixes = [list(row.prompt[self.start :]) for row in self.rows]
        object.__setattr__(self, "suffixes", suffixes)

    @property
    def length(self) -> int:
        """How many tokens a row of it needs room for, those of its prompt among them."""
        return max(map(len, self.suffixes)) + max(row.most_tokens for row in self.rows)

    def masked(self) -> bool:
        """Whether a row of it forbids tokens."""
        return any(row.blocked is not None for row in self.rows)

    def rewind(self) -> None:
        """Let each row begin anew."""
        for row in self.rows:
            row.rewind()

    def split(self, most: int) -> list[Bucket]:
        """Return buckets of at most so many rows."""
        return [
            Bucket(self.rows[first : first + most], self.start)
            for first in range(0, len(self.rows), most)
        ]


def make_buckets(rows: Sequence[Row], prefix: Prefix | None, most: int) -> list[Bucket]:
    """Return the rows in buckets of at most `most`, the longest ones last, to be taken first.

    The longest first: when memory is short, that is seen at once.
    """
    start = 0 if prefix is None else len(prefix.tokens)
    ordered = sorted(rows, key=lambda row: (len(row.prompt) - start, row.most_tokens))
    return Bucket(tuple(ordered), start).split(most)
