"""Writes the rows that were not taken, with line, column and reason, to be mended and imported."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any

from ..errors import DataError
from .cells import Reject
from .csv_reader import REJECT_COLUMNS

ENDING = ".rejects.csv"


class RejectsFile:
    """The rejects of one file: `FILE.rejects.csv`, there only when there are any.

    It is written under another name and takes its own when it is complete; one of an earlier
    import of the same file is replaced, or removed when nothing is rejected any more.

    Args:
        source: The file that is imported.
        header: The columns of its rows as they were.
    """

    def __init__(self, source: Path, header: Sequence[str]) -> None:
        self.path = source.with_name(source.name + ENDING)
        self.count = 0
        self._part = self.path.with_name(self.path.name + ".part")
        self._header = header
        self._file: IO[str] | None = None
        self._writer: Any = None

    def add(self, rejects: Sequence[Reject]) -> None:
        """Write rows.

        Raises:
            DataError: The folder cannot be written to.
        """
        if not rejects:
            return
        if self._file is None:
            try:
                self._file = self._part.open("w", encoding="utf-8", newline="")
            except OSError as error:
                raise DataError(
                    f"{self.path.name} cannot be written: {error.strerror}",
                    hint="copy the file to a folder of your own and import it there",
                ) from None
            self._writer = csv.writer(self._file)
            self._writer.writerow([*REJECT_COLUMNS, *self._header])
        for reject in rejects:
            origin = reject.origin
            self._writer.writerow([origin.line, reject.column, reject.reason, *origin.row])
        self.count += len(rejects)

    def close(self) -> Path | None:
        """Give the file its name; return it, or None when nothing was rejected."""
        if self._file is None:
            self.path.unlink(missing_ok=True)
            return None
        self._file.close()
        self._part.replace(self.path)
        self._file = None
        return self.path

    def discard(self) -> None:
        """Drop what was written; the import did not come to its end."""
        if self._file is not None:
            self._file.close()
            self._part.unlink(missing_ok=True)
            self._file = None
