"""Reads what customers did with products as columns, without an object for each event.

The database joins the numbers of a page to one value per column, which NumPy parses: SQLite to
text with commas, PostgreSQL to their bytes, the highest first.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Table

from ..errors import DataError
from ..interactions import Interactions, Ratings, make_interactions, make_ratings
from .bulk import match_any, open_cursor, select_rows
from .engine import Store
from .tables import customers, events, reviews

if TYPE_CHECKING:
    from numpy.typing import NDArray

PAGE_ROWS = 50_000
"""Ids of one page; less than a megabyte for each column."""

PEOPLE_AT_ONCE = 5_000
"""Customers of one page, when only some are asked for."""

MOST_TYPES = 256
"""As many as one byte can tell apart."""

_LONG = 4
"""So many columns, the row's id first, hold numbers of any length."""

_INTERACTED = ("customer_id", "product_id", "at", "quantity")
_RATED = ("customer_id", "product_id", "at", "stars")


def read_interactions(
    store: Store,
    *,
    types: Collection[str] | None = None,
    until: int | None = None,
    customer_ids: Collection[int] | None = None,
) -> Interactions:
    """Read the events that have a customer, who was not erased, and a product.

    Args:
        store: An open store.
        types: Only these types of event; all when None.
        until: Only what happened before this moment, in UTC milliseconds.
        customer_ids: Only of these customers; of all when None.

    Raises:
        DataError: All were asked for, and there are more than 256 types.
    """
    with store.read() as connection:
        names = sorted(set(types)) if types is not None else _find_types(connection, until)
        if len(names) > MOST_TYPES:
            raise DataError(
                f"there are {len(names)} types of event, more than {MOST_TYPES}",
                hint="name those that are wanted: interactions(types=[...])",
            )
        condition, parameters = _write_condition(connection, until)
        kind, named = _number_types(connection, names)
        if names:
            marks = ", ".join(_mark(connection) for _ in names)
            condition, parameters = f"{condition} AND type IN ({marks})", [*parameters, *names]
        else:
            condition = f"{condition} AND 1 = 0"
        columns = _read_columns(
            connection,
            events,
            (*_INTERACTED, kind),
            (condition, [*named], parameters),
            customer_ids,
        )
    who, what, at, quantities, kinds = columns
    return make_interactions(who, what, at, kinds, quantities, names)


def read_ratings(
    store: Store, *, until: int | None = None, customer_ids: Collection[int] | None = None
) -> Ratings:
    """Read the reviews that have a customer who was not erased.

    Args:
        store: An open store.
        until: Only what was written before this moment, in UTC milliseconds.
        customer_ids: Only of these customers; of all when None.
    """
    with store.read() as connection:
        condition, parameters = _write_condition(connection, until)
        where = (condition, list[Any](), parameters)
        columns = _read_columns(connection, reviews, _RATED, where, customer_ids)
    return make_ratings(*columns)


def _find_types(connection: Connection, until: int | None) -> list[str]:
    condition, parameters = _write_condition(connection, until)
    cursor = open_cursor(connection)
    source = f"events{_in_file_order(connection)}"
    cursor.execute(f"SELECT DISTINCT type FROM {source} WHERE {condition}", parameters)
    return sorted(row[0] for row in cursor.fetchall())


def _write_condition(connection: Connection, until: int | None) -> tuple[str, list[Any]]:
    condition = "customer_id IS NOT NULL AND product_id IS NOT NULL"
    if until is None:
        return condition, []
    return f"{condition} AND at < {_mark(connection)}", [until]


def _number_types(connection: Connection, names: Sequence[str]) -> tuple[str, list[str]]:
    """Return an expression for the place of an event's type among some, and its parameters."""
    if not names:
        return "0", []
    mark = _mark(connection)
    cases = " ".join(f"WHEN {mark} THEN {number}" for number in range(len(names)))
    return f"CASE type {cases} END", [*names]


def _mark(connection: Connection) -> str:
    return "?" if connection.dialect.name == "sqlite" else "%s"


