"""Applies a map to chunks of rows: which rows are taken, and the value of every field."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from ..errors import DataError
from .cells import Cells
from .expressions import Column
from .json_reader import JsonChunk
from .kinds import Kind
from .map_model import Expression, RowTest, Section
from .numbers import read_number
from .source import Chunk, Source
from .values import read_text


class Mapper:
    """One section of a map, for one file.

    Args:
        kind: What is imported.
        section: How it comes out of the file.
        source: The file, for the columns that it has.

    Raises:
        DataError: A column of the map is not in the file, and a row needs it.
    """

    def __init__(self, kind: Kind, section: Section, source: Source) -> None:
        self.kind = kind
        self.section = section
        self.columns = self._compile(source)
        self._tests = [_compile_test(test) for test in section.where]
        self._carried: dict[str, Any] = {}
        self.missing = self._find_missing(source)

    @property
    def grouping(self) -> str:
        """How rows of one key belong together."""
        return self.section.group or self.kind.grouping

    def restart(self) -> None:
        """Forget what was filled down; the file is read from its beginning again."""
        self._carried.clear()

    def read(self, chunk: Chunk, *, only: Sequence[str] | None = None) -> Cells:
        """Apply the map to some rows; `only` names the fields that are wanted."""
        if self.section.each is not None:
            chunk = _expand(chunk, self.section.each, keep_empty=self.grouping != "none")
        filled = self._fill_down(chunk)
        cells = Cells(chunk, self._select(chunk, filled))
        if chunk.damaged:
            positions = cells.positions
            for index in range(len(cells)):
                reason = chunk.damaged.get(index if positions is None else positions[index])
                if reason is not None:
                    cells.refuse(index, "", reason)
        for name, column in self.columns.items():
            if only is not None and name not in only:
                continue
            values, bad = column.read(chunk, cells.positions, filled)
            cells.columns[name] = values
            for index, reason in bad.items():
                cells.refuse(index, column.name, reason)
        return cells

    def select(self, chunk: Chunk) -> list[int]:
        """Return which rows of a chunk the map takes."""
        positions = self._select(chunk, {})
        return list(range(len(chunk))) if positions is None else positions

    def column_of(self, field: str) -> str:
        """Return the column that gives a field, as the file names it."""
        column = self.columns.get(field)
        return column.name if column is not None else field

    def column_of_rejected(self, field: str) -> str:
        """Return the column of a field that the store refused, by the store's name of it."""
        name = field.removesuffix("_key") or field
        if name == "customer" and "customer" not in self.columns:
            name = "customer_email"
        return self.column_of(name)

    def _compile(self, source: Source) -> dict[str, Column]:
        names = {name.casefold(): name for name in source.header}

        def resolve(name: str) -> str:
            return name if name in source.header else names.get(name.casefold(), name)

        columns: dict[str, Column] = {}
        used: set[str] = {self.section.each or ""}
        for name, said in self.section.fields.items():
            changes: dict[str, Any] = {}
            if said.column is not None:
                changes["column"] = resolve(said.column)
            if said.columns is not None:
                changes["columns"] = tuple(resolve(column) for column in said.columns)
            said = said.model_copy(update=changes)
            used.update((said.column or "", *(said.columns or ())))
            field = self.kind.find(name)
            assert field is not None
            if self.grouping != "none" and name not in ("key", "sku"):
                field = replace(field, is_required=False)  # one row of the group is enough
            columns[name] = Column(field, said)
        if self.section.rest:
            for header in source.header:
                own = re.sub(r"[^\w]+", "_", header.casefold()).strip("_")
                name = f"{self.kind.rest}.{own}"
                if header not in used and own and name not in columns:
                    field = self.kind.find(name)
                    assert field is not None
                    columns[name] = Column(field, Expression(column=header), is_lenient=True)
        return columns

    def _find_missing(self, source: Source) -> list[str]:
        """Return the columns of the map that the file does not have; refuse a needed one."""
        there = set(source.header)
        missing: list[str] = []
        for name, said in self.section.fields.items():
            wanted = [said.column] if said.column else list(said.columns or ())
            absent = [
                column
                for column in wanted
                if column not in there
                and column.casefold() not in {one.casefold() for one in there}
                and column.partition(".")[0] not in there
            ]
            if not wanted or len(absent) < len(wanted):
                continue
            field = self.kind.find(name)
            if field is not None and field.is_required and said.default is None:
                raise DataError(
                    f"{source.name} has no column '{absent[0]}', which gives {name}",
                    hint=f"its columns are {', '.join(source.header[:20])}",
                )
            missing += absent
        return list(dict.fromkeys(missing))

    def _fill_down(self, chunk: Chunk) -> dict[str, list[Any]]:
        said = self.section.fill_down
        if said is None:
            return {}
        carried = self._carried
        keys = chunk.column(said.by) if said.by is not None else [None] * len(chunk)
        names = said.columns
        filled: dict[str, list[Any]] = {name: [] for name in names}
        columns = [chunk.column(name) for name in names]
        outputs = [filled[name] for name in names]
        for key, *values in zip(keys, *columns, strict=True):
            if key != carried.get(""):
                carried.clear()
                carried[""] = key
            for name, output, value in zip(names, outputs, values, strict=True):
                if value is None or value == "":
                    value = carried.get(name)
                else:
                    carried[name] = value
                output.append(value)
        return filled

    def _select(self, chunk: Chunk, filled: dict[str, list[Any]]) -> list[int] | None:
        if not self._tests:
            return None
        positions = list(range(len(chunk)))
        for column, holds in self._tests:
            values = filled[column] if column in filled else chunk.column(column)
            positions = [
                position
                for position in positions
                if position in chunk.damaged or holds(values[position])
            ]
        return positions


