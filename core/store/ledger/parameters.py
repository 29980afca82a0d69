"""Many rows as one parameter of a statement, so that its text, and its plan, stay the same."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import BigInteger, Integer, Select, Text, bindparam, cast, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.sql.selectable import Subquery

from ..tables.columns import Json

TYPES: dict[str, Any] = {"integer": BigInteger(), "text": Text(), "json": Json}


def list_ids(dialect: str, name: str = "ids") -> Select[tuple[int]]:
    """Return a statement that selects the ids of the parameter `name`; give it `dump_ids(...)`."""
    if dialect == "sqlite":
        each = func.json_each(bindparam(name, type_=Text)).table_valued("value")
        return select(each.c.value.cast(Integer))
    # Of an array it knows that it is short; of the elements of JSON it would expect a hundred, and
    # go through whole tables for them.
    array = cast(func.translate(bindparam(name, type_=Text), "[]", "{}"), ARRAY(BigInteger))
    return select(func.unnest(array, type_=BigInteger))


def list_rows(dialect: str, columns: Sequence[tuple[str, str]], name: str = "rows") -> Subquery:
    """Return the rows of the parameter `name` as a table; give it `dump_rows(...)`.

    Args:
        dialect: Of the database.
        columns: Name and type (`integer`, `text`, `json`) of each column.
        name: The parameter.
    """
    if dialect == "sqlite":
        each = func.json_each(bindparam(name, type_=Text)).table_valued("value")
        # A nested array or object comes out as text, which is how JSON columns are kept.
        values = [
            func.json_extract(each.c.value, f"$[{place}]", type_=TYPES[kind]).label(column)
            for place, (column, kind) in enumerate(columns)
        ]
        return select(*values).subquery(name)
    array = cast(bindparam(name, type_=Text), JSONB)
    each = func.jsonb_array_elements(array).table_valued("value", name="each_row")
    row = cast(each.c.value, JSONB)
    values = [
        (
            func.nullif(row[place], cast(literal("null"), JSONB), type_=Json)
            if kind == "json"
            else cast(row[place].astext, TYPES[kind])
        ).label(column)
        for place, (column, kind) in enumerate(columns)
    ]
    # The limit takes nothing away; it tells that there are few, as it is for ids.
    return select(*values).limit(func.jsonb_array_length(array)).subquery(name)


def dump_ids(ids: Iterable[int]) -> str:
    """Return ids as the parameter of `list_ids`."""
    return json.dumps(list(ids))


def dump_rows(rows: Iterable[Sequence[Any]]) -> str:
    """Return rows as the parameter of `list_rows`; None is a missing value."""
    return dump_json([list(row) for row in rows])


def dump_json(value: Any) -> str:
    """Return a value as JSON that both databases take.

    They take no null character, and no half of a pair of surrogates: what an answer of some server
    or model has of them becomes U+FFFD, so that it loses nobody's receipt.
    """
    text = json.dumps(value, ensure_ascii=False)
    if "\\u0000" in text or _HALF.search(text) is not None:
        return json.dumps(_clean(value), ensure_ascii=False)
    return text


_HALF = re.compile("[\ud800-\udfff]")
_UNTAKEN = re.compile("[\x00\ud800-\udfff]")


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return _UNTAKEN.sub("\N{REPLACEMENT CHARACTER}", value)
    if isinstance(value, dict):
        return {_clean(name): _clean(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(inner) for inner in value]
    return value