def _read_columns(
    connection: Connection,
    table: Table,
    columns: Sequence[str],
    where: tuple[str, list[Any], list[Any]],
    customer_ids: Collection[int] | None,
) -> list[NDArray[Any]]:
    """Return columns of whole numbers, in the order of `at`, then of the row's id.

    Args:
        connection: Within a transaction that reads.
        table: Where from.
        columns: Expressions; `at` is the third.
        where: A condition; the parameters of the columns, and those of the condition.
        customer_ids: Only of these customers; of all when None.
    """
    import numpy as np

    wanted = ("id", *columns)
    pages: list[list[NDArray[Any]]] = [[np.empty(0, np.int64)] for _ in wanted]
    for page in _read_pages(connection, table.name, wanted, where, customer_ids):
        for number, column in enumerate(page):
            # Quantities, kinds and stars are small: half of the memory, as long as pages wait.
            pages[number].append(column if number < _LONG else column.astype(np.int32))
    erased = _find_erased(connection, customer_ids)
    joined: list[NDArray[Any]] = []
    for some in pages:
        kind = some[-1].dtype
        joined.append(np.concatenate([part.astype(kind, copy=False) for part in some]))
        some.clear()
    ids, at = joined[0], joined[3]
    if len(erased):
        kept = ~np.isin(joined[1], erased)
        if not kept.all():
            joined = [column[kept] for column in joined]
            ids, at = joined[0], joined[3]
    is_sorted = bool(np.all((at[1:] > at[:-1]) | ((at[1:] == at[:-1]) & (ids[1:] > ids[:-1]))))
    if not is_sorted:
        order = np.lexsort((ids, at))
        for number, column in enumerate(joined):  # one by one, as each is long
            joined[number] = column[order]
    return joined[1:]


def _find_erased(connection: Connection, customer_ids: Collection[int] | None) -> list[int]:
    is_erased = "erased_at IS NOT NULL"
    if customer_ids is None:
        cursor = open_cursor(connection)
        cursor.execute(f"SELECT id FROM {customers.name} WHERE {is_erased}")
        return [row[0] for row in cursor.fetchall()]
    return [
        row[0]
        for some in _cut(customer_ids)
        for row in select_rows(connection, customers, ("id",), "id", some, where=is_erased)
    ]


def _read_pages(
    connection: Connection,
    table: str,
    columns: Sequence[str],
    where: tuple[str, list[Any], list[Any]],
    customer_ids: Collection[int] | None,
) -> Iterator[list[NDArray[Any]]]:
    """Yield pages of whole numbers, an array for each column; within a page in any order."""
    condition, of_columns, of_condition = where
    is_sqlite = connection.dialect.name == "sqlite"
    lists = ", ".join(
        f"group_concat({column})"
        if is_sqlite
        else f"string_agg(int8send(CAST({column} AS bigint)), '')"
        for column in columns
    )
    source, cursor = f'"{table}"', open_cursor(connection)
    pages: Iterator[tuple[str, list[Any]]]
    if customer_ids is None:
        source += _in_file_order(connection)
        cursor.execute(f'SELECT coalesce(max(id), 0) FROM "{table}"')
        starts = range(0, cursor.fetchone()[0], PAGE_ROWS)
        marks = "id > ? AND id <= ?" if is_sqlite else "id > %s AND id <= %s"
        pages = ((marks, [start, start + PAGE_ROWS]) for start in starts)
    else:
        pages = (
            (condition, list(parameters))
            for condition, parameters in (
                match_any(connection, "customer_id", some) for some in _cut(customer_ids)
            )
        )
    how: dict[str, Any] = {} if is_sqlite else {"binary": True}
    for part, of_part in pages:
        cursor.execute(
            f"SELECT {lists} FROM {source} WHERE {part} AND {condition}",
            [*of_columns, *of_part, *of_condition],
            **how,
        )
        row = cursor.fetchone()
        if row[0] is not None:
            yield _parse(row)


def _in_file_order(connection: Connection) -> str:
    """Return what keeps SQLite from walking along an index, and reading a row here and there."""
    return " NOT INDEXED" if connection.dialect.name == "sqlite" else ""


def _parse(texts: Sequence[Any]) -> list[NDArray[Any]]:
    import numpy as np

    if isinstance(texts[0], str):
        return [np.fromstring(text, dtype=np.int64, sep=",") for text in texts]
    return [np.frombuffer(text, dtype=">i8").astype(np.int64) for text in texts]


def _cut(customer_ids: Collection[int]) -> Iterator[list[int]]:
    wanted = sorted(set(customer_ids))
    for start in range(0, len(wanted), PEOPLE_AT_ONCE):
        yield wanted[start : start + PEOPLE_AT_ONCE]
