"""Collects the mistakes of one file, each once, in the order of the file."""

from __future__ import annotations

from collections.abc import Sequence

from ..mistakes import Mistake
from .document import Place, dotted


class Findings:
    """The mistakes found so far in one file.

    Args:
        file: The file's name as the caller wrote it.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self._closed: set[tuple[Place, str]] = set()
        self._found: dict[tuple[Place, str, str], Mistake] = {}

    def add(
        self,
        place: Place,
        message: str,
        path: Sequence[str | int] = (),
        *,
        missing: bool = False,
        final: bool = False,
    ) -> None:
        """Add a mistake; one that is there already (from another variant) is not repeated.

        Args:
            place: Where it stands.
            message: What is wrong; what was meant.
            path: The keys that lead to it.
            missing: The recipe is right, but something that it needs is not there.
            final: Nothing more is to be said about this value.
        """
        where = dotted(path)
        if (place, where) in self._closed:
            return
        if final:
            self._closed.add((place, where))
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

    def __bool__(self) -> bool:
        return bool(self._found)

    def sorted(self) -> tuple[Mistake, ...]:
        """Return all mistakes in the order of the file."""
        return tuple(sorted(self._found.values()))
