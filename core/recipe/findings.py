"""Collects the mistakes of one file, each once, in the order of the file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..mistakes import Mistake
from .document import Place, dotted

Path = tuple[str | int, ...]

MOST_MISTAKES = 1_000
"""Nobody reads more; a file with more is no recipe, or one mistake repeated."""


class Findings:
    """The mistakes found so far in one file.

    Args:
        file: The file's name as the caller wrote it.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self._found: dict[tuple[Place, str, str], Mistake] = {}
        self._touched: set[Path] = set()
        self._has_more = False

    def add(
        self,
        place: Place,
        message: str,
        path: Sequence[str | int] = (),
        *,
        missing: bool = False,
    ) -> None:
        """Add a mistake; one that is there already (from another variant) is not repeated.

        Args:
            place: Where it stands.
            message: What is wrong; what was meant.
            path: The keys that lead to it.
            missing: The recipe is right, but something that it needs is not there.
        """
        if self.is_full:
            self._has_more = True
            return
        where = dotted(path)
        self._touched.update(tuple(path[:length]) for length in range(len(path) + 1))
        self._found.setdefault(
            (place, where, message),
            Mistake(
                file=self.file,
                line=place.line,
                column=place.column,
                path=where,
                message=message,
                missing=missing,
            ),
        )

    @property
    def is_full(self) -> bool:
        """Whether there are so many mistakes that no further ones are kept."""
        return len(self._found) >= MOST_MISTAKES

    def concern(self, path: Sequence[str | int]) -> bool:
        """Whether a mistake was found at a path of the file or below it."""
        return tuple(path) in self._touched

    def __bool__(self) -> bool:
        return bool(self._found)

    def sorted(self) -> tuple[Mistake, ...]:
        """Return the mistakes in the order of the file; at most `MOST_MISTAKES`, and a word."""
        kept = sorted(self._found.values())
        if self._has_more:
            said = f"there are more mistakes than these {MOST_MISTAKES:,}; mend these first"
            kept.append(replace(kept[-1], path="", message=said, missing=False))
        return tuple(kept)
