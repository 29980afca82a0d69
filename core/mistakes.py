"""One mistake in a recipe: where it stands, what is wrong, what was meant."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Mistake:
    """One thing that is wrong in a recipe.

    Attributes:
        file: The recipe's file as it was named by the caller.
        line: The line, from 1.
        column: The column, from 1, in characters.
        path: Where in the recipe, as dotted keys (`deliver.rate`), or "" for the file as a whole.
        message: What is wrong; what was meant.
        missing: True when the recipe is right but something that it needs is not there
            (a plugin that did not load): exit code 3 instead of 2.
    """

    file: str
    line: int
    column: int
    path: str
    message: str
    missing: bool = False

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}:{self.column}"
        return f"{place}: {self.path}: {self.message}" if self.path else f"{place}: {self.message}"
