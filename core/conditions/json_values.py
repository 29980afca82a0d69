"""Values inside a JSON column, each read as one type; of another type they are missing.

The same on SQLite and PostgreSQL, where reading a text as a number would otherwise be a wrong
answer on the one and an error on the other.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Boolean, ColumnElement, Float, Text, literal
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class _JsonValue(FunctionElement[Any]):
    inherit_cache = True

    def __init__(self, column: ColumnElement[Any], key: str) -> None:
        super().__init__(column, literal(key, Text()), literal(f'$."{key}"', Text()))


class JsonText(_JsonValue):
    """The text under a key."""

    inherit_cache = True
    type = Text()


class JsonNumber(_JsonValue):
    """The number under a key."""

    inherit_cache = True
    type = Float()


class JsonTruth(_JsonValue):
    """True or false under a key."""

    inherit_cache = True
    type = Boolean()


class JsonKind(_JsonValue):
    """The type of what is under a key; null when there is nothing, or null."""

    inherit_cache = True
    type = Text()


class JsonHolds(FunctionElement[bool]):
    """Whether a JSON column that is a list of texts holds one of them."""

    inherit_cache = True
    type = Boolean()

    def __init__(self, column: ColumnElement[Any], value: str) -> None:
        super().__init__(column, literal("", Text()), literal("$"), literal(value, Text()))


class JsonHoldsUnder(FunctionElement[bool]):
    """Whether what is under a key of a JSON column is a list that holds a text."""

    inherit_cache = True
    type = Boolean()

    def __init__(self, column: ColumnElement[Any], key: str, value: str) -> None:
        path = literal(f'$."{key}"', Text())
        super().__init__(column, literal(key, Text()), path, literal(value, Text()))


_SQLITE = {
    JsonText: "CASE WHEN json_type({c}, {p}) = 'text' THEN json_extract({c}, {p}) END",
    JsonNumber: (
        "CASE WHEN json_type({c}, {p}) IN ('integer', 'real') THEN json_extract({c}, {p}) END"
    ),
    JsonTruth: "CASE json_type({c}, {p}) WHEN 'true' THEN 1 WHEN 'false' THEN 0 END",
    JsonKind: "nullif(json_type({c}, {p}), 'null')",
}
_POSTGRESQL = {
    JsonText: (
        "CASE WHEN jsonb_typeof({c} -> {k}) = 'string' THEN ({c} ->> {k}) COLLATE \"C\" END"
    ),
    JsonNumber: (
        "CASE WHEN jsonb_typeof({c} -> {k}) = 'number' THEN CAST({c} ->> {k} AS numeric) END"
    ),
    JsonTruth: (
        "CASE WHEN jsonb_typeof({c} -> {k}) = 'boolean' THEN CAST({c} -> {k} AS boolean) END"
    ),
    JsonKind: "nullif(jsonb_typeof({c} -> {k}), 'null')",
}


@compiles(_JsonValue, "sqlite")
def _write_for_sqlite(element: _JsonValue, compiler: Any, **options: Any) -> str:
    column, _, path = element.clauses
    form = _SQLITE[type(element)]
    written = form.format(c=compiler.process(column, **options), p=compiler.process(path))
    return f"({written})"


@compiles(_JsonValue, "postgresql")
def _write_for_postgresql(element: _JsonValue, compiler: Any, **options: Any) -> str:
    column, key, _ = element.clauses
    form = _POSTGRESQL[type(element)]
    written = form.format(c=compiler.process(column, **options), k=compiler.process(key))
    return f"({written})"


@compiles(JsonHolds, "sqlite")
@compiles(JsonHoldsUnder, "sqlite")
def _hold_on_sqlite(element: FunctionElement[bool], compiler: Any, **options: Any) -> str:
    column, _, path, value = (compiler.process(part, **options) for part in element.clauses)
    return (
        f"(json_type({column}, {path}) = 'array' AND EXISTS (SELECT 1 FROM "
        f"json_each({column}, {path}) AS held WHERE held.type = 'text' AND held.value = {value}))"
    )


@compiles(JsonHolds, "postgresql")
@compiles(JsonHoldsUnder, "postgresql")
def _hold_on_postgresql(element: FunctionElement[bool], compiler: Any, **options: Any) -> str:
    column, key, _, value = element.clauses
    written = compiler.process(column, **options)
    if isinstance(element, JsonHoldsUnder):
        written = f"({written} -> {compiler.process(key, **options)})"
    text = compiler.process(value, **options)
    return f"coalesce({written} @> jsonb_build_array({text}), false)"
