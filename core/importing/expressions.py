"""Turns the expressions of a map into functions that read a whole column at once."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from datetime import UTC, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from ..address import normalise_email
from .countries import read_country
from .kinds import Field
from .map_model import Expression
from .numbers import MOST_PIECES, integer_reader, read_comma_number, read_number, read_stars
from .shop_words import CHANNELS, REASONS, STATES
from .source import Chunk
from .times import EPOCH, MILLISECOND, time_reader
from .values import (
    Reader,
    boolean_reader,
    choice_reader,
    list_reader,
    read_condition_text,
    read_currency,
    read_json,
    read_key,
    read_language,
    read_scalar,
    read_text,
    read_url,
    read_zone,
)

REMEMBERED_VALUES = 20_000
"""Distinct values after which a column is taken for one that does not repeat itself."""

_PARAGRAPH = re.compile(r"<(?:/p|/div|br ?/?|/li|/h\d)\b[^>]*>\s*", re.IGNORECASE)
_TAG = re.compile(r"<(?:script|style)\b.*?</(?:script|style)\s*>|<!--.*?-->|<[^>]*>", re.I | re.S)
_EVENT = re.compile(r"[a-z][a-z0-9_]{0,39}")


class Column:
    """One field of a map, ready to read.

    Args:
        field: What is read.
        said: Where it comes from and how it is written.
        is_lenient: Whether what cannot be read is left out instead of being bad.

    Attributes:
        name: What a rejects file calls it: the column, or the field when there are several.
        constant: The value of every row, or None.
    """

    def __init__(self, field: Field, said: Expression, *, is_lenient: bool = False) -> None:
        self.name = said.column or (said.columns[0] if said.columns else field.name)
        self.is_required = field.is_required
        self._said = said
        read = _compile(field, said)
        self._read = _forgive(read) if is_lenient else read
        self._remembered = _Remembered(self._read)
        self._repeats = True
        self.constant = None if said.value is None else self._read(said.value)
        self.default = None if said.default is None else self._read(said.default)

    def read(
        self, chunk: Chunk, positions: list[int] | None, filled: dict[str, list[Any]]
    ) -> tuple[list[Any], dict[int, str]]:
        """Return the values of the rows, and by index what is wrong with those that are bad."""
        count = len(chunk) if positions is None else len(positions)
        if self._said.value is not None:
            return [self.constant] * count, {}
        raw = self._fetch(chunk, positions, filled)
        bad: dict[int, str] = {}
        read = self._read
        try:
            if self._repeats and len(set(map(type, raw)) - {type(None)}) == 1:
                values = self._read_remembered(raw)
            else:
                values = [read(value) for value in raw]
        except ValueError:
            values = []
            for index, value in enumerate(raw):
                try:
                    values.append(read(value))
                except ValueError as error:
                    values.append(None)
                    bad[index] = str(error)
        if self.default is not None:
            values = [self.default if value is None else value for value in values]
        if self.is_required and None in values:
            for index, value in enumerate(values):
                if value is None:
                    bad.setdefault(index, "is missing")
        return values, bad

    def _read_remembered(self, raw: Sequence[Any]) -> list[Any]:
        """Read values of one type, most of which were read before."""
        try:
            values = list(map(self._remembered.__getitem__, raw))
        except TypeError:  # lists and mappings
            self._repeats = False
            return [self._read(value) for value in raw]
        if len(self._remembered) >= REMEMBERED_VALUES:
            self._repeats = False
            self._remembered.clear()
        return values

    def _fetch(
        self, chunk: Chunk, positions: list[int] | None, filled: dict[str, list[Any]]
    ) -> Sequence[Any]:
        def one(name: str) -> Sequence[Any]:
            values = filled[name] if name in filled else chunk.column(name)
            return values if positions is None else [values[position] for position in positions]

        if self._said.column is not None:
            return one(self._said.column)
        several = [one(name) for name in self._said.columns or ()]
        join = self._said.join
        if join is not None:
            return [join.join(filter(None, map(_read_loosely, row))) for row in zip(*several)]  # noqa: B905
        return [
            next((value for value in row if _read_loosely(value) is not None), None)
            for row in zip(*several, strict=True)
        ]


class _Remembered(dict[Any, Any]):
    """Readings by value; they are given up when a column does not repeat itself."""

    def __init__(self, read: Reader) -> None:
        self._read = read

    def __missing__(self, value: Any) -> Any:
        reading = self[value] = self._read(value)
        return reading


def _read_loosely(value: Any) -> str | None:
    try:
        return read_text(value)
    except ValueError:
        return None


def _forgive(read: Reader) -> Reader:
    def read_leniently(value: Any) -> Any:
        try:
            return read(value)
        except ValueError:
            return None

    return read_leniently


def read_event_type(value: Any) -> str | None:
    """Return an event's type as one word: `Placed Order` becomes `placed_order`."""
    text = read_text(value)
    if text is None:
        return None
    word = re.sub(r"[\s-]+", "_", text.lower())
    if not _EVENT.fullmatch(word):
        raise ValueError("is no word such as view, cart or purchase")
    return word