class _ExpandedChunk(JsonChunk):
    """The entries of a list inside JSON objects, one row each."""

    def __init__(self, chunk: JsonChunk, name: str, *, keep_empty: bool) -> None:
        rows: list[Any] = []
        lines: list[int] = []
        damaged: dict[int, str] = {}
        self._outer: list[int] = []
        for index, row in enumerate(chunk.rows):
            none: list[Any] = [None] if keep_empty or index in chunk.damaged else []
            entries: Any = none if index in chunk.damaged else row.get(name) or none
            reason = chunk.damaged.get(index)
            if not isinstance(entries, list):
                entries, reason = [None], f"'{name}' is no list"
            for entry in entries:
                if reason is not None:
                    damaged[len(rows)] = reason
                rows.append({**row, name: entry})
                lines.append(chunk.lines[index])
                self._outer.append(index)
        super().__init__(rows, lines, damaged)
        self._chunk = chunk

    def row(self, index: int) -> Sequence[Any]:
        """Return the object that the entry stands in."""
        return self._chunk.row(self._outer[index])


def _expand(chunk: Chunk, name: str, *, keep_empty: bool) -> Chunk:
    """Return a row for each entry of a list; `keep_empty` keeps an object whose list is empty."""
    if not isinstance(chunk, JsonChunk):
        raise DataError(f"`each: {name}` is for JSON", hint="other files have one row per entry")
    return _ExpandedChunk(chunk, name, keep_empty=keep_empty)


def _compile_test(test: RowTest) -> tuple[str, Callable[[Any], bool]]:
    equals = {word.casefold() for word in test.equals or ()}
    differs = {word.casefold() for word in test.differs or ()}
    pattern = re.compile(test.match) if test.match is not None else None

    def holds(value: Any) -> bool:
        try:
            text = read_text(value)
        except ValueError:
            text = "(a list)"
        if test.given is not None and (text is not None) != test.given:
            return False
        folded = (text or "").casefold()
        if (equals and folded not in equals) or folded in differs:
            return False
        if pattern is not None and not pattern.search(text or ""):
            return False
        if test.above is not None:
            try:
                number = read_number(value)
            except ValueError:
                return True
            return number is not None and number > test.above
        return True

    known: dict[Any, bool] = {}

    def holds_as_before(value: Any) -> bool:
        if not isinstance(value, str | float):
            return holds(value)
        known_answer = known.get(value)
        if known_answer is None:
            if len(known) > 20_000:
                known.clear()
            known_answer = known[value] = holds(value)
        return known_answer

    return test.column, holds_as_before
