"""Reads JSON Lines, and JSON files that hold one array, as a stream."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from ..errors import DataError
from .encoding import SURROGATE, detect_encoding, open_bytes
from .source import CHUNK_ROWS, Nested

READ_CHARACTERS = 1 << 18
MAX_ELEMENT_CHARACTERS = 16 * 1024 * 1024
HEADER_ROWS = 1_000
RAW_COLUMN = "row"
"""The column of a rejects file that holds a JSON row."""

_SPACE = re.compile(r"[\s,]*")
_WRAPPED = re.compile(r'\s*\{\s*"(?:[^"\\]|\\.)*"\s*:\s*\[')


class JsonChunk:
    """Some JSON objects; a column `a.b` looks into nested ones."""

    def __init__(self, rows: list[Any], lines: list[int], damaged: dict[int, str]) -> None:
        self.lines: Sequence[int] = lines
        self.damaged = damaged
        self.rows = rows

    def __len__(self) -> int:
        return len(self.rows)

    def column(self, name: str) -> Sequence[Any]:
        """Return the values of one key, or of a dotted path of keys."""
        if "." not in name:
            return [row.get(name) for row in self.rows]
        parts = name.split(".")
        return [row[name] if name in row else _follow(row, parts) for row in self.rows]

    def row(self, index: int) -> Sequence[Any]:
        """Return the whole object as JSON, in one field."""
        return (json.dumps(self.rows[index], ensure_ascii=False),)


class JsonSource:
    """A file of JSON Lines, of one array, or of one object whose first value is an array.

    Args:
        path: The file, plain or gzip.
        encoding: What the map says of it; found out when None.

    Raises:
        DataError: It is empty.
    """

    raw_header = (RAW_COLUMN,)

    def __init__(self, path: Path, *, encoding: str | None = None) -> None:
        self.path = path
        self.name = path.name
        self.size = path.stat().st_size
        self.done = 0
        self.encoding = detect_encoding(path, declared=encoding)
        self.notes = [self.encoding.note] if self.encoding.note else []
        self._is_array = self._find_form()
        self.header, self.nested = self._find_header()

    def chunks(self) -> Iterator[JsonChunk]:
        """Yield the objects."""
        rows: list[Any] = []
        lines: list[int] = []
        damaged: dict[int, str] = {}
        for line, value in self._elements() if self._is_array else self._lines():
            if not isinstance(value, dict):
                damaged[len(rows)] = (
                    str(value) if isinstance(value, _Damage) else "is not a JSON object"
                )
                value = {RAW_COLUMN: str(value)} if not isinstance(value, _Damage) else value.raw
            rows.append(value)
            lines.append(line)
            if len(rows) >= CHUNK_ROWS:
                yield JsonChunk(rows, lines, damaged)
                rows, lines, damaged = [], [], {}
        if rows:
            yield JsonChunk(rows, lines, damaged)

    def _open(self) -> IO[str]:
        errors = "surrogateescape" if self.encoding.damaged else "strict"
        return io.TextIOWrapper(open_bytes(self.path), self.encoding.name, errors)

    def _find_form(self) -> bool:
        """Whether the file is one array, bare or as the first value of one object."""
        with self._open() as text:
            head = text.read(4096).lstrip()
            if head.startswith("[") or not _WRAPPED.match(head):
                return head.startswith("[")
            rest = head.partition("\n")[2] if "\n" in head else ""
            if "\n" not in head:
                text.readline(MAX_ELEMENT_CHARACTERS)
                rest = text.read(4096)
        return not rest.strip() or not _is_object(head.partition("\n")[0])

    def _find_header(self) -> tuple[tuple[str, ...], Nested]:
        for chunk in self.chunks():
            return find_names(chunk.rows[:HEADER_ROWS])
        raise DataError(f"{self.name} holds no JSON object")

    def _lines(self) -> Iterator[tuple[int, Any]]:
        loads = json.loads
        with self._open() as text:
            self.done = 0
            for number, line in enumerate(text, start=1):
                self.done += len(line)
                if not line.strip():
                    continue
                if self.encoding.damaged and SURROGATE.search(line):
                    broken = SURROGATE.sub("\ufffd", line)
                    yield number, _Damage("has bytes that are not UTF-8", broken)
                    continue
                try:
                    yield number, loads(line)
                except (ValueError, RecursionError) as error:
                    yield number, _Damage(f"is not JSON: {error}", line)

    def _elements(self) -> Iterator[tuple[int, Any]]:
        decode = json.JSONDecoder().raw_decode
        with self._open() as text:
            buffer, at, line = text.read(READ_CHARACTERS), 0, 1
            self.done = len(buffer)
            start = buffer.index("[") + 1
            line += buffer.count("\n", 0, start)
            at, wanted = start, READ_CHARACTERS
            while True:
                gap = _SPACE.match(buffer, at)
                assert gap is not None
                line += buffer.count("\n", at, gap.end())
                at = gap.end()
                if buffer[at : at + 1] == "]":
                    return
                try:
                    value, end = decode(buffer, at)
                    complete = end < len(buffer)
                except ValueError as error:
                    value, end, complete, problem = None, at, False, str(error)
                else:
                    problem = ""
                if complete:
                    yield line, value
                    line += buffer.count("\n", at, end)
                    at = end
                    continue
                more = text.read(wanted)
                if not more or len(buffer) - at > MAX_ELEMENT_CHARACTERS:
                    raise DataError(
                        f"{self.name}: the array is broken at line {line}: "
                        f"{problem or 'it is not closed'}"
                    )
                self.done += len(more)
                buffer, at = buffer[at:] + more, 0
                wanted = max(READ_CHARACTERS, len(buffer))


class _Damage:
    """A line that is not JSON, as it was."""

    def __init__(self, reason: str, line: str) -> None:
        self.reason = reason
        self.raw = {RAW_COLUMN: line.rstrip("\n")}

    def __str__(self) -> str:
        return self.reason


def find_names(rows: Sequence[Any]) -> tuple[tuple[str, ...], Nested]:
    """Return the names that objects have, and which of them hold lists or mappings."""
    kinds: dict[str, set[type]] = {}
    inner: dict[str, dict[str, None]] = {}
    for row in rows:
        for name, value in row.items():
            kinds.setdefault(name, set())
            if value is None:
                continue
            kinds[name].add(type(value))
            if type(value) is dict:
                inner.setdefault(name, {}).update(dict.fromkeys(value))
    nested = {
        name: tuple(inner.get(name, ())) if found == {dict} else ()
        for name, found in kinds.items()
        if found & {list, dict}
    }
    return tuple(kinds), nested


def _is_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False


def _follow(value: Any, parts: list[str]) -> Any:
    for part in parts:
        if isinstance(value, dict):
            value = value.get(part)
        elif isinstance(value, list) and part.isdigit() and int(part) < len(value):
            value = value[int(part)]
        else:
            return None
    return value