def read_email(value: Any) -> str | None:
    """Return a normalised e-mail address."""
    if type(value) is str and value:
        return normalise_email(value) if not value.isspace() else None
    text = read_text(value)
    return None if text is None else normalise_email(text)


def _find_reader(kind: str, said: Expression) -> Reader:
    read_decimal: Reader = read_comma_number if said.decimal == "," else read_number
    if said.divide is not None:
        read_decimal = _divide(read_decimal, said.divide)
    zone: tzinfo = UTC if said.zone is None else ZoneInfo(said.zone)
    formats = [said.format] if isinstance(said.format, str) else list(said.format or ())
    readers: dict[str, Callable[[], Reader]] = {
        "text": lambda: read_text,
        "phone": lambda: read_text,
        "key": lambda: read_key,
        "email": lambda: read_email,
        "language": lambda: read_language,
        "condition": lambda: read_condition_text,
        "country": lambda: read_country,
        "zone": lambda: read_zone,
        "boolean": lambda: boolean_reader(said.true or (), said.false or ()),
        "time": lambda: time_reader(formats, zone),
        "number": lambda: read_decimal,
        "money": lambda: read_decimal,
        # Ours are pieces; a number of the shop's own may be as long as it likes.
        "integer": lambda: integer_reader(read_decimal, None if said.kind else MOST_PIECES),
        "stars": lambda: read_stars,
        "currency": lambda: read_currency,
        "list": lambda: list_reader(said.split or ","),
        "path": lambda: list_reader(said.split or ">"),
        "url": lambda: read_url,
        "event": lambda: read_event_type,
        "state": lambda: choice_reader(STATES, "state of an order"),
        "channel": lambda: choice_reader(CHANNELS, "channel"),
        "reason": lambda: choice_reader(REASONS, "reason of a suppression"),
        "scalar": lambda: read_scalar,
        "json": lambda: read_json,
    }
    return readers[kind]()


def _compile(field: Field, said: Expression) -> Reader:
    read = _find_reader(said.kind or field.type, said)
    if said.kind in ("number", "time"):
        read = _make_scalar(read, said.kind)
    steps: list[Callable[[str], str | None]] = []
    if said.plain:
        steps.append(make_plain)
    if said.match is not None:
        steps.append(_matcher(said.match))
    if said.part is not None:
        assert said.split is not None
        steps.append(_piece(said.split, said.part - 1))
    if said.words is not None:
        steps.append(_translator(said.words, said.otherwise))
    if not steps:
        return read

    def read_in_steps(value: Any) -> Any:
        text = read_text(value)
        for step in steps:
            if text is None:
                return None
            text = step(text)
        return read(text)

    return read_in_steps


def _make_scalar(read: Reader, kind: str) -> Reader:
    """Return a reader of what JSON can hold: a number, or a moment as ISO 8601."""

    def read_as_json(value: Any) -> Any:
        found = read(value)
        if found is None:
            return None
        if kind == "time":
            return (EPOCH + found * MILLISECOND).isoformat()
        return int(found) if found == found.to_integral_value() else float(found)

    return read_as_json


def make_plain(text: str) -> str:
    """Return HTML as plain text, a line for each paragraph."""
    if "<" not in text and "&" not in text:
        return text
    bare = html.unescape(_TAG.sub("", _PARAGRAPH.sub("\n", text)))
    lines = (" ".join(line.split()) for line in bare.splitlines())
    return "\n".join(line for line in lines if line)


def _matcher(pattern: str) -> Callable[[str], str | None]:
    search = re.compile(pattern).search

    def match(text: str) -> str | None:
        found = search(text)
        if found is None:
            return None
        return found[1] if found.re.groups else found[0]

    return match


def _piece(separator: str, index: int) -> Callable[[str], str | None]:
    def cut(text: str) -> str | None:
        pieces = text.split(separator)
        return pieces[index].strip() or None if index < len(pieces) else None

    return cut


def _translator(words: dict[str, str], otherwise: str | None) -> Callable[[str], str | None]:
    known = {word.casefold(): meaning for word, meaning in words.items()}

    def translate(text: str) -> str | None:
        return known.get(text.casefold(), text if otherwise is None else otherwise) or None

    return translate


def _divide(read: Reader, divisor: int) -> Reader:
    def read_divided(value: Any) -> Any:
        number = read(value)
        return None if number is None else number / divisor

    return read_divided
