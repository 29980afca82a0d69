"""A segment that is a list: customers by the shop's own ids, in the recipe or in a file."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from pydantic import Field, model_validator

from ballyhoo import Context, DataError, DataFile, Options, hookimpl

CHUNK = 1_000


class ListOptions(Options):
    """The recipe's `segment` block: `customers` or `file`, not both.

    Attributes:
        customers: The shop's ids.
        file: A CSV file of the workspace.
        column: The column of the file that holds the ids.
    """

    customers: list[str] | None = Field(default=None, description="The shop's own customer ids.")
    file: DataFile | None = Field(default=None, description="A CSV file with one customer a row.")
    column: str = Field(default="id", description="The column of the file that holds the ids.")

    @model_validator(mode="after")
    def _check_one_source(self) -> ListOptions:
        if (self.customers is None) == (self.file is None):
            raise ValueError("give either 'customers' or 'file'")
        return self


@hookimpl
def segment(context: Context, options: ListOptions) -> Iterator[int]:
    """Yield our ids of the listed customers, in the order of the list."""
    keys = iter(options.customers or ()) if options.file is None else _read(options)
    unknown = 0
    while chunk := list(islice(keys, CHUNK)):
        for found in context.store.find_customers(chunk):
            if found is None:
                unknown += 1
            else:
                yield found
    if unknown:
        context.log.warning("listed customers that are not in the store: %d", unknown)


def _read(options: ListOptions) -> Iterator[str]:
    path = Path(options.file or "")
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if options.column not in (reader.fieldnames or ()):
            raise DataError(
                f"{path.name} has no column '{options.column}'",
                hint=f"it has: {', '.join(reader.fieldnames or ()) or 'no header'}",
            )
        for row in reader:
            key = (row[options.column] or "").strip()
            if key:
                yield key
