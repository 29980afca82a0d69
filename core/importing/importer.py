"""Imports one file: finds its map, checks every row, stores the good ones, counts all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import DataError
from ..store.rows import Counts
from .building import Building
from .cells import Reject
from .checking import UNMATCHED_SHARE, CheckingWriter, count_unmatched
from .kinds import KINDS, Kind
from .lookups import StoreLookups
from .map_model import ColumnMap, Section
from .map_reader import guess_map, load_map, map_by_names
from .mapper import Mapper
from .opening import open_source
from .records.batch import Batch, Making
from .rejects import ENDING, RejectsFile
from .source import Source

if TYPE_CHECKING:
    from ..store.engine import Store

DEFAULT_CURRENCY = "USD"
WRITE_ROWS = 20_000
"""After how many rows of the file their records are given to the store."""

Tell = Callable[[str], None]
Advance = Callable[[int, int, int], None]
Finish = Callable[[int, int | None], None]


@dataclass(slots=True, kw_only=True)
class Report:
    """What became of a file; `read` is the sum of `new`, `updated`, `unchanged` and `rejected`.

    Attributes:
        kind: What was imported.
        map: The map's name, or "" when columns were taken by their names.
        rows: Rows of the file; a record may take several of them.
        left_out: Rows that the map leaves out; they are not in `read`.
        read: Records.
        new: Records that were not there.
        updated: Records that were there, and were changed.
        unchanged: Records that were there, just so.
        rejected: Records that were not taken.
        rejects_file: Where their rows are, or None.
        kept_unsubscribed: Consents that did not override a later withdrawal or a suppression.
        unmatched_lines: Order lines that match no product.
    """

    kind: str
    map: str = ""
    rows: int = 0
    left_out: int = 0
    read: int = 0
    new: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    rejects_file: str | None = None
    kept_unsubscribed: int = 0
    unmatched_lines: int = 0


@dataclass(slots=True)
class Import:
    """One file that is to be imported.

    Args:
        store: Where it goes.
        kind: The name of what is imported.
        path: The file.
        map_name: A map file, or the name of a shipped map; guessed from the header when None.
        currency: Of money whose currency neither file nor map says.
        tell: Called with each sentence that the user must know.
        advance: Called with bytes read, bytes in all and rows read, after each batch.
        finish: Called with how many customers' profiles were brought up to date at the end, and
            of how many (None when that is not known).
    """

    store: Store
    kind: str
    path: Path
    map_name: str | None = None
    currency: str | None = None
    tell: Tell = lambda _: None
    advance: Advance = lambda _done, _size, _rows: None
    finish: Finish = lambda _done, _all: None
    _building: Building = field(init=False)
    _mapper: Mapper = field(init=False)
    _making: Making = field(init=False)
    _source: Source = field(init=False)
    _report: Report = field(init=False)

    def run(self, *, strict: bool = False) -> Report:
        """Import the file.

        Args:
            strict: Whether one bad row is enough to store nothing.

        Raises:
            DataError: The file cannot be read, or fits no map; or it has bad rows and `strict`.
            RecipeError: The map is wrong.
            EnvironmentMissing: What is needed to read it is not installed.
        """
        from ..store.writers import open_writer

        self._prepare()
        if self.kind == "orders":
            self._check_products()
        if strict:
            self._check()
        rejects = RejectsFile(self.path, self._source.raw_header)
        try:
            with open_writer(self.store, self.kind) as writer:
                self._pass(writer, rejects)
                writer.finish(self.finish)
        except BaseException:
            rejects.discard()
            raise
        self._close(rejects)
        if self._making.assumed and self.currency is None:
            self.tell(f"money without a currency was taken as {self._making.currency}; "
                      "--currency says another")  # fmt: skip
        return self._report

    def _prepare(self) -> None:
        kind = KINDS[self.kind]
        column_map = load_map(self.map_name) if self.map_name is not None else None
        written = column_map.file if column_map and not self.path.name.endswith(ENDING) else None
        self._source = open_source(
            self.path,
            self.kind,
            encoding=written.encoding if written else None,
            delimiter=written.delimiter if written else None,
        )
        for note in self._source.notes:
            self.tell(f"{self.path.name}: {note}")
        section, name = self._find_section(kind, column_map)
        lookups = StoreLookups(self.store)
        self._report = Report(kind=self.kind, map=name)
        self._mapper = Mapper(kind, section, self._source)
        if self._mapper.missing and self.map_name is not None:
            self.tell(f"columns of the map that the file does not have: "
                      f"{', '.join(self._mapper.missing)}")  # fmt: skip
        self._making = Making(self._mapper, lookups, self.currency or DEFAULT_CURRENCY)
        self._building = Building(self._source, self._mapper, self._making)

    def _find_section(self, kind: Kind, column_map: ColumnMap | None) -> tuple[Section, str]:
        if column_map is not None:
            section = column_map.section(kind.name)
            if section is None:
                there = [name for name in KINDS if column_map.section(name) is not None]
                raise DataError(
                    f"the map '{column_map.map}' is not for {kind.name}",
                    hint=f"it is for {', '.join(there)}",
                )
            return section, column_map.map
        guessed = guess_map(kind, self._source.header)
        if guessed is not None:
            section = guessed.section(kind.name)
            assert section is not None
            self.tell(f"the columns fit the map '{guessed.map}': {guessed.about}")
            return section, guessed.map
        return map_by_names(kind, self._source.header, self._source.nested), ""

    def _check_products(self) -> None:
        lines, unmatched = count_unmatched(self._source, self._mapper, StoreLookups(self.store))
        if not lines or unmatched / lines <= UNMATCHED_SHARE:
            return
        self.tell(
            f"{unmatched:,} of {lines:,} order lines ({unmatched / lines:.0%}) match no product; "
            "import products first, and the orders again after them"
        )

    def _check(self) -> None:
        rejects = RejectsFile(self.path, self._source.raw_header)
        try:
            self._pass(CheckingWriter(self.kind, StoreLookups(self.store)), rejects)
        except BaseException:
            rejects.discard()
            raise
        wrong = self._report.rejected
        self._close(rejects)
        if wrong:
            self._report.rejected = self._report.read
            raise DataError(
                f"{wrong:,} of {self._report.read:,} {self.kind} are wrong; nothing was stored",
                hint=f"see {self._report.rejects_file}, or leave --strict out",
                report=self._report,
            )
        self._report = Report(kind=self.kind, map=self._report.map)

    def _pass(self, writer: Any, rejects: RejectsFile) -> None:
        waiting: list[Batch] = []
        written = 0
        for batch in self._building.batches():
            waiting.append(batch)
            if self._building.rows - written >= WRITE_ROWS:
                self._write(writer, waiting, rejects)
                waiting, written = [], self._building.rows
        self._write(writer, waiting, rejects)

    def _write(self, writer: Any, batches: list[Batch], rejects: RejectsFile) -> None:
        rows = [row for batch in batches for row in batch.rows]
        counts: Counts = writer.write(rows) if rows else Counts()
        refused: dict[int, list[Reject]] = {}
        for rejection in counts.rejected:
            at, index = 0, rejection.row
            while index >= len(batches[at].rows):
                index -= len(batches[at].rows)
                at += 1
            column = self._mapper.column_of_rejected(rejection.field)
            refused.setdefault(at, []).extend(
                Reject(origin, column, rejection.reason) for origin in batches[at].origins(index)
            )
        for at, batch in enumerate(batches):
            both = [*batch.rejects, *refused.get(at, ())]
            rejects.add(sorted(both, key=lambda reject: reject.origin.line))
        report = self._report
        report.read += len(rows) + sum(batch.refused for batch in batches)
        report.rejected += len(counts.rejected) + sum(batch.refused for batch in batches)
        report.new += counts.new
        report.updated += counts.updated
        report.unchanged += counts.unchanged
        report.kept_unsubscribed += counts.kept_unsubscribed
        report.unmatched_lines += counts.unmatched_lines
        report.rows, report.left_out = self._building.rows, self._building.left_out
        self.advance(self._source.done, self._source.size, report.rows)

    def _close(self, rejects: RejectsFile) -> None:
        self._report.rows, self._report.left_out = self._building.rows, self._building.left_out
        path = rejects.close()
        self._report.rejects_file = None if path is None else str(path)
